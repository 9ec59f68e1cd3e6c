"""One row of the list, as it is shown."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from inquiries import business_hours, phone_numbers
from inquiries.contact_plans import Plan
from inquiries.crypto import blind_index
from inquiries.crypto.keyring import SealError
from inquiries.desk import display
from inquiries.desk.people import short_name
from inquiries.models import IndexToken, Inquiry, InquiryPair, WeeklyHours
from inquiries.models.querysets import end_of_day

MOST_ALIKE = 500  # rows of the index read for one page


@dataclass
class Row:
    """An inquiry in the words of the list. Values that do not open spoil their own cell only."""

    inquiry: Inquiry
    now: object
    same: str = ""  # what another inquiry has in common with this one
    decide_by: datetime | None = None  # of what is set aside

    @cached_property
    def name(self) -> str:
        return display.readable(lambda: self.inquiry.latest("name"))

    @cached_property
    def plan(self) -> Plan:
        return Plan.of(self.inquiry)

    @property
    def language(self) -> str:
        return str(display.LANGUAGE_NAMES.get(self.plan.language, "–"))

    @property
    def is_good_to_call(self) -> bool:
        return self.plan.is_good_to_call(self.now)

    @property
    def way(self):
        return display.WAYS.get(self.inquiry.way, self.inquiry.way)

    @property
    def topics(self) -> str:
        codes = display.readable(lambda: self.inquiry.latest("topics")).split()
        if any(code not in display.TOPICS for code in codes):
            return str(display.CANNOT_BE_READ)
        first, *rest = [str(display.TOPICS[code]) for code in codes] or [""]
        return ", ".join([first, *(words.lower() for words in rest)])

    @property
    def stage(self):
        return display.STAGES[self.inquiry.stage]

    @property
    def waiting(self) -> str:
        return display.length(self.now - self.inquiry.received_at)

    @property
    def next_action(self) -> str:
        return _("Is it a person?") if self.is_undecided else display.next_action(self.inquiry)

    @property
    def is_undecided(self) -> bool:
        return self.inquiry.due_at is None and self.decide_by is not None

    @property
    def due_at(self) -> datetime | None:
        """When the next action is due, or the decision whether a person sent what is set aside."""
        return self.inquiry.due_at or self.decide_by

    @property
    def owner(self) -> str:
        return short_name(self.inquiry.owner) if self.inquiry.owner else ""

    @property
    def urgency(self) -> str:
        """``over`` when late, ``today`` when due later today, else nothing."""
        due = self.due_at
        if due is None:
            return ""
        return "over" if due <= self.now else "today" if due < end_of_day(self.now) else ""

    @property
    def late(self) -> str:
        return display.length(self.now - self.due_at)

    @property
    def due(self) -> str:
        return display.day_and_time(self.due_at, self.now)

    @property
    def flags(self) -> list[tuple[str, object]]:
        """Return (icon, words) of what stands out."""
        inquiry = self.inquiry
        waits_to_be_read = not inquiry.opened_at or inquiry.sender_wrote_at
        found = [
            ("triangle-alert", _("Read first"), waits_to_be_read and inquiry.is_read_first),
            ("message-circle-plus", _("New words"), inquiry.sender_wrote_at),
            ("copy", self.same, self.same),
            ("bot", _("Robot?"), inquiry.screening_reasons),
            ("hourglass", _("Held"), inquiry.held_at),
        ]
        return [(icon, words) for icon, words, is_there in found if is_there]


def rows_for(inquiries: list[Inquiry], now) -> list[Row]:
    """Return the rows of one page, with two queries for what other inquiries have in common with them."""
    keys = {inquiry.pk: _tokens(inquiry) for inquiry in inquiries}
    wanted = {token for tokens in keys.values() for token in tokens}
    holders: dict[bytes, set[int]] = {}
    if wanted:
        for token, pk in IndexToken.objects.filter(token__in=wanted).values_list("token", "inquiry")[:MOST_ALIKE]:
            holders.setdefault(bytes(token), set()).add(pk)
    said, decide_by = _said_about(list(keys)), _decide_by(inquiries)
    return [
        Row(inquiry, now, _same(inquiry.pk, keys[inquiry.pk], holders, said), decide_by.get(inquiry.pk))
        for inquiry in inquiries
    ]


def _decide_by(inquiries: list[Inquiry]) -> dict[int, datetime]:
    """Return by when to look at each of those that are set aside, with two queries if any is."""
    aside = {one.pk: one.set_aside_at for one in inquiries if one.set_aside_at and not one.closed_at}
    if not aside:
        return {}
    calendar = WeeklyHours.objects.calendar(min(aside.values()))
    return {pk: business_hours.decision_due(at, calendar) for pk, at in aside.items()}


def _tokens(inquiry: Inquiry) -> dict[bytes, object]:
    try:
        phone, email = inquiry.latest("phone"), inquiry.latest("email")
    except SealError:
        return {}
    tokens = {}
    if phone:
        tokens[blind_index.token("phone", phone_numbers.to_e164(phone) or phone)] = _("Same phone")
    if email:
        tokens[blind_index.token("email", email.casefold())] = _("Same email")
    return tokens


def _said_about(ids: list[int]) -> set[frozenset[int]]:
    pairs = InquiryPair.objects.filter(first__in=ids) | InquiryPair.objects.filter(second__in=ids)
    return {frozenset(pair) for pair in pairs.values_list("first", "second")}


def _same(pk: int, tokens, holders, said):
    for token, words in tokens.items():
        if any(other != pk and frozenset((pk, other)) not in said for other in holders.get(token, ())):
            return words
    return ""

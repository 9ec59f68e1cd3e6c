from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from inquiries import business_hours
from inquiries.contact_plans import Plan
from inquiries.crypto import blind_index
from inquiries.desk import display
from inquiries.desk.people import short_name
from inquiries.models import IndexToken, Inquiry, InquiryPair, WeeklyHours
from inquiries.models.work_lists import end_of_day

MOST_ALIKE = 500  # rows of the index read for one page
SAME = {"phone": _("Same phone"), "email": _("Same email")}  # a phone weighs more


@dataclass
class Row:
    inquiry: Inquiry
    now: object
    same: str = ""  # what another inquiry has in common with this one
    decide_by: datetime | None = None  # of what is set aside

    def __post_init__(self):
        self.way = display.WAYS.get(self.inquiry.way, self.inquiry.way)
        self.stage = display.STAGES[self.inquiry.stage]
        self.waiting = display.length(self.now - self.inquiry.received_at)
        self.owner = short_name(self.inquiry.owner) if self.inquiry.owner else ""
        self.due_at = self.inquiry.due_at or self.decide_by

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
    def topics(self) -> str:
        codes = display.readable(lambda: self.inquiry.latest("topics")).split()
        if any(code not in display.TOPICS for code in codes):
            return str(display.CANNOT_BE_READ)
        first, *rest = [str(display.TOPICS[code]) for code in codes] or [""]
        return ", ".join([first, *(words.lower() for words in rest)])

    @property
    def next_action(self) -> str:
        return _("Is it a person?") if self.is_undecided else display.next_action(self.inquiry)

    @property
    def is_undecided(self) -> bool:
        return self.inquiry.due_at is None and self.decide_by is not None

    @property
    def urgency(self) -> str:
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
        inquiry = self.inquiry
        found = [
            ("message-circle-plus", _("New words"), inquiry.sender_wrote_at),
            ("copy", self.same, self.same),
            ("bot", _("Robot?"), inquiry.screening_reasons),
            ("hourglass", _("Held"), inquiry.held_at),
        ]
        return [(icon, words) for icon, words, is_there in found if is_there]


def rows_for(inquiries: list[Inquiry], now) -> list[Row]:
    """With two queries for what other inquiries have in common with these."""
    keys = {
        inquiry.pk: {blind_index.token(*term): SAME[term[0]] for term in sorted(inquiry.reach_terms(), reverse=True)}
        for inquiry in inquiries
    }
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
    aside = {one.pk: one.set_aside_at for one in inquiries if one.is_undecided}
    if not aside:
        return {}
    calendar = WeeklyHours.objects.calendar(min(aside.values()))
    return {pk: business_hours.decision_due(at, calendar) for pk, at in aside.items()}


def _said_about(ids: list[int]) -> set[frozenset[int]]:
    pairs = InquiryPair.objects.filter(first__in=ids) | InquiryPair.objects.filter(second__in=ids)
    return {frozenset(pair) for pair in pairs.values_list("first", "second")}


def _same(pk: int, tokens, holders, said):
    for token, words in tokens.items():
        if any(other != pk and frozenset((pk, other)) not in said for other in holders.get(token, ())):
            return words
    return ""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from inquiries import business_hours
from inquiries.contact_plans import Plan
from inquiries.desk import display
from inquiries.desk.people import owner_name, short_name
from inquiries.models import Inquiry, InquiryPair, WeeklyHours
from inquiries.models.joined_plans import Shared, bans_on
from inquiries.models.work_lists import end_of_day

SAME = {"phone": _("Same phone"), "email": _("Same email")}  # a phone weighs more


@dataclass
class Row:
    inquiry: Inquiry
    now: object
    same: str = ""  # what another inquiry has in common with this one
    decide_by: datetime | None = None  # of what is set aside
    safe_way: str = ""  # what others that share the phone or address leave of its own; empty: not looked up yet
    calendar: business_hours.Calendar = business_hours.DEFAULT

    def __post_init__(self):
        self.way = display.WAYS.get(self.inquiry.way, self.inquiry.way)
        self.stage = display.STAGES[self.inquiry.stage]
        self.waiting = display.length(self.now - self.inquiry.received_at)
        self.owner = owner_name(self.inquiry.owner)
        self.due_at = self.inquiry.due_at or self.decide_by

    @cached_property
    def name(self) -> str:
        return display.readable(lambda: self.inquiry.latest("name"))

    @cached_property
    def plan(self) -> Plan:
        return Plan.of(self.inquiry, self.safe_way or self.inquiry.safe_way)

    @property
    def language(self) -> str:
        return str(display.LANGUAGE_NAMES.get(self.plan.language, "–"))

    @property
    def is_good_to_reach(self) -> bool:
        return self.plan.is_good_to_reach(self.now, self.calendar)

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
    def in_hand(self) -> str:
        claim = self.inquiry.claim_at(self.now)
        return _("%(name)s has it in hand") % {"name": short_name(claim.by)} if claim else ""

    @property
    def flags(self) -> list[tuple[str, object]]:
        inquiry = self.inquiry
        waits_to_be_read = not inquiry.opened_at or inquiry.sender_wrote_at
        found = [
            ("triangle-alert", _("Read first"), waits_to_be_read and inquiry.is_read_first),
            ("message-circle-plus", _("New words"), inquiry.sender_wrote_at),
            ("hand", self.in_hand, self.in_hand),
            ("mail", _("Email refused"), inquiry.needs_new_address),
            ("copy", self.same, self.same),
            ("bot", _("Robot?"), inquiry.screening_reasons),
            ("hourglass", _("Kept longer"), inquiry.held_at),
        ]
        return [(icon, words) for icon, words, is_there in found if is_there]


def rows_for(inquiries: list[Inquiry], now) -> list[Row]:
    shared = Shared(inquiries)
    aside = {one.pk: one.set_aside_at for one in inquiries if one.is_undecided}
    calendar = WeeklyHours.objects.calendar(min(aside.values(), default=now))
    decide_by = {pk: business_hours.decision_due(at, calendar) for pk, at in aside.items()}
    said, bans = _said_about(list(shared.terms)), bans_on(shared)

    def row_of(one: Inquiry) -> Row:
        safe_way = shared.safe_way(one, bans.get(one.pk, []))
        return Row(one, now, _same(one.pk, shared, said), decide_by.get(one.pk), safe_way, calendar)

    return [row_of(one) for one in inquiries]


def _said_about(ids: list[int]) -> set[frozenset[int]]:
    pairs = InquiryPair.objects.filter(first__in=ids) | InquiryPair.objects.filter(second__in=ids)
    return {frozenset(pair) for pair in pairs.values_list("first", "second")}


def _same(pk: int, shared: Shared, said):
    for term in sorted(shared.terms[pk], reverse=True):
        if any(frozenset((pk, other)) not in said for other in shared.with_term(pk, term)):
            return SAME[term[0]]
    return ""

"""What each way of contact needs, and what the person is told to expect of it."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.business_hours import DEFAULT, Calendar
from inquiries.crypto.keyring import SealError
from inquiries.models import Inquiry
from inquiries.models.joined_plans import AT_ODDS

ContactWay = Inquiry.ContactWay
CALLS, EMAILS = Inquiry.CALL_WAYS, Inquiry.EMAIL_WAYS
NEEDED = {**dict.fromkeys((*CALLS, ContactWay.TEXT), "phone"), **dict.fromkeys(EMAILS, "email")}  # others: neither
PLANS = {
    ContactWay.CALL_VOICEMAIL: _("We will call. We may leave a voicemail."),
    ContactWay.CALL: _("We will call. We will not leave a voicemail."),
    ContactWay.TEXT: _("We will send a text message."),
    ContactWay.EMAIL: _("We will send an email."),
    ContactWay.STATUS_PAGE: _("We will not contact you. You look here with your code, and read our answer."),
    ContactWay.CALL_WORK: _("We will call you at work. We will not mention your client to anyone else."),
    ContactWay.EMAIL_WORK: _("We will write to your work email. We will not mention your client to anyone else."),
}
ICONS = {
    **dict.fromkeys(CALLS, "phone"),
    ContactWay.TEXT: "message-square",
    **dict.fromkeys(EMAILS, "mail"),
    ContactWay.STATUS_PAGE: "lock",
}
NOT_NEEDED = {
    **dict.fromkeys(CALLS, _("You also typed an email. We do not need it for a call, so we will not keep it.")),
    ContactWay.TEXT: _("You also typed an email. We do not need it for a text, so we will not keep it."),
    **dict.fromkeys(
        EMAILS, _("You also typed a phone number. We do not need it for an email, so we will not keep it.")
    ),
    ContactWay.STATUS_PAGE: _(
        "You also typed a phone number or an email. We will not contact you, so we will not keep it."
    ),
}

# What staff read. Each part of an instruction is one sentence; a ban is shown as one.

INSTRUCTIONS = {
    ContactWay.CALL_VOICEMAIL: (_("Call. A voicemail is OK."), ""),
    ContactWay.CALL: (_("Call."), _("Do not leave a voicemail.")),
    ContactWay.TEXT: (_("Send a text message."), _("Do not call.")),
    ContactWay.EMAIL: (_("Write an email."), _("Do not call.")),
    ContactWay.STATUS_PAGE: (_("Write on the status page only."), _("Do not call, text or email.")),
    AT_ODDS: ("", _("These two do not agree: write on the status page, ask a supervisor.")),
    ContactWay.CALL_WORK: (_("Call at work."), _("Mention no client to anyone else.")),
    ContactWay.EMAIL_WORK: (_("Write to the work email."), _("Mention no client to anyone else.")),
}
SHORT = {
    ContactWay.CALL_VOICEMAIL: (_("Call, voicemail OK"), ""),
    ContactWay.CALL: (_("Call,"), _("no voicemail")),
    ContactWay.TEXT: (_("Text only"), ""),
    ContactWay.EMAIL: (_("Email only"), ""),
    ContactWay.STATUS_PAGE: (_("Status page only,"), _("no contact")),
    AT_ODDS: ("", _("two do not agree")),
    ContactWay.CALL_WORK: (_("Call at work"), ""),
    ContactWay.EMAIL_WORK: (_("Email at work"), ""),
}
NOT_OFFERED = {
    ContactWay.CALL_VOICEMAIL: _("Email and text are not offered: this person chose calls."),
    ContactWay.CALL: _("Email and text are not offered: this person chose calls."),
    ContactWay.TEXT: _("Calls and email are not offered: this person chose text messages."),
    ContactWay.EMAIL: _("Calls and text are not offered: this person chose email."),
    ContactWay.STATUS_PAGE: _("Nothing else is offered: this person looks at the status page with the private code."),
    AT_ODDS: _("Calls, text and email are not offered: another open inquiry with this phone or email forbids them."),
    ContactWay.CALL_WORK: _("Email and text are not offered: this person chose calls at work."),
    ContactWay.EMAIL_WORK: _("Calls and text are not offered: this person chose email at work."),
}
SECOND = {
    ContactWay.CALL_WORK: _("If you do not reach this person, write to the work email."),
    ContactWay.EMAIL_WORK: _("If you get no answer, call the work phone."),
}
BESIDE = {ContactWay.CALL_WORK: "email", ContactWay.EMAIL_WORK: "phone"}
CANNOT_BE_READ = _("cannot be read")
UNREADABLE = ("", _("The contact plan cannot be read. Do not contact this person."))
SPEAK = {"es": _("Speak Spanish."), "other": _("Ask which language they speak.")}
WRITE = {"es": _("Write in Spanish."), "other": _("Ask which language they read.")}
# A professional says which language the client prefers, and is spoken to at work in their own.
OF_CLIENT = {"es": _("The client prefers Spanish."), "other": _("The client prefers another language.")}
GoodTime = Inquiry.GoodTime
# Local times from and until which a good time lasts; the owner confirms them.
WINDOWS = {
    GoodTime.MORNING: (time(9), time(12)),
    GoodTime.AFTERNOON: (time(12), time(17)),
    GoodTime.EVENING: (time(17), time(20)),
}
TEN = time(10)  # for whoever said no time: not in the first hour
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    """How to reach one person, from the answers that were sent last. A plan that cannot be read allows nothing."""

    way: str
    language: str
    good_times: tuple[str, ...]
    keeps_both: bool = False

    @classmethod
    def of(cls, inquiry: Inquiry, way: str | None = None) -> "Plan":
        """Return the plan of an inquiry by its own way of contact, or by ``way``, which is left of it."""
        try:
            good_times = tuple(inquiry.latest("good_times").split())
            way = inquiry.reach_way if way is None else way
            return cls(way, inquiry.latest("preferred_language"), good_times, inquiry.keeps_both)
        except SealError:
            return cls("", "", ())

    @property
    def icon(self) -> str:
        return ICONS.get(self.way, "circle-alert")

    @property
    def lead(self):
        return INSTRUCTIONS.get(self.way, UNREADABLE)[0]

    @property
    def ban(self):
        return INSTRUCTIONS.get(self.way, UNREADABLE)[1]

    @property
    def rest(self) -> list[str]:
        is_spoken = NEEDED.get(self.way) == "phone" and self.way != ContactWay.TEXT
        words = OF_CLIENT if self.way in BESIDE else SPEAK if is_spoken else WRITE
        language = words.get(self.language, "")
        chosen = () if GoodTime.ANY in self.good_times else self.good_times
        times = [str(GoodTime(code).label) for code in chosen if code in WINDOWS]
        return [str(part) for part in (language, " / ".join(times) + "." if times else "") if part]

    @property
    def short(self) -> tuple:
        return SHORT.get(self.way, ("", CANNOT_BE_READ))

    @property
    def why_not_offered(self):
        return (SECOND if self.keeps_both else NOT_OFFERED).get(self.way, "")

    @property
    def second(self) -> str:
        """What a professional gave for when the first does not work, “phone” or “email”; else an empty text."""
        return BESIDE.get(self.way, "") if self.keeps_both else ""

    @property
    def times(self) -> str:
        """Like “Morning, evening”; any time when none was said."""
        labels = [str(GoodTime(code).label) for code in self.good_times if code in WINDOWS]
        if not labels or GoodTime.ANY in self.good_times:
            return str(GoodTime.ANY.label)
        return ", ".join([labels[0], *(label.lower() for label in labels[1:])])

    def is_good_to_call(self, now: datetime, calendar: Calendar = DEFAULT) -> bool:
        return self.way in CALLS and self.is_good_now(now, calendar)

    def is_good_to_reach(self, now: datetime, calendar: Calendar = DEFAULT) -> bool:
        """By a call, a text or an email, whichever they chose; the status page alone has no hours."""
        return self.way in NEEDED and self.is_good_now(now, calendar)

    def windows(self) -> list[tuple[time, time]]:
        """The parts of a day that they chose; none are chosen where any time is good."""
        is_any = GoodTime.ANY in self.good_times
        return [] if is_any else sorted(WINDOWS[code] for code in self.good_times if code in WINDOWS)

    def hours_on(self, day: date, calendar: Calendar = DEFAULT) -> list[tuple[datetime, datetime]]:
        """Their good times of a day, as far as the center is open then."""
        hours = calendar.hours_of(day)
        if hours is None:
            return []
        opens, closes = hours
        wanted = [(local_moment(day, begins), local_moment(day, ends)) for begins, ends in self.windows()] or [hours]
        within = [(max(begins, opens), min(ends, closes)) for begins, ends in wanted]
        return [(begins, ends) for begins, ends in within if begins < ends]

    def is_good_now(self, now: datetime, calendar: Calendar = DEFAULT) -> bool:
        return any(begins <= now < ends for begins, ends in self.hours_on(local_day(now), calendar))

    def next_start(self, now: datetime, calendar: Calendar = DEFAULT) -> datetime | None:
        return next((begins for begins, _ends in self.hours_on(local_day(now), calendar) if begins > now), None)

    def first_on(self, day: date, calendar: Calendar = DEFAULT) -> datetime:
        """When to try on a working day: as their good time begins, or as near to it as the center is open."""
        opens, closes = calendar.hours_of(day)
        hours = self.hours_on(day, calendar)
        if not hours:
            is_too_early = any(local_moment(day, ends) <= opens for _begins, ends in self.windows())
            return opens if is_too_early else max(opens, closes - HOUR)
        at_ten = local_moment(day, TEN)
        return at_ten if not self.windows() and opens < at_ten < closes else hours[0][0]

    def ready_times(self, now: datetime, calendar: Calendar = DEFAULT) -> list[datetime]:
        """On working days: later today, on the next one, and on the one after the day that follows it."""
        today = local_day(now)
        working = (local_day(opens) for opens, _closes in calendar.working_days(now))
        days = list(itertools.islice((day for day in working if day > today), 3))
        later = [self.first_on(day, calendar) for day in days[::2]]
        start = self.next_start(now, calendar)
        if start is None and calendar.hours_of(today) and not self.hours_on(today, calendar):
            start = self.first_on(today, calendar)
        return [start, *later] if start and start > now else later


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def local_moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())

"""How staff read an inquiry at a glance: times in words, the contact plan in four words, and as an instruction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inquiries.keyring import SealError
from inquiries.models import Inquiry

Way, Good = Inquiry.ContactWay, Inquiry.GoodTime
CALLS = (Way.CALL_VOICEMAIL, Way.CALL, Way.CALL_WORK)
# Words, then what is forbidden.
PLANS = {
    Way.CALL_VOICEMAIL: (_("Call, voicemail OK"), ""),
    Way.CALL: (_("Call,"), _("no voicemail")),
    Way.TEXT: (_("Text only"), ""),
    Way.EMAIL: (_("Email only"), ""),
    Way.CALL_WORK: (_("Call at work,"), _("no voicemail")),
    Way.EMAIL_WORK: (_("Email at work"), ""),
}
ICONS = {Way.TEXT: "smartphone", Way.EMAIL: "mail", Way.EMAIL_WORK: "mail"}
INSTRUCTIONS = {
    Way.CALL_VOICEMAIL: (_("Call. A voicemail is OK."), ""),
    Way.CALL: (_("Call."), _("Do not leave a voicemail.")),
    Way.TEXT: (_("Text only."), ""),
    Way.EMAIL: (_("Email only."), ""),
    Way.CALL_WORK: (_("Call at work."), _("Mention no client to anyone else.")),
    Way.EMAIL_WORK: (_("Email at work."), _("Mention no client to anyone else.")),
}
LANGUAGES = {
    Inquiry.Language.ENGLISH: _("Speak English."),
    Inquiry.Language.SPANISH: _("Speak Spanish."),
    Inquiry.Language.OTHER: _("Ask for an interpreter."),
}
LANGUAGE_NAMES = {
    Inquiry.Language.ENGLISH: "English",
    Inquiry.Language.SPANISH: "Español",
    Inquiry.Language.OTHER: _("Another language"),
}
WAYS = {
    Inquiry.Way.ME: _("For self"),
    Inquiry.Way.LOVED_ONE: _("Loved one"),
    Inquiry.Way.REFER: _("Professional"),
    Inquiry.Way.QUESTION: _("Question"),
}
TOPICS = {
    Inquiry.Topic.PROGRAM: _("How it works"),
    Inquiry.Topic.SCHEDULE: _("Days and times"),
    Inquiry.Topic.COST: _("Cost"),
    Inquiry.Topic.TRANSFER: _("Another program"),
    Inquiry.Topic.FAMILY: _("Family"),
    Inquiry.Topic.OTHER: _("Something else"),
}
STAGES = {
    Inquiry.Stage.RECEIVED: _("1 Received"),
    Inquiry.Stage.CONTACTING: _("2 Contacting"),
    Inquiry.Stage.ASSESSMENT: _("3 Assessment"),
    Inquiry.Stage.PAPERWORK: _("4 Referral, insurance"),
    Inquiry.Stage.STARTED: _("5 Started"),
}
EARLIEST_CALL, LATEST_CALL = 8, 21  # hours between which a call disturbs nobody's sleep
STARTS = {Good.MORNING: 0, Good.AFTERNOON: 12, Good.EVENING: 17}  # hours of the local day


def length(span: timedelta) -> str:
    """Return a span in one or two units: ``26 min``, ``3 h 10 min``, ``2 days 14 h``, ``5 days``."""
    minutes = max(int(span.total_seconds() // 60), 0)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days >= 5 or (days and not hours):
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if days:
        words = ngettext("%(count)d day %(hours)d h", "%(count)d days %(hours)d h", days)
        return words % {"count": days, "hours": hours}
    if hours:
        rest = minutes % 60 if hours < 10 else 0
        words = gettext("%(hours)d h %(minutes)d min") if rest else gettext("%(hours)d h")
        return words % {"hours": hours, "minutes": rest}
    return gettext("%(minutes)d min") % {"minutes": minutes}


def clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "TIME_FORMAT")


def day_and_time(moment: datetime, now: datetime) -> str:
    """Return ``today, 5:00 p.m.``, ``tomorrow, noon``, or the date and the time."""
    ahead = (timezone.localtime(moment).date() - timezone.localtime(now).date()).days
    words = {0: gettext("today, %(time)s"), 1: gettext("tomorrow, %(time)s")}
    if ahead in words:
        return words[ahead] % {"time": clock(moment)}
    return date_format(timezone.localtime(moment), "MONTH_DAY_FORMAT") + ", " + clock(moment)


def part_of_day(now: datetime) -> str:
    """Return the code of the good time that ``now`` falls into."""
    hour = timezone.localtime(now).hour
    return max((code for code, start in STARTS.items() if start <= hour), key=STARTS.get)


@dataclass(frozen=True)
class Plan:
    """How one person wants to be reached, from the answers sent last."""

    way: str
    good_times: tuple[str, ...]
    language: str
    is_readable: bool = True

    @classmethod
    def of(cls, inquiry: Inquiry) -> "Plan":
        try:
            times = tuple(inquiry.latest("good_times").split())
            return cls(inquiry.latest("contact_way"), times, inquiry.latest("preferred_language"))
        except SealError:
            return cls("", (), inquiry.preferred_language, is_readable=False)

    @property
    def words(self) -> str:
        return PLANS[self.way][0] if self.way in PLANS else self._unknown

    @property
    def ban(self) -> str:
        return PLANS[self.way][1] if self.way in PLANS else ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.way, "phone") if self.way else "circle-alert"

    @property
    def times(self) -> str:
        """The good times, as one phrase like ``Morning, evening``; any time when none was said."""
        labels = [str(label) for code, label in Good.choices if code in self.good_times]
        if not labels or Good.ANY in self.good_times:
            return str(Good.ANY.label)
        return ", ".join([labels[0], *(label.lower() for label in labels[1:])])

    @property
    def instruction(self) -> list[tuple[str, bool]]:
        """Sentences in the order in which they are read, each with whether it forbids something."""
        if self.way not in INSTRUCTIONS:
            return [(str(self._unknown), True)]
        says, ban = INSTRUCTIONS[self.way]
        sentences = [(str(says), False)]
        if ban:
            sentences.append((str(ban), True))
        if self.language in LANGUAGES:
            sentences.append((str(LANGUAGES[self.language]), False))
        return [*sentences, (f"{self.times}.", False)]

    @property
    def language_name(self) -> str:
        return str(LANGUAGE_NAMES.get(self.language, "–"))

    def is_good_to_call(self, now: datetime) -> bool:
        """Whether this person wants calls, and ``now`` is one of the good times."""
        if self.way not in CALLS or not EARLIEST_CALL <= timezone.localtime(now).hour < LATEST_CALL:
            return False
        return not self.good_times or Good.ANY in self.good_times or part_of_day(now) in self.good_times

    @property
    def _unknown(self):
        return _("Nothing is known") if self.is_readable else _("cannot be read")

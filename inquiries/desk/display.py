"""An inquiry in the words that staff read: its answers, names of few words, and times."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from inquiries import phone_numbers
from inquiries.contact_plans import CANNOT_BE_READ
from inquiries.crypto.keyring import SealError
from inquiries.crypto.padding import LONG
from inquiries.models import Inquiry

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
STAGES = {stage: format_lazy("{} {}", number, stage.label) for number, stage in enumerate(Inquiry.Stage, 1)}


def label_of(name: str) -> str:
    return str(Inquiry._meta.get_field(name).verbose_name)


def readable(read: Callable[[], str]) -> str:
    """A value that does not open says so, and spoils no other."""
    try:
        return read()
    except (SealError, json.JSONDecodeError):
        return str(CANNOT_BE_READ)


def answer(inquiry: Inquiry, name: str) -> str:
    return readable(lambda: value_in_words(name, inquiry.latest(name)))


def first_answer(inquiry: Inquiry, name: str) -> str:
    first = inquiry.first(name)
    return str(CANNOT_BE_READ) if first is None else value_in_words(name, first)


def body_of(text) -> str:
    return readable(lambda: text.body)


def value_in_words(name: str, value: str) -> str:
    """A code that is no longer known is shown as it is."""
    if name == "phone":
        return phone_numbers.to_display(value)
    labels = dict(Inquiry._meta.get_field(name).codes)
    return ", ".join(str(labels.get(code, code)) for code in value.split()) if labels else value


def is_long(name: str) -> bool:
    return name in Inquiry.typed() and Inquiry.rooms()[name] == LONG


def next_action(inquiry: Inquiry) -> str:
    return str(Inquiry.NextAction(inquiry.action_due).label) if inquiry.action_due else ""


def length(span: timedelta) -> str:
    """In one or two units: ``26 min``, ``3 h 10 min``, ``2 days 14 h``, ``5 days``."""
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
    return date_format(timezone.localtime(moment), gettext("g:i A"))


def sentence(words: str) -> str:
    """With single periods: the Spanish clock, ``9:14 a.m.``, brings one of its own."""
    return words.replace("m..", "m.")


def weekday_and_day(moment) -> str:
    return date_format(timezone.localtime(moment), gettext("D, F j"))


def day_and_clock(moment) -> str:
    """Like “Fri, June 5, 1:00 PM”, local."""
    return f"{weekday_and_day(moment)}, {clock(moment)}"


def day_in_words(day, today) -> str:
    if day == today:
        return gettext("Today")
    return date_format(day, gettext("l, F j") if day.year == today.year else gettext("l, F j, Y"))


def day_and_time(moment: datetime, now: datetime) -> str:
    """Like ``today, 5:00 p.m.``, ``tomorrow, noon``, or the date and the time."""
    ahead = (timezone.localtime(moment).date() - timezone.localtime(now).date()).days
    words = {0: gettext("today, %(time)s"), 1: gettext("tomorrow, %(time)s")}
    if ahead in words:
        return words[ahead] % {"time": clock(moment)}
    return date_format(timezone.localtime(moment), "MONTH_DAY_FORMAT") + ", " + clock(moment)

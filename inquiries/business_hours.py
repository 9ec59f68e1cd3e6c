"""When an answer is due, counted in the hours and days on which the center works, in its local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

NINE_TO_FIVE = (time(9), time(17))
DEFAULT_HOURS = dict.fromkeys(range(5), NINE_TO_FIVE)  # Monday to Friday
FARTHEST = 400  # days looked ahead; a calendar without a working day in them counts as always open


@dataclass(frozen=True)
class Calendar:
    """The hours of each weekday (0 is Monday) and the days without any. Times are local; results are in UTC."""

    hours: Mapping[int, tuple[time, time]]
    closed: frozenset[date] = frozenset()

    def hours_of(self, day: date) -> tuple[datetime, datetime] | None:
        if day in self.closed or day.weekday() not in self.hours:
            return None
        zone = timezone.get_default_timezone()
        opens, closes = (datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for at in self.hours[day.weekday()])
        return opens, closes

    def working_days(self, moment: datetime):
        first = timezone.localtime(moment, timezone.get_default_timezone()).date()
        for ahead in range(FARTHEST):
            hours = self.hours_of(first + timedelta(days=ahead))
            if hours and hours[1] > moment:
                yield hours

    def on_working_day(self, moment: datetime) -> datetime:
        """``moment``, or when the center opens next if it is closed on all of that local day."""
        is_working = self.hours_of(timezone.localtime(moment, timezone.get_default_timezone()).date())
        return moment if is_working else self.after_hours(moment, 0)

    def next_open(self, moment: datetime) -> datetime:
        """Return the start of the next open hour, which is ``moment`` itself while the center is open."""
        return self.after_hours(moment, 0)

    def after_hours(self, moment: datetime, hours: float) -> datetime:
        left = timedelta(hours=hours)
        for opens, closes in self.working_days(moment):
            start = max(opens, moment)
            if closes - start >= left:
                return start + left
            left -= closes - start
        return moment + timedelta(hours=hours)

    def after_days(self, moment: datetime, days: int) -> datetime:
        """The same local time so many working days later, within the hours of that day. What comes in outside the hours
        counts from when the center opens next."""
        zone = timezone.get_default_timezone()
        for place, (opens, closes) in enumerate(self.working_days(moment)):
            if place == 0:
                wanted = max(opens, moment).astimezone(zone).time()
            if place == days:
                same_time = datetime.combine(opens.astimezone(zone).date(), wanted, tzinfo=zone).astimezone(UTC)
                return min(max(same_time, opens), closes)
        return moment + timedelta(days=days)


DEFAULT = Calendar(DEFAULT_HOURS)

DECIDED_WITHIN = 2  # working days that what was set aside may wait


def decision_due(set_aside_at: datetime, calendar: Calendar) -> datetime:
    return calendar.after_days(set_aside_at, DECIDED_WITHIN)


SOON_HOURS = 2  # working hours, for whoever must hear from us today or tomorrow
NO_HURRY_DAYS = 3  # working days, for whoever says that it can wait


def first_contact_due(received_at: datetime, calendar: Calendar = DEFAULT, how_soon: str = "") -> datetime:
    """``how_soon`` is a code of ``Answers.HowSoon``; it never makes what is due soon anyway later, nor the reverse."""
    count, unit = settings.FIRST_CONTACT_TARGET
    after = calendar.after_hours if unit == "hours" else calendar.after_days
    usual = after(received_at, count)
    if how_soon == "soon":
        return min(usual, calendar.after_hours(received_at, SOON_HOURS))
    return max(usual, calendar.after_days(received_at, NO_HURRY_DAYS)) if how_soon == "no-hurry" else usual

"""The numbers of one month: how many came in, how and from whom, how it ended, and how soon they were contacted."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.utils.translation import gettext as _

from inquiries.contact_plans import local_moment
from inquiries.desk import display, list_tabs
from inquiries.desk.dashboard import minutes
from inquiries.desk.date_inputs import FIRST, LAST
from inquiries.desk.export_formats import SMALLEST_CELL, SUPPRESSED, rounded
from inquiries.desk.people import short_name
from inquiries.models import Figure, Inquiry
from inquiries.models.figures import FirstContact

CODE = re.compile(r"(\d{4})-(\d{2})")
# The column of each table.
COLUMNS = OUTCOME, WAY, SOURCE, LANGUAGE, OWNER = "outcome", "way", "came_by", "preferred_language", "owner"


def first_day(code: str, today: date) -> date:
    """Of the month that is named like ``2026-06``; of the running one if it names none, or one that is to come."""
    found = CODE.fullmatch(code)
    year, month = map(int, found.groups()) if found else (0, 0)
    this_month = today.replace(day=1)
    if not (FIRST.year <= year <= LAST.year and 1 <= month <= 12):
        return this_month
    return min(date(year, month, 1), this_month)


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True)
class Table:
    """``rows`` are (label, number); together they are all that came in."""

    code: str
    heading: str
    rows: list[tuple[str, int]]


@dataclass(frozen=True)
class Month:
    first: date
    received: int
    set_aside: int
    waiting: list_tabs.Bounded
    contact: FirstContact | None
    tables: list[Table]

    @classmethod
    def read(cls, first: date, now) -> "Month":
        """Counted by the database, of columns in clear; the times of first contacts are rolling figures."""
        until = next_month(first)
        came = Inquiry.objects.filter(
            is_canary=False,
            received_at__gte=local_moment(first, time()),
            received_at__lt=local_moment(until, time()),
        )
        aside = ExpressionWrapper(Q(set_aside_at__isnull=False), BooleanField())
        counted = came.order_by().annotate(aside=aside).values_list("aside", *COLUMNS).annotate(Count("pk"))
        groups = [group for is_aside, *group in counted if not is_aside]
        return cls(
            first=first,
            received=sum(count for *_values, count in groups),
            set_aside=sum(count for is_aside, *_values, count in counted if is_aside),
            waiting=list_tabs.bounded_count(list_tabs.tab_queryset(list_tabs.NEEDS_WORK, None, now)),
            contact=Figure.objects.filter(day__gte=first, day__lt=until).contact_times(),
            tables=[table_of(place, name, groups) for place, name in enumerate(COLUMNS)],
        )


def table_of(place: int, name: str, groups) -> Table:
    counts = Counter()
    for *values, count in groups:
        counts[values[place] or ""] += count
    heading, labels = words_of(name, counts)
    known = [(str(label), counts.pop(code, 0)) for code, label in labels.items()]
    return Table(name, heading, [*known, *((str(code), count) for code, count in sorted(counts.items()))])


def words_of(name: str, counts: Counter) -> tuple[str, dict]:
    """The heading of a table, and the label of each of its values; what nobody chose is the empty one."""
    if name == OWNER:
        staff = get_user_model().objects.filter(pk__in=[pk for pk in counts if pk]).order_by("username")
        return _("By owner"), {**{user.pk: short_name(user) for user in staff}, "": _("No one")}
    if name == LANGUAGE:
        return _("By language"), {**display.LANGUAGE_NAMES, "": _("Not said")}
    choices = dict(Inquiry._meta.get_field(name).choices)
    return {
        OUTCOME: (_("By outcome"), {**choices, "": _("Still open")}),
        WAY: (_("By way"), choices),
        SOURCE: (_("By source"), choices),
    }[name]


@dataclass(frozen=True)
class Shown:
    """A month as it is shown or leaves. For use ``outside``, numbers are rounded and none tells of fewer than
    SMALLEST_CELL people, and no member of staff is named."""

    month: Month
    outside: bool

    @property
    def numbers(self) -> list[tuple[str, str]]:
        month, contact = self.month, self.month.contact
        few = self.outside and contact is not None and contact.count < SMALLEST_CELL
        known = [minutes(contact.median), minutes(contact.nine_of_ten)] if contact else ["–"] * 2
        times = [_("too few to tell")] * 2 if few else known
        return [
            (_("Came in"), self.number(month.received)),
            (_("Set aside as a robot’s"), self.number(month.set_aside)),
            (_("Time to first contact, median"), times[0]),
            (_("Time to first contact, 9 of 10 within"), times[1]),
            (
                _("Waiting now"),
                str(month.waiting) if month.waiting.number > list_tabs.BOUND else self.number(month.waiting.number),
            ),
        ]

    @property
    def tables(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        tables = [table for table in self.month.tables if not (self.outside and table.code == OWNER)]
        return [(table.code, table.heading, self.rows_of(table)) for table in tables]

    def rows_of(self, table: Table) -> list[tuple[str, str]]:
        return [(label, self.number(count)) for label, count in table.rows]

    def number(self, count: int) -> str:
        if not self.outside:
            return str(count)
        told = rounded(count)
        return _("fewer than %(count)d") % {"count": SMALLEST_CELL} if told == SUPPRESSED else told

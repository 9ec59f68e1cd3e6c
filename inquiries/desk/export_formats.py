"""Inquiries on their way out of the desk: a table for a spreadsheet, in the words of staff, or weekly numbers."""

import csv
import re
from collections import Counter
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from inquiries.crypto.keyring import SealError
from inquiries.desk.display import value_in_words
from inquiries.desk.people import short_name
from inquiries.models import Inquiry, WeeklyHours
from inquiries.models.figures import working_minutes

CHUNK = 500
NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
# A spreadsheet takes what begins with one of these for a formula; the full-width twins too.
_SIGNS = r"=+\-@＝＋－＠"
# Where a semicolon separates lists (a Windows in Spanish) or a tab does, it ends a cell although it is quoted: behind
# the first comma a quote is a letter like others. So does the end of a line.
ENDS_OF_CELLS = frozenset(";\t\n\r\v\f\x85\u2028\u2029")
# A sign, and what stands before it without a letter or a digit; read once, so that a long run takes only its length.
_BEFORE_A_SIGN = re.compile(rf"(^[^\w{_SIGNS}]*+|[^\w{_SIGNS}]++)([{_SIGNS}]?)")
UTF_8 = "\ufeff"  # without this mark Excel takes the letters of Español for others
SMALLEST_CELL = 11  # people; a smaller number could point at one of them, as the CMS cell size policy says
SUPPRESSED = f"<{SMALLEST_CELL}"
ZONE, MINUTES = "time_zone", "working_minutes_to_first_contact"
CLEAR = (
    "reference", "kind", "way", "came_by", "stage", "outcome", "told", "owner", "tries", "received_at", "closed_at",
)  # fmt: skip
COLUMNS = (*CLEAR, ZONE, MINUTES, *Inquiry.ANSWERS)


class Line:
    """Hands back what it is given, so that csv can write into a stream."""

    def write(self, text: str) -> str:
        return text


def safe(value) -> str:
    """A cell of which no spreadsheet computes a part: an apostrophe stands before each sign that begins one."""
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    disarmed = _BEFORE_A_SIGN.sub(_disarmed, text)
    return f"'{disarmed}" if text[:1] in ("\t", "\r", "\n") else disarmed


def _disarmed(found: re.Match) -> str:
    run, sign = found.groups()
    begins_a_cell = found.start() == 0 or not ENDS_OF_CELLS.isdisjoint(run)
    return f"{run}'{sign}" if sign and begins_a_cell else found[0]


def rows_of(ids: list[int], rows):
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        found = rows.in_bulk(some)
        for pk in some:
            if pk in found:
                yield found[pk]


def table_lines(ids: list[int], *, notice_first: bool):
    writer = csv.writer(Line(), quoting=csv.QUOTE_ALL)
    yield UTF_8
    if notice_first:
        yield writer.writerow([NOTICE])
    yield writer.writerow(COLUMNS)
    for inquiry in rows_of(ids, Inquiry.objects.select_related("owner").prefetch_related("texts")):
        measured = (settings.TIME_ZONE, minutes_to_first_contact(inquiry))
        told = (*(in_words(inquiry, name) for name in CLEAR), *measured)
        yield writer.writerow([*map(safe, told), *_answers(inquiry)])


def in_words(inquiry: Inquiry, name: str):
    """Choices by their labels, the owner by name, times in the zone of the desk, to the minute."""
    value = getattr(inquiry, name)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if name == "owner":
        return short_name(value) if value else ""
    labels = dict(Inquiry._meta.get_field(name).choices or ())
    return labels.get(value, value)


def minutes_to_first_contact(inquiry: Inquiry) -> int | None:
    """Of the hours on which the center works, up to the first try; None before it."""
    if inquiry.first_tried_at is None:
        return None
    calendar = WeeklyHours.objects.calendar(inquiry.received_at)
    return round(working_minutes(calendar, inquiry.received_at, inquiry.first_tried_at))


def _answers(inquiry):
    for name in Inquiry.ANSWERS:
        try:
            yield safe(value_in_words(name, inquiry.latest(name)))
        except SealError:
            yield "cannot be read"


def week_lines(ids: list[int], *, notice_first: bool):
    writer = csv.writer(Line(), quoting=csv.QUOTE_ALL)
    if notice_first:
        yield writer.writerow([NOTICE])
    yield writer.writerow(["week of", "all", *Inquiry.Language.values])
    weeks: dict[date, Counter] = {}
    for start in range(0, len(ids), CHUNK):
        some = Inquiry.objects.filter(pk__in=ids[start : start + CHUNK])
        for received_at, language in some.values_list("received_at", "preferred_language"):
            day = timezone.localtime(received_at).date()
            monday = day - timedelta(days=day.weekday())
            weeks.setdefault(monday, Counter())[language or Inquiry.Language.OTHER] += 1
    for monday, counts in sorted(weeks.items()):
        cells = [counts[language] for language in Inquiry.Language]
        yield writer.writerow([monday.isoformat(), *map(rounded, [sum(cells), *cells])])


def rounded(count: int) -> str:
    """For use outside: to the nearest ten, totals too, so that no small number is the rest of what is told. None at
    all is a small number, too: it would tell more of the others."""
    return SUPPRESSED if count < SMALLEST_CELL else str((count + 5) // 10 * 10)

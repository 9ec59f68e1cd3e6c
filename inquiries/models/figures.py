"""Rolling figures, so that the dashboard never counts a large table."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Sum
from django.db.models.functions import Greatest
from django.utils import timezone

from inquiries import business_hours
from inquiries.models.events import Event
from inquiries.models.last_change import ids_in
from inquiries.models.office_hours import WeeklyHours

TRIES = (Event.Verb.TRIED, Event.Verb.REACHED)


CONTACT_DAYS = 30  # that the first page of the desk tells of


@dataclass(frozen=True)
class FirstContact:
    """How long people waited for the first try, in working minutes, over some days."""

    median: int
    nine_of_ten: int
    on_time: int  # percent, before it was due
    count: int


class FigureQuerySet(models.QuerySet):
    def from_events(self, events: list[Event]) -> Counter:
        """Return counts by (day, kind, size), below nothing for what was undone. Called once for each event, with the
        seal over it."""
        wanted = {Event.Verb.RECEIVED, Event.Verb.TAKEN_DOWN, Event.Verb.MOVED_ON, *TRIES}
        undone = {pk for event in events if event.verb == Event.Verb.UNDONE for pk in ids_in(event.detail)}
        counted = [(event, 1) for event in events]
        counted += [(event, -1) for event in Event.objects.filter(pk__in=undone)]
        told = [(event, sign) for event, sign in counted if event.inquiry_id and event.verb in wanted]
        inquiry_model = Event._meta.get_field("inquiry").related_model
        received = inquiry_model.objects.filter(pk__in={event.inquiry_id for event, _sign in told}, is_canary=False)
        received = dict(received.filter(set_aside_at=None).values_list("pk", "received_at"))
        firsts = self._first_tries([event for event, _sign in told if event.verb in TRIES])
        calendar = WeeklyHours.objects.calendar(min(received.values(), default=timezone.now()))
        figures = Counter()
        for event, sign in told:
            if event.inquiry_id in received:
                for kind, size in self._kinds(event, received[event.inquiry_id], firsts, calendar):
                    figures[timezone.localtime(event.at).date(), kind, size] += sign
        return figures

    @staticmethod
    def _first_tries(tries) -> set[int]:
        """Return those that were the first when they were logged: no try before stood any more."""
        of = Event.objects.filter(inquiry__in={event.inquiry_id for event in tries})
        firsts, standing = set(), defaultdict(set)
        for event in of.filter(verb__in=(*TRIES, Event.Verb.UNDONE)).order_by("pk"):
            tried = standing[event.inquiry_id]
            if event.verb == Event.Verb.UNDONE:
                tried.difference_update(ids_in(event.detail))
                continue
            if not tried:
                firsts.add(event.pk)
            tried.add(event.pk)
        return firsts

    @staticmethod
    def _kinds(event, received_at, firsts, calendar):
        if event.verb == Event.Verb.RECEIVED:
            yield Figure.Kind.RECEIVED, 0
        elif event.verb == Event.Verb.TAKEN_DOWN:
            yield Figure.Kind(event.detail.partition(",")[0]), 0
        elif event.verb == Event.Verb.MOVED_ON and event.detail == "started":
            yield Figure.Kind.STARTED, 0
        elif event.pk in firsts:
            yield Figure.Kind.CONTACTED, rounded_up(working_minutes(calendar, received_at, event.at))
            if event.at <= business_hours.first_contact_due(received_at, calendar):
                yield Figure.Kind.ON_TIME, 0

    def first_contact(self, today: date) -> FirstContact | None:
        return self.filter(day__gt=today - timedelta(days=CONTACT_DAYS)).contact_times()

    def contact_times(self) -> FirstContact | None:
        sizes = self.filter(kind=Figure.Kind.CONTACTED).order_by("size").values_list("size").annotate(Sum("count"))
        sizes = list(sizes)
        count = sum(number for _size, number in sizes)
        if not count:
            return None
        on_time = self.filter(kind=Figure.Kind.ON_TIME).aggregate(total=Sum("count"))["total"] or 0
        return FirstContact(
            size_at(sizes, count * 0.5), size_at(sizes, count * 0.9), round(100 * on_time / count), count
        )

    def taken_down(self, since: date) -> dict[str, int]:
        """Return how many came in by each way but the form, and are counted among those received."""
        counts = self.filter(kind__in=TAKEN_DOWN, day__gte=since).values_list("kind").annotate(Sum("count"))
        return dict.fromkeys(TAKEN_DOWN, 0) | dict(counts.order_by())

    def add(self, figures: Counter):
        for (day, kind, size), count in figures.items():
            row, _is_new = self.get_or_create(day=day, kind=kind, size=size)
            self.filter(pk=row.pk).update(count=Greatest(F("count") + count, 0))


class Figure(models.Model):
    """``size`` is a time in working minutes, rounded up, or 0."""

    class Kind(models.TextChoices):
        RECEIVED = "received"
        PHONE = "phone"  # of those received, what staff took down
        VISIT = "visit"
        LETTER = "letter"
        STARTED = "started"
        CONTACTED = "contacted"  # first try, by working minutes since the inquiry came in
        ON_TIME = "on-time"  # first try before it was due

    day = models.DateField()
    kind = models.CharField(max_length=9, choices=Kind)
    size = models.PositiveIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day", "size"], name="inquiries_figure_once")]

    def __str__(self):
        return f"{self.day} {self.kind} {self.size}: {self.count}"


TAKEN_DOWN = (Figure.Kind.PHONE.value, Figure.Kind.VISIT.value, Figure.Kind.LETTER.value)


def size_at(sizes, rank: float) -> int:
    """Return the size at which so many are reached."""
    reached = 0
    for size, number in sizes:
        reached += number
        if reached >= rank:
            return size
    return 0


def working_minutes(calendar, start, end) -> float:
    total = timedelta()
    for opens, closes in calendar.working_days(start):
        if opens >= end:
            break
        total += min(closes, end) - max(opens, start)
    return total.total_seconds() / 60


def rounded_up(minutes: float) -> int:
    """To 1, 10 or 60 minutes, the coarser the longer, so that a day has few sizes."""
    step = 1 if minutes <= 60 else 10 if minutes <= 1200 else 60
    return int(-(-minutes // step) * step)

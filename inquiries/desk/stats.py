"""The numbers of the desk, each bounded: open inquiries up to a limit, everything else as a rolling figure."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Sum

from inquiries import business_hours
from inquiries.contact_plans import Plan
from inquiries.crypto import looks
from inquiries.desk import display, list_tabs
from inquiries.desk.list_rows import Row
from inquiries.desk.people import own_or_nobodys
from inquiries.models import CanaryRun, Event, EventSeal, Figure, Inquiry, OutboxNotice, WeeklyHours
from inquiries.models.claims import free_for
from inquiries.models.joined_plans import safe_ways

WEEKS = 12
MOST_READ = 2000  # open inquiries
OLD_NOTICE = timedelta(hours=1)  # the worker sends within a minute; after an hour something stands still


@dataclass(frozen=True)
class OpenNow:
    """``is_cut`` when more are open than were read."""

    by_stage: dict[str, int]
    by_language: dict[str, int]
    untried: int
    is_cut: bool


def open_now() -> OpenNow:
    columns = ("stage", "preferred_language", "first_tried_at")
    rows = list(Inquiry.objects.from_people().open().order_by("due_at", "id").values_list(*columns)[: MOST_READ + 1])
    stages = Counter(stage for stage, _language, _tried in rows[:MOST_READ])
    languages = Counter(language or Inquiry.Language.OTHER for _stage, language, _tried in rows[:MOST_READ])
    return OpenNow(
        by_stage={stage: stages[stage] for stage in Inquiry.Stage},
        by_language={language: languages[language] for language in Inquiry.Language},
        untried=sum(tried is None for _stage, _language, tried in rows[:MOST_READ]),
        is_cut=len(rows) > MOST_READ,
    )


def next_person(user, now) -> Row | None:
    """The most urgent one that is this user's or nobody's, and that no colleague has in hand; else anybody's."""
    rows = (
        list_tabs.tab_queryset(list_tabs.NEEDS_WORK, user, now)
        .select_related("owner", "claimed_by")
        .prefetch_related("texts")
    )
    free = rows.filter(free_for(user, now))
    theirs = [found for whose in own_or_nobodys(user) if (found := free.filter(whose).first())]
    inquiry = min(theirs, key=lambda one: (one.due_at, one.pk), default=None) or free.first() or rows.first()
    return Row(inquiry, now, calendar=WeeklyHours.objects.calendar(now)) if inquiry else None


def most_urgent(now):
    return list_tabs.by_ids(list_tabs.tab_queryset(list_tabs.NEEDS_WORK, None, now), 0, list_tabs.BOUND)


def longest_waiting(now) -> Row | None:
    first = min(most_urgent(now).values_list("received_at", "pk"), default=None)
    if not first:
        return None
    inquiry = Inquiry.objects.prefetch_related("texts").get(pk=first[1])
    return Row(inquiry, now)


def latest_due(now):
    due_at = Inquiry.objects.from_people().overdue(now).order_by("due_at").values_list("due_at", flat=True).first()
    return display.length(now - due_at) if due_at else ""


def late_aside(now) -> int:
    rows = Inquiry.objects.from_people().set_aside().order_by("set_aside_at", "id")
    times = list(rows.values_list("set_aside_at", flat=True)[: list_tabs.BOUND])
    if not times:
        return 0
    calendar = WeeklyHours.objects.calendar(times[0])
    return bisect_right(times, now, key=lambda at: business_hours.decision_due(at, calendar))


def refused_addresses(now) -> int:
    """Count the people whose address a mail server refused, among the BOUND most urgent that need work."""
    rows = list_tabs.by_ids(Inquiry.objects.from_people().needs_work(now).most_urgent_first(), 0, list_tabs.BOUND)
    return rows.filter(address_refused_at__gte=F("due_at")).count()


def good_to_call(now) -> int:
    rows = most_urgent(now).prefetch_related("texts")
    rows = list(rows.only("uid", "way", "contact_way", "phone", "email", "good_times", "preferred_language"))
    with looks.only_counted():
        ways, calendar = safe_ways(rows), WeeklyHours.objects.calendar(now)
        return sum(Plan.of(inquiry, ways[inquiry.pk]).is_good_to_call(now, calendar) for inquiry in rows)


def new_per_week(today: date) -> list[tuple[date, int]]:
    """(Monday, how many came in), the running week last."""
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=weeks) for weeks in reversed(range(WEEKS))]
    days = Figure.objects.filter(kind=Figure.Kind.RECEIVED, day__gte=mondays[0]).values_list("day", "count")
    counts = Counter()
    for day, count in days:
        counts[day - timedelta(days=day.weekday())] += count
    return [(monday, counts[monday]) for monday in mondays]


def started_since(day: date) -> int:
    total = Figure.objects.filter(kind=Figure.Kind.STARTED, day__gte=day).aggregate(total=Sum("count"))["total"]
    return total or 0


@dataclass(frozen=True)
class Outbox:
    """``failed`` met an error at least once and are not sent yet; ``age`` is that of the oldest that waits."""

    failed: list_tabs.Bounded
    waiting: list_tabs.Bounded
    next_try_at: object
    tries: int
    age: timedelta | None

    @property
    def is_old(self) -> bool:
        return self.age is not None and self.age >= OLD_NOTICE


def outbox(now) -> Outbox:
    unsent = OutboxNotice.objects.owed().of_people()
    failed = unsent.exclude(last_error="")
    worst = failed.order_by("next_try_at").values_list("next_try_at", "attempts").first()
    next_try_at, tries = worst or (None, 0)
    # Of those that are due first, no more than are counted: an index knows them, and a dead worker leaves them.
    first = unsent.order_by("next_try_at").values_list("created_at", flat=True)[: list_tabs.BOUND]
    age = max((now - created_at for created_at in first), default=None)
    return Outbox(list_tabs.bounded_count(failed), list_tabs.bounded_count(unsent), next_try_at, tries, age)


def last_backup(now):
    """When the last backup was made, and the last one was restored on trial, if known."""
    times = Event.objects.order_by("-id").values_list("at", flat=True)
    return [times.filter(verb=verb).first() for verb in (Event.Verb.BACKED_UP, Event.Verb.RESTORED)]


def last_canary(now):
    at = CanaryRun.objects.last_success()
    return None if at is None and not CanaryRun.objects.exists() else (at, not CanaryRun.objects.is_late(now))


def unsealed_since(now):
    """When that is longer than ten minutes: the worker does not run."""
    sealed_to = EventSeal.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0
    oldest = Event.objects.filter(pk__gt=sealed_to).order_by("pk").values_list("at", flat=True).first()
    return oldest if oldest and now - oldest > timedelta(minutes=10) else None

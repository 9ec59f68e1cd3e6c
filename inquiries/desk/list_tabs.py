"""The tabs of the list: which inquiries each holds, in which order, and how many, up to a bound."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from inquiries.desk.display import day_and_time
from inquiries.models import Inquiry
from inquiries.models.transitions import ON_DESK
from inquiries.models.work_lists import end_of_day

DAY = timedelta(days=1)
BOUND = 500  # counts stop here and are shown as "500+"
LOOKED_THROUGH = 3000  # of what is closed or set aside, by a filter: the newest; BOUND where rows are decrypted
ARCHIVE_TABS = {"closed": "closed_at", "aside": "set_aside_at"}  # tabs that may grow without end, and by what time
NEEDS_WORK, FOR_ME = "needs-work", "for-me"
LABELS = {
    NEEDS_WORK: _("Needs work"),
    "mine": _("Mine"),
    FOR_ME: _("Waits for me"),
    "unassigned": _("Unassigned"),
    "overdue": _("Overdue"),
    "today": _("Today"),
    "open": _("All open"),
    "aside": pgettext_lazy("list", "Set aside"),
    "closed": pgettext_lazy("list", "Closed"),
}
EMPTY = {
    "mine": _("You have none."),
    FOR_ME: _("Nothing of yours waits for you now."),
    "unassigned": _("Everybody has somebody."),
    "overdue": _("Nothing late."),
    "today": _("Nothing more is due today."),
    "open": _("No inquiry is open."),
    "aside": _("Nothing was set aside."),
    "closed": _("No inquiry is closed yet."),
}


def tab_queryset(tab: str, user, now):
    """In an order that an index gives."""
    inquiries = Inquiry.objects.from_people()
    if tab == "aside":
        return inquiries.set_aside().order_by("set_aside_at", "id")
    if tab == "closed":
        return inquiries.closed().order_by("-closed_at", "-id")
    chosen = {
        NEEDS_WORK: lambda: inquiries.needs_work(now),
        "mine": lambda: inquiries.mine(user),
        FOR_ME: lambda: inquiries.for_me(user, now),
        "unassigned": lambda: inquiries.unassigned(),
        "overdue": lambda: inquiries.overdue(now),
        "today": lambda: inquiries.filter(due_at__lt=end_of_day(now)),
        "open": lambda: inquiries.open(),
    }[tab]()
    return chosen.most_urgent_first()


def by_ids(rows, start: int, stop: int):
    """Ids first, which an index has in order: PostgreSQL takes what is open for rare, and would read and sort all of
    it."""
    ids = rows.values("pk")[start:stop]
    return Inquiry.objects.filter(pk__in=ids).order_by(*rows.query.order_by)


def next_due(now) -> str:
    due_at = Inquiry.objects.from_people().open().most_urgent_first().values_list("due_at", flat=True).first()
    return day_and_time(due_at, now) if due_at else ""


def by_newest(tab: str):
    rows = Inquiry.objects.closed() if tab == "closed" else Inquiry.objects.set_aside()
    return rows.order_by(f"-{ARCHIVE_TABS[tab]}", "-id")


def newest_of(rows, tab: str, since, count: int):
    """Said twice: PostgreSQL walks its index from that time on, SQLite would rather read all rows of an owner, and
    takes the ids."""
    ids = by_newest(tab).values("pk")[:count]
    return rows.filter(pk__in=ids, **{f"{ARCHIVE_TABS[tab]}__gte": since})


def oldest_looked_at(tab: str, count: int):
    """None when all is looked at. A filter that fits few would else read years of closed inquiries."""
    if tab not in ARCHIVE_TABS:
        return None
    return by_newest(tab).values_list(ARCHIVE_TABS[tab], flat=True)[count : count + 1].first()


@dataclass(frozen=True)
class Bounded:
    number: int

    def __str__(self):
        return f"{BOUND}+" if self.number > BOUND else str(self.number)

    def __bool__(self):
        return self.number > 0


def bounded_count(rows) -> Bounded:
    return Bounded(rows.order_by().values("pk")[: BOUND + 1].count())


def counts(user, now) -> dict[str, Bounded]:
    """Of each tab, and by when the first contacts among what needs work are due: with ``overdue`` they add up to it.
    While few are on the desk, one query reads what is needed of all."""
    midnight, people = end_of_day(now), Inquiry.objects.from_people()
    columns = ("first_tried_at", "due_at", "closed_at", "set_aside_at", "owner_id", "owner__is_active")
    few = list(people.filter(ON_DESK).order_by().values_list(*columns)[: BOUND + 1])
    aside = bounded_count(tab_queryset("aside", user, now))
    if len(few) > BOUND:
        wanted = {tab: tab_queryset(tab, user, now) for tab in LABELS if tab not in ("aside", "closed", FOR_ME)}
        untried = people.filter(ON_DESK, first_tried_at=None)
        wanted["later"] = untried.due_today(now)
        wanted["tomorrow"] = untried.filter(due_at__gte=midnight, due_at__lt=midnight + DAY)
        wanted["after"] = untried.filter(due_at__gte=midnight + DAY)
        return {"aside": aside} | {tab: bounded_count(rows) for tab, rows in wanted.items()}
    owners = [(owner, works) for *_times, closed, aside, owner, works in few if not (closed or aside)]
    first_contacts = [due for tried, due, *_rest in few if tried is None and due > now]
    overdue = sum(due <= now for _tried, due, *_rest in few)
    told = {
        NEEDS_WORK: overdue + len(first_contacts),
        "mine": sum(owner == user.pk for owner, _works in owners),
        "unassigned": sum(not works for _owner, works in owners),
        "overdue": overdue,
        "today": sum(due < midnight for _tried, due, *_rest in few),
        "open": len(owners),
        "later": sum(due < midnight for due in first_contacts),
        "tomorrow": sum(midnight <= due < midnight + DAY for due in first_contacts),
        "after": sum(midnight + DAY <= due for due in first_contacts),
    }
    return {"aside": aside} | {tab: Bounded(number) for tab, number in told.items()}

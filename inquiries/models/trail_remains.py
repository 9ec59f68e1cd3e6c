"""Whoever takes events or seals out of the audit trail leaves this behind, or has to change it too."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from inquiries.db import triggers
from inquiries.models import noted_seal
from inquiries.models.event_seals import EventSeal
from inquiries.models.events import Event
from inquiries.models.figures import TRIES, Figure
from inquiries.models.inquiry import Inquiry

# From which event on each name counts. Who renames themselves acts under the old name and is, as the account, already
# called by the new one.
COUNTS = {"actor": "pk__gt", "account": "pk__gte"}
SEALED_AFTER = timedelta(days=1)  # the worker seals after two minutes


def faults() -> Iterator[str]:
    if names := triggers.altered(connection):
        yield f"The database does not refuse to change events: missing or altered are {', '.join(names)}."
    if names := triggers.foreign(connection):
        yield f"The database does what this site did not ask for: {', '.join(names)}."
    if said := noted_seal.fault():
        yield said
    if count := Inquiry.objects.exclude(Exists(Event.objects.filter(inquiry=OuterRef("pk")))).count():
        yield f"Of {count} inquiries not one event is there."
    yield from _figures_of_more()
    if count := _left_unsealed().count():
        yield f"{count} events are older than a day and not sealed: no worker ran, or seals were taken out."
    yield from _names_that_differ()


def _figures_of_more() -> Iterator[str]:
    """Figures are added with the seals, and no event ever goes."""
    counted = Figure.objects.filter(kind=Figure.Kind.RECEIVED).aggregate(all=Sum("count"))["all"] or 0
    there = Event.objects.filter(verb=Event.Verb.RECEIVED).count()
    if counted > there:
        yield f"The figures count {counted} inquiries that came in, and the events {there}."
    if Figure.objects.exists() and not EventSeal.objects.exists():
        yield "There are figures, which come with seals, and no seal."


def _left_unsealed():
    """Without tries, whose time staff may put back."""
    sealed_to = EventSeal.objects.aggregate(last=Max("last_id"))["last"] or 0
    old = Event.objects.filter(pk__gt=sealed_to, at__lt=timezone.now() - SEALED_AFTER)
    return old.exclude(verb__in=TRIES)


def _names_that_differ() -> Iterator[str]:
    """Yield one sentence for each account whose name is in no event since the one of its renaming. Not the newest event
    alone is asked: a request under way during the renaming adds its own under the old name. One statement: a name being
    changed meanwhile is seen with its event or not at all."""
    renamed = Event.objects.filter(
        account=OuterRef("pk"), verb=Event.Verb.ACCOUNT_CHANGED, fields__contains="username"
    ).order_by("-pk")
    users = get_user_model()._base_manager.annotate(since=Coalesce(Subquery(renamed.values("pk")[:1]), Value(0)))
    is_named, is_so_called = Q(), Q()
    for role, from_ in COUNTS.items():
        since = Event.objects.filter(**{role: OuterRef("pk"), from_: OuterRef("since")})
        is_named |= Q(Exists(since.filter(**{f"{role}_name__gt": ""})))
        is_so_called |= Q(Exists(since.filter(**{f"{role}_name": OuterRef("username")})))
    for user in users.filter(is_named & ~is_so_called).order_by("pk"):
        yield f"Account {user.pk} is called {user.get_username()}, and its newest event says {name_in_trail(user)}."


def name_in_trail(user) -> str:
    rows = Event.objects.filter(Q(account=user, account_name__gt="") | Q(actor=user, actor_name__gt=""))
    event = rows.order_by("-pk").first()
    return event.account_name if event.account_id == user.pk else event.actor_name

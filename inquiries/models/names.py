"""User names held against the audit trail: a name that changed without an event of it was changed past the site."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from inquiries.models.events import Event

# From which event on each name counts. Who renames themselves acts under the old name and is, as the account, already
# called by the new one.
COUNTS = {"actor": "pk__gt", "account": "pk__gte"}


def names_that_differ() -> Iterator[str]:
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

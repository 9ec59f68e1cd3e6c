"""User names held against the audit trail: a name that changed without an event of it was changed past the site."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery

from inquiries.models.timeline import Event

NAMED_AS = ("actor", "account")


def names_that_differ() -> Iterator[str]:
    """Yield one sentence for each account whose user name is not the one in the newest event that names it."""
    newest = {role: Event.objects.filter(**{role: OuterRef("pk"), f"{role}_name__gt": ""}) for role in NAMED_AS}
    newest = {f"as_{role}": Subquery(rows.order_by("-pk").values("pk")[:1]) for role, rows in newest.items()}
    # One statement, so that a name being changed meanwhile is seen with its event or not at all.
    for user in get_user_model()._base_manager.annotate(**newest).order_by("pk"):
        name = name_in_trail(user)
        if name not in ("", user.get_username()):
            yield f"Account {user.pk} is called {user.get_username()}, and its newest event says {name}."


def name_in_trail(user) -> str:
    """Return the name that the newest event gives ``user``; empty where no event names the account."""
    event = Event.objects.filter(pk=max(user.as_actor or 0, user.as_account or 0)).first()
    if event is None:
        return ""
    # Who renames themselves acts under the old name and is, as the account, already called by the new one.
    return event.account_name if event.pk == user.as_account else event.actor_name

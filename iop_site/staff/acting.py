"""Who changes accounts just now: models record every change of one, and know nothing of a request."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar

COMMAND = "command"  # no request: a command, a shell, a migration
_acting = ContextVar("acting", default=(lambda: None, COMMAND))


@contextmanager
def by(find: Callable, how: str = ""):
    token = _acting.set((find, how))
    try:
        yield
    finally:
        _acting.reset(token)


def actor():
    """Return the account that acts; None for a command, and before anybody signed in."""
    user = _acting.get()[0]()
    return user if user is not None and user.is_authenticated else None


def how() -> str:
    return _acting.get()[1]

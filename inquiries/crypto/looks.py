"""Reading a sealed cell notes its inquiry, adding an event that the look is told of; what was read and not told is
recorded by the middleware of the desk when the page is done."""

from contextlib import contextmanager
from contextvars import ContextVar

MOST_NAMED = 10  # inquiries that get an event each; more are one event, as a list is

_look: ContextVar["Look | None"] = ContextVar("look", default=None)


class Look:
    def __init__(self):
        self.read: set[int] = set()
        self.told: set[int] = set()
        self.is_list_told = False

    @property
    def untold(self) -> list[int]:
        return [] if self.is_list_told else sorted(self.read - self.told)


@contextmanager
def _noted_by(look: Look | None):
    token = _look.set(look)
    try:
        yield look
    finally:
        _look.reset(token)


def watched():
    return _noted_by(Look())


def only_counted():
    """For code that reads cells to count people, or to leave them out, and shows none of them."""
    return _noted_by(None)


def note_read(row):
    look = _look.get()
    if look is None:
        return
    pk = row.pk if row._meta.label == "inquiries.Inquiry" else getattr(row, "inquiry_id", None)
    if pk is not None:
        look.read.add(pk)


def note_told(inquiry_id: int | None, is_list: bool):
    look = _look.get()
    if look is None:
        return
    look.is_list_told |= is_list
    if inquiry_id is not None:
        look.told.add(inquiry_id)

"""The worker indexes the names that an earlier release stored, once, some batches at a time between the mails."""

from collections.abc import Iterator

from inquiries.crypto import name_index
from inquiries.models import Event

BATCHES = 5  # of each pass, so that no mail waits


def note_done(added: int):
    Event.objects.create(verb=Event.Verb.NAMES_INDEXED, detail=f"n{added}")


class NameIndexer:
    """Whoever starts the worker again starts it from the first row: tokens are only added."""

    is_done = False
    walk: Iterator[tuple[int, int]] | None = None
    added = 0

    def index(self, now, should_stop):
        if self.is_done:
            return
        if self.walk is None:
            self.is_done = Event.objects.filter(verb=Event.Verb.NAMES_INDEXED).exists()
            self.walk = name_index.index_names()
        for _batch in range(0 if self.is_done else BATCHES):
            if should_stop():
                return
            step = next(self.walk, None)
            if step is None:
                note_done(self.added)
                self.is_done = True
                return
            _seen, self.added = step

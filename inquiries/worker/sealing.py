"""Events are sealed a minute or more after they were added, once none of a lower number can appear any more."""

import logging
from datetime import timedelta

from django.db import connection
from django.db.models import Max

from inquiries.models import Event, EventSeal, noted_seal

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)


class HighWaterMark:
    """The newest event, and which transactions could still add an older one. On PostgreSQL an event takes its number
    before it is committed, but its transaction holds a lock on the table from before that until its end: below the mark
    nothing can appear once all who held it have ended. SQLite lets one writer in at a time: its numbers are in the
    order of the commits."""

    def __init__(self, now):
        self.at = now
        self.newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
        self.adding = transactions_adding_events()  # read after ``newest``, so that nobody is missed

    def is_settled(self, now) -> bool:
        return now - self.at >= EVERY and not self.adding & transactions_adding_events()


def transactions_adding_events() -> set[str]:
    """None on SQLite."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation = %s::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [Event._meta.db_table],
        )
        return {row[0] for row in cursor.fetchall()}


class Sealer:
    mark: HighWaterMark | None = None

    def seal(self, now, should_stop=None):
        if self.mark and not self.mark.is_settled(now):
            return
        if self.mark and is_trail_there():
            EventSeal.objects.seal_up_to(self.mark.newest, now)
            noted_seal.note_newest()
        self.mark = HighWaterMark(now)


def is_trail_there() -> bool:
    """So that no forged past is sealed in its place."""
    if fault := noted_seal.fault():
        logger.error("the audit trail is not sealed any more: %s See manage.py verify_audit.", fault)
    return not fault

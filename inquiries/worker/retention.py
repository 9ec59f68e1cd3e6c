"""What is closed goes, and what somebody looked at and left set aside; never what is unread, waits for an answer or is
held."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from inquiries.db import sqlite
from inquiries.models import Event, Inquiry

logger = logging.getLogger(__name__)

BATCH = 500


def kinds(now) -> dict[str, Q]:
    """Each by the column that its time is counted from, which an index has in order."""
    since = now - timedelta(days=settings.RETENTION_DAYS)
    left = Q(closed_at=None, set_aside_at__isnull=False, left_aside_at__lte=since)
    return {"closed_at": Q(closed_at__lte=since), "left_aside_at": left}


def kept_long_enough(now):
    """Without what is closed because another one goes on, while that is open: its sender sees a request that waits."""
    closed, left_aside = kinds(now).values()
    rows = Inquiry.objects.not_going_on_elsewhere().filter(closed | left_aside)
    return rows.filter(sender_wrote_at=None, held_at=None, erased_at=None)


def purge(now, should_stop=lambda: False) -> int:
    """Return how many. May be killed and repeated; two at once share the work. May raise django.db.Error."""
    erased = 0
    try:
        for column, kind in kinds(now).items():
            rows = kept_long_enough(now).filter(kind).order_by(column, "id").values_list("pk", flat=True)
            while batch := list(rows.all()[:BATCH]):
                for pk in batch:
                    if should_stop():
                        return erased
                    erased += _erase(pk, now)
    finally:
        if erased:
            Event.objects.create(verb=Event.Verb.PURGED, detail=f"n{erased}")
            sqlite.checkpoint_wal()
    return erased


def _erase(pk: int, now) -> bool:
    with transaction.atomic():
        # Looked at again under lock: staff may just have held or reopened it.
        inquiry = kept_long_enough(now).select_for_update().filter(pk=pk).first()
        return bool(inquiry) and inquiry.erase(Event.Verb.ERASED)

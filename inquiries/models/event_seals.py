"""A chain of keyed hashes that shows any event changed, taken out or put in later. An older worker beside newer web
servers seals in its own older form, until it is replaced."""

import hashlib
import hmac
import json
import logging
from datetime import UTC

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from inquiries.crypto import keyring
from inquiries.models.append_only import AppendOnly, AppendOnlyQuerySet
from inquiries.models.events import Event
from inquiries.models.figures import Figure

logger = logging.getLogger(__name__)

FIRST = 1  # no event has a lower number
MOST_AT_ONCE = 2000  # events under one seal
LABEL = "audit seal"
# What each form of a seal holds of an event beside ``row_of``, by the words that its hash begins with. The first form
# had none, and its chain began with the hexadecimal seal before it: no text fits two forms.
NEWEST = "v4|"  # which also holds when it was made itself
FORMS = {
    NEWEST: lambda event: [*names_in(event), *inquiry_of(event)],
    "v3|": lambda event: [*names_in(event), *inquiry_of(event)],
    "v2|": lambda event: names_in(event),
    "": lambda event: [],
}


class EventSealQuerySet(AppendOnlyQuerySet):
    def seal_up_to(self, newest: int, now=None) -> int:
        made = 0
        while self._seal_next(newest, now or timezone.now()):
            made += 1
        return made

    def _seal_next(self, newest, now) -> bool:
        before = self.order_by("-last_id").first()
        first = before.last_id + 1 if before else FIRST
        events = list(sealed_rows(first, newest)[:MOST_AT_ONCE])
        if not events:
            return False
        seal = EventSeal.over(events, first, before, now)
        figures = Figure.objects.from_events(events)
        try:
            with transaction.atomic():
                seal.save(force_insert=True)
                Figure.objects.add(figures)
        except IntegrityError:
            return False  # another worker sealed the same events
        logger.info("audit sealed up to event %s: %s", seal.last_id, seal.digest)
        return True

    def verify(self):
        before = None
        if count := Event.objects.filter(pk__lt=FIRST).count():
            yield f"{count} events stand before the first that the database numbered."
        for seal in self.order_by("first_id").iterator():
            if seal.first_id != (before.last_id + 1 if before else FIRST):
                yield f"A seal is missing before event {seal.first_id}."
            events = list(seal.events())
            if len(events) != seal.count:
                yield f"Events {seal.first_id} to {seal.last_id}: {seal.count} were sealed, {len(events)} are there."
            elif not seal.fits(events, before):
                yield f"Events {seal.first_id} to {seal.last_id}: not what was sealed."
            before = seal


class EventSeal(AppendOnly):
    """The keyed hash over a range of events and over the seal before it; ranges follow one another without a gap. The
    worker also logs each, so that a log kept elsewhere shows when the newest were cut off with their events."""

    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    objects = EventSealQuerySet.as_manager()

    def __str__(self):
        return f"{self.first_id}–{self.last_id}"

    @classmethod
    def over(cls, events: list[Event], first: int, before: "EventSeal | None", now) -> "EventSeal":
        seal = cls(first_id=first, last_id=events[-1].pk, count=len(events), sealed_at=now)
        seal.digest = seal.digest_of(events, before)
        return seal

    def fits(self, events: list[Event], before: "EventSeal | None") -> bool:
        """Any form that was ever written fits; the hash says which it is, so none passes for another."""
        forms = (self.digest_of(events, before, form) for form in FORMS)
        return any(hmac.compare_digest(self.digest, words) for words in forms)

    def digest_of(self, events: list[Event], before: "EventSeal | None", form: str = NEWEST) -> str:
        rows = hashlib.sha256()
        for event in events:
            rows.update(json.dumps(row_of(event) + FORMS[form](event)).encode() + b"\n")
        chain = f"{before.digest if before else ''}|{self.first_id}|{self.last_id}|{len(events)}|{rows.hexdigest()}"
        made = f"|{moment(self.sealed_at)}" if form == NEWEST else ""
        return keyring.current().digest(LABEL, f"{form}{chain}{made}".encode()).hex()

    def events(self):
        return sealed_rows(self.first_id, self.last_id)


def sealed_rows(first: int, last: int):
    rows = Event.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    return rows.annotate(inquiry_uid=F("inquiry__uid"), inquiry_reference=F("inquiry__reference"))


def names_in(event: Event) -> list:
    return [event.actor_name, event.account_id, event.account_name]


def inquiry_of(event: Event) -> list:
    """Two inquiries whose numbers were swapped would swap their events."""
    uid = str(event.inquiry_uid) if event.inquiry_uid else None
    return [uid, event.inquiry_reference]


def row_of(event: Event) -> list:
    text = str(event.text_id) if event.text_id else None
    return [event.pk, event.inquiry_id, event.verb, event.actor_id, moment(event.at), event.fields, event.detail, text]


def moment(at) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")

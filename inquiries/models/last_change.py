"""What the last verb changed, so that it can be undone for a few minutes."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models

from inquiries.models.events import Event, account_key

LASTS = timedelta(minutes=10)
UNDOABLE = (
    "take",
    "hand_over",
    "log_try",
    "set_next",
    "move_on",
    "settle_referral",
    "settle_insurance",
    "mark_answered",
    "close",
    "same_request",
    "reopen",
    "set_aside",
    "bring_back",
    "not_real",
    "link",
    "not_same",
    "hold",
    "release",
)
# A claim ends with the try that it was for; when the try is undone, a colleague may have the person in hand.
NEVER_PUT_BACK = ("claimed_by", "claimed_at")


class LastChangeQuerySet(models.QuerySet):
    def remember(self, last: "LastChange"):
        columns = ("verb", "events", "actor", "at", "version", "before", "pair")
        self.bulk_create([last], update_conflicts=True, unique_fields=["inquiry"], update_fields=columns)

    def of(self, inquiry, now) -> "LastChange | None":
        """What can still be undone: neither time nor a later change is in the way."""
        return self.filter(inquiry=inquiry.pk, version=inquiry.version, at__gt=now - LASTS).first()

    def forget(self, now):
        self.filter(at__lte=now - LASTS).delete()


class LastChange(models.Model):
    """One row a case, for as long as it can be undone. It holds columns that staff sort by, which are in clear in the
    row of the inquiry too, and nothing that anybody wrote."""

    inquiry = models.OneToOneField("inquiries.Inquiry", models.CASCADE, related_name="last_change")
    verb = models.CharField(max_length=24)
    events = models.CharField(max_length=80, help_text="Which events an undo takes back, like tried:12,next-set:13.")
    actor = account_key(None, db_index=False)
    at = models.DateTimeField(db_index=True)
    version = models.PositiveIntegerField(help_text="Of the inquiry, once this was done.")
    # As text, since SQLite checks no JSON in a schema that it must not trust.
    before = models.TextField(default="{}", help_text="Columns, as JSON.")
    pair = models.TextField(default="{}", help_text="Of two that were linked or told apart, as JSON.")

    objects = LastChangeQuerySet.as_manager()

    def __str__(self):
        return f"{self.verb} of inquiry {self.inquiry_id}"

    def keep(self, columns: dict):
        self.before = json.dumps(columns, default=datetime.isoformat)

    def remember(self, made: list[Event], pair: dict | None):
        """With the events of it, of which one may stand with the other of a pair."""
        self.events = codes_for(event for event in made if event.inquiry_id == self.inquiry_id)
        of_other = codes_for(event for event in made if event.inquiry_id != self.inquiry_id)
        self.pair = json.dumps({**pair, "events": of_other} if pair else {})
        type(self).objects.remember(self)

    def values(self) -> dict:
        columns = self.inquiry._meta
        return {name: columns.get_field(name).to_python(kept) for name, kept in json.loads(self.before).items()}

    @property
    def event_ids(self) -> list[int]:
        return ids_in(self.events)


def codes_for(events: Iterable[Event]) -> str:
    return ",".join(f"{event.verb}:{event.pk}" for event in events)


def ids_in(codes: str) -> list[int]:
    return [int(code.partition(":")[2]) for code in codes.split(",")]


def undone_ids(*inquiries) -> set[int]:
    """The events that were taken back since."""
    undone = Event.objects.filter(inquiry__in=inquiries, verb=Event.Verb.UNDONE)
    return {pk for codes in undone.values_list("detail", flat=True) for pk in ids_in(codes)}

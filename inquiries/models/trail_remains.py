"""Whoever takes events or seals out of the audit trail leaves this behind, or has to change it too."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Sum
from django.utils import timezone

from inquiries.db import triggers
from inquiries.models import noted_seal
from inquiries.models.event_seals import EventSeal
from inquiries.models.events import Event
from inquiries.models.figures import TRIES, Figure
from inquiries.models.inquiry import Inquiry

SEALED_AFTER = timedelta(days=1)  # the worker seals after two minutes


def faults() -> Iterator[str]:
    """Yield one sentence for each thing that says that there was more, or that nothing guards it."""
    if names := triggers.altered(connection):
        yield f"The database does not refuse to change events: missing or altered are {', '.join(names)}."
    if said := noted_seal.fault():
        yield said
    if count := Inquiry.objects.exclude(Exists(Event.objects.filter(inquiry=OuterRef("pk")))).count():
        yield f"Of {count} inquiries not one event is there."
    yield from _figures_of_more()
    if count := _left_unsealed().count():
        yield f"{count} events are older than a day and not sealed: no worker ran, or seals were taken out."


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

"""What stands beside the trail and is in no seal: each event says which text, private code and reason are its own."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from inquiries.crypto import key_rotation, keyring
from inquiries.models.events import Event, ExportReason, InquiryText
from inquiries.models.figures import TRIES
from inquiries.models.inquiry import Inquiry

Kind, Verb = InquiryText.Kind, Event.Verb
KIND_OF = {
    Verb.AMENDED: Kind.AMENDMENT,
    Verb.PLAN_CHANGED: Kind.AMENDMENT,
    Verb.CORRECTED: Kind.AMENDMENT,
    Verb.ADDED: Kind.ADDITION,
    Verb.MESSAGED: Kind.MESSAGE,
    Verb.HELD: Kind.HOLD,
}
WITHOUT_REASON = ("", "month")  # what an operator takes by command, and the numbers of a month
SAME_TIME = timedelta(minutes=1)  # both are written in one transaction
BATCH = 200  # rows whose cells are opened at once


def faults() -> Iterator[str]:
    told = Event.objects.filter(text=OuterRef("uid"))
    moved = InquiryText.objects.exclude(Exists(told.filter(inquiry=OuterRef("inquiry"))))
    yield from (f"Text {text.uid} stands with inquiry {text.inquiry_id}, and no event says so." for text in moved)
    kept = Event.objects.filter(text__isnull=False, inquiry__erased_at=None)
    there = InquiryText.objects.filter(uid=OuterRef("text_id"))
    yield from (f"The text of event {event.pk} is gone." for event in kept.exclude(Exists(there)).order_by("pk"))
    fits = Q(*(Q(verb=verb, text__kind=kind) for verb, kind in KIND_OF.items()), _connector=Q.OR)
    others = kept.filter(Exists(there)).exclude(fits)
    for event in others.exclude(~Q(verb__in=KIND_OF), text__kind=Kind.NOTE).order_by("pk"):
        yield f"The text of event {event.pk} is of another kind than the event says."
    yield from (f"The text of event {pk} bears another time than the event." for pk in _times_that_differ(kept))
    yield from (f"The text of event {pk} does not stand in its turn." for pk in _out_of_turn(kept))
    yield from _codes()
    yield from _reasons()
    yield from _unreadable()


def _times_that_differ(events):
    """A try may be told of later than it was made."""
    earlier = events.filter(text__created_at__lt=F("at") - SAME_TIME)
    later = events.exclude(verb__in=TRIES).filter(text__created_at__gt=F("at") + SAME_TIME)
    return sorted({*earlier.values_list("pk", flat=True), *later.values_list("pk", flat=True)})


def _out_of_turn(events) -> Iterator[int]:
    """Texts of a kind follow one another by their numbers: the newest answers are in force."""
    newest = {}
    rows = events.filter(text__inquiry=F("inquiry")).values_list("pk", "text__pk", "inquiry", "text__kind")
    for pk, text, *of in rows.order_by("pk").iterator():
        if text < newest.get(tuple(of), text):
            yield pk
        newest[tuple(of)] = text


def _codes() -> Iterator[str]:
    """Inquiries that came in before events named their look-ups are not held."""
    named = Event.objects.filter(verb__in=(Verb.RECEIVED, Verb.CODE_GIVEN), detail__startswith="code:")
    newest = {}
    for event in named.filter(inquiry__isnull=False).order_by("pk").iterator():
        newest[event.inquiry_id] = event.detail
    rows = Inquiry._base_manager.values_list("pk", "submission_digest", "code_digest").order_by("pk")
    for pk, form, code in rows.iterator():
        if pk in newest and newest[pk] != Inquiry.look_ups(form, code):
            yield f"Inquiry {pk} is found by another private code or form than its events say."


def _reasons() -> Iterator[str]:
    exports = Event.objects.filter(verb=Verb.EXPORTED, inquiry=None).order_by("pk")
    reasons = {reason.event_id: reason for reason in ExportReason.objects.defer("body")}
    for event in exports:
        form, *rest = event.detail.split(",")
        if form in WITHOUT_REASON:
            continue
        reason, mark = reasons.get(event.pk), rest[1:]
        if reason is None:
            yield f"The reason of export {event.pk} is gone."
        elif mark and mark != [reason.mark]:
            yield f"The reason of export {event.pk} is that of another one."


def _unreadable() -> Iterator[str]:
    ring = keyring.current()
    for model in key_rotation.encrypted_models():
        for batch in key_rotation.batches(key_rotation.filled(model), BATCH):
            for row in batch:
                for column in key_rotation.encrypted_fields(model):
                    if cell := row.__dict__[column.attname]:
                        try:
                            ring.open(cell, column.place(row))
                        except keyring.SealError as error:
                            yield f"{model._meta.db_table} {row.uid} {column.name} cannot be read: {error}."

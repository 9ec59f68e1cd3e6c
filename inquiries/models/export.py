import uuid

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from inquiries.crypto.fields import EncryptedTextField
from inquiries.models.events import Event


class ExportReason(models.Model):
    """Its event says who, when, in which form and how many."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    body = EncryptedTextField(_("reason"))

    def __str__(self):
        return f"reason of event {self.event_id}"

    @classmethod
    def record(cls, actor, reason: str, form: str, ids: list[int]) -> "ExportReason":
        """Call it before the first inquiry leaves."""
        with transaction.atomic():
            event = Event.objects.create(verb=Event.Verb.EXPORTED, actor=actor, detail=f"{form},{len(ids)}")
            if form != "weeks":  # numbers tell nothing of one inquiry
                each = (Event(inquiry_id=pk, verb=Event.Verb.EXPORTED, actor=actor, detail=form) for pk in ids)
                Event.objects.bulk_create(each, batch_size=500)
            return cls.objects.create(event=event, body=reason)

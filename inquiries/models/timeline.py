"""What happened to an inquiry and who saw it: events that are only ever added, and the encrypted words beside them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.fields import EncryptedTextField


class InquiryText(models.Model):
    """Free text that belongs to an inquiry. Erasing an inquiry deletes these rows; the events that point here stay."""

    class Kind(models.TextChoices):
        AMENDMENT = "amendment", _("answers changed and sent again")
        NOTE = "note", _("note")
        MESSAGE = "message", _("message to the sender")
        ADDITION = "addition", _("added by the sender")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inquiry = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=10, choices=Kind)
    body = EncryptedTextField()
    digest = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the words.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.uid}"


class Event(models.Model):
    """One thing that was done: the timeline of an inquiry and the audit trail of the desk in one table.

    Rows are only ever added (the database itself refuses to change or delete them) and hold no personal data: a
    verb, who, when, which inquiry, and the names of changed fields, never their values. Free text stands in
    InquiryText.
    """

    class Verb(models.TextChoices):
        RECEIVED = "received", _("Received")
        AMENDED = "amended", _("Sent again with changes")
        OPENED = "opened", _("Opened")
        LISTED = "listed", _("Looked at the list")
        EXPORTED = "exported", _("Exported")
        CHANGED = "changed", _("Changed")

    inquiry = models.ForeignKey(
        "inquiries.Inquiry", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    verb = models.CharField(max_length=24, choices=Verb)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the sender, or the system.",
    )
    at = models.DateTimeField(default=timezone.now)
    fields = models.CharField(max_length=255, blank=True, help_text="Names of what changed, with blanks between.")
    # No constraint: the text is deleted when its inquiry is erased, and this row may not change then.
    text = models.ForeignKey(
        InquiryText,
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        to_field="uid",
        related_name="+",
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["inquiry", "-id"], name="inquiries_event_timeline")]

    def __str__(self):
        return f"{self.get_verb_display()} at {self.at:%Y-%m-%d %H:%M}"

"""What happened to an inquiry and who saw it, why it was exported, and the encrypted words beside it."""

import re
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.crypto import looks
from inquiries.crypto.fields import EncryptedTextField
from inquiries.models.append_only import AppendOnly

CODES = re.compile(r"[a-z0-9.:_,-]*")


class InquiryText(models.Model):
    """Erasing an inquiry deletes these rows; the events that point here stay."""

    class Kind(models.TextChoices):
        AMENDMENT = "amendment", _("answers changed and sent again")
        NOTE = "note", _("note")
        MESSAGE = "message", _("message to the sender")
        ADDITION = "addition", _("added by the sender")
        HOLD = "hold", _("reason to keep it longer")

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


def verb_choices():
    """By a name, so that a new verb needs no migration and the table no rebuilding."""
    return Event.Verb.choices


def account_key(label, **options) -> models.ForeignKey:
    options |= {"null": True, "blank": True, "related_name": "+", "verbose_name": label}
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, **options)


class NameOfDay(models.CharField):
    """The user name that the account in ``of`` has when the row is written; NULL in rows of old releases."""

    def __init__(self, *args, of: str, **kwargs):
        self.of = of
        super().__init__(*args, max_length=150, null=True, editable=False, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "null", "editable"):
            del kwargs[given]
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, instance, add):
        account = getattr(instance, self.of)
        setattr(instance, self.attname, account.get_username() if account else "")
        return getattr(instance, self.attname)


class Event(AppendOnly):
    """The timeline of an inquiry and the audit trail of the desk in one table. It holds nothing of a person who asked:
    names of changed fields, never values. Of staff it holds the user names of that day. Free text stands in
    InquiryText."""

    class Verb(models.TextChoices):
        RECEIVED = "received", _("Received")
        TAKEN_DOWN = "taken-down", _("Took it down")
        AMENDED = "amended", _("Sent again with changes")
        REPEATED = "repeated", _("Same answers sent again")
        ADDED = "added", _("Added something")
        PLAN_CHANGED = "plan-changed", _("Changed how to be reached, on the status page")
        WITHDRAWN = "withdrawn", _("Took the request back")
        CODE_GIVEN = "code-given", _("Gave a new private code in a call")
        STATUS_READ = "status-read", _("Read the status page")
        OPENED = "opened", _("Opened")
        WORDS_READ = "words-read", _("Read the new words")
        SEEN = "seen", _("Saw the name or an answer")
        LISTED = "listed", _("Looked at the list")
        SEARCHED = "searched", _("Searched")
        EXPORTED = "exported", _("Exported")
        PRINTED = "printed", _("Printed the case sheet")
        CHANGED = "changed", _("Changed")
        CLAIMED = "claimed", _("Took it in hand")
        LET_GO = "let-go", _("Put it out of hand")
        TAKEN = "taken", _("Took it")
        HANDED_OVER = "handed-over", _("Handed over")
        TRIED = "tried", _("Tried to contact")
        REACHED = "reached", _("Spoke with the person")
        NOTED = "noted", _("Wrote a note")
        MESSAGED = "messaged", _("Wrote to the sender")
        ANSWERED = "answered", _("Marked new words as answered")
        CORRECTED = "corrected", _("Corrected what is known")
        NEXT_SET = "next-set", _("Set the next action")
        DUE_MOVED = "due-moved", _("Due on another day, by the hours and closed days")
        MOVED_ON = "moved-on", _("Moved on")
        REFERRAL_SETTLED = "referral-settled", _("Referral settled")
        INSURANCE_SETTLED = "insurance-settled", _("Insurance settled")
        SET_ASIDE = "set-aside", _("Set aside as a robot")
        BROUGHT_BACK = "brought-back", _("Brought back: not a robot")
        ADDRESS_REFUSED = "address-refused", _("The mail server refused the email address")
        LINKED = "linked", _("Linked to another inquiry")
        UNLINKED = "unlinked", _("Said not to be the same person")
        HELD = "held", _("Kept longer")
        RELEASED = "released", _("No longer kept longer")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        UNDONE = "undone", _("Undid")
        ERASED = "erased", _("Erased")
        PURGED = "purged", _("Erased what was kept long enough")
        NAMES_INDEXED = "names-indexed", _("Made names findable without marks")
        KEYS_ROTATED = "keys-rotated", _("Changed the encryption key")
        RETRIED = "retried", _("Sent a notice again")
        SIGNED_IN = "signed-in", _("Signed in")
        SIGN_IN_FAILED = "sign-in-failed", _("Sign-in refused")
        SIGNED_OUT = "signed-out", _("Signed out")
        LOCKED_OUT = "locked-out", _("Locked out")
        DEVICE_ADDED = "device-added", _("Added a second factor")
        DEVICE_REMOVED = "device-removed", _("Removed a second factor")
        ACCOUNT_MADE = "account-made", _("Made an account")
        ACCOUNT_CHANGED = "account-changed", _("Changed an account")
        SWITCHED_ON = "switched-on", _("Switched an account on")
        SWITCHED_OFF = "switched-off", _("Switched an account off")
        ROLE_GIVEN = "role-given", _("Gave a role")
        ROLE_TAKEN = "role-taken", _("Took a role away")
        AUDIT_READ = "audit-read", _("Read the audit trail")
        BACKED_UP = "backed-up", _("Made a backup")
        RESTORED = "restored", _("Restored a backup")

    inquiry = models.ForeignKey(
        "inquiries.Inquiry", models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("inquiry")
    )
    verb = models.CharField(_("action"), max_length=24, choices=verb_choices)
    actor = account_key(_("person"), help_text=_("Nobody: the sender, or the system."))
    actor_name = NameOfDay(of="actor")
    # What was done to an account. One that changes itself is its own actor.
    account = account_key(_("account"), db_index=False)
    account_name = NameOfDay(of="account")
    at = models.DateTimeField(_("when"), default=timezone.now)
    fields = models.CharField(
        _("changed"), max_length=255, blank=True, help_text=_("Names of what changed, with blanks between.")
    )
    detail = models.CharField(
        _("details"), max_length=80, blank=True, help_text=_("Codes, such as a stage; never a person's words.")
    )
    # No constraint: the text is deleted when its inquiry is erased, and this row may not change then.
    text = models.ForeignKey(
        InquiryText, models.DO_NOTHING, null=True, blank=True, db_constraint=False, to_field="uid", related_name="+"
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events of the audit trail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="inquiries_event_at"),
            models.Index(fields=["inquiry", "-id"], name="inquiries_event_timeline"),
            models.Index(fields=["verb", "-id"], name="inquiries_event_verb"),
            models.Index(fields=["actor", "-id"], condition=Q(actor__isnull=False), name="inquiries_event_actor"),
            models.Index(fields=["account", "-id"], condition=Q(account__isnull=False), name="inquiries_event_account"),
        ]

    def __str__(self):
        return f"{self.get_verb_display()}, {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs):
        if not CODES.fullmatch(self.detail):
            raise ValueError("detail holds codes only")
        super().save(*args, **kwargs)
        if self.actor_id:
            looks.note_told(self.inquiry_id, is_list=self.verb in OF_A_LIST and self.inquiry_id is None)

    @classmethod
    def tell_looks(cls, ids: list[int], actor, page: str, of: int | None = None):
        """One event for each inquiry seen on ``page`` (a code). Of very many only that which the page is ``of`` has its
        own, as any number of others may share a phone with it; they are one event together."""
        named = ids if len(ids) <= looks.MOST_NAMED else [pk for pk in ids if pk == of]
        cls.objects.bulk_create(cls(inquiry_id=pk, verb=cls.Verb.SEEN, actor=actor, detail=page) for pk in named)
        if others := len(ids) - len(named):
            cls.objects.create(verb=cls.Verb.SEEN, actor=actor, detail=f"{page}:{others}")


# One event for all that a page of the list, or a file, shows.
OF_A_LIST = (Event.Verb.LISTED, Event.Verb.SEARCHED, Event.Verb.EXPORTED)


class ExportReason(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    body = EncryptedTextField(_("reason"))

    def __str__(self):
        return f"reason of event {self.event_id}"

    @classmethod
    def record(cls, actor, reason: str, form: str, ids: list[int]) -> "ExportReason":
        """Call it before the first inquiry leaves."""
        with transaction.atomic():
            told = cls(body=reason)
            detail = f"{form},{len(ids)},{told.mark}"
            told.event = Event.objects.create(verb=Event.Verb.EXPORTED, actor=actor, detail=detail)
            if form != "weeks":  # numbers tell nothing of one inquiry
                each = (Event(inquiry_id=pk, verb=Event.Verb.EXPORTED, actor=actor, detail=form) for pk in ids)
                Event.objects.bulk_create(each, batch_size=500)
            told.save(force_insert=True)
            return told

    @property
    def mark(self) -> str:
        """It stands in the event, which is sealed: the reason of another export does not pass for this one."""
        return f"reason:{self.uid.hex[:16]}"

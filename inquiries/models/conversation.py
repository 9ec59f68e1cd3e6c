"""What staff and the sender say to one another, until the sender takes the request back."""

from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from inquiries import danger
from inquiries.crypto import tokens
from inquiries.models.erasure import Erasure
from inquiries.models.events import Event, InquiryText
from inquiries.models.key_checks import KeyCheck
from inquiries.models.outbox import OutboxNotice

SAME_READING = timedelta(minutes=30)


class Kept(StrEnum):
    """What became of words that the sender added; empty only of an erased inquiry."""

    NOW = "now"
    BEFORE = "before"
    NOT = ""


class Conversation(Erasure):
    """The counted update comes first in each transaction: two requests for one inquiry wait for one another."""

    class Meta:
        abstract = True

    def note_reading(self, now=None):
        now = now or timezone.now()
        if not self.events.filter(verb=Event.Verb.STATUS_READ, at__gt=now - SAME_READING).exists():
            Event.objects.create(inquiry=self, verb=Event.Verb.STATUS_READ, at=now)

    def write_message(self, text: str, actor, *, version=None, now=None):
        """Show ``text`` on the status page: it answers what the sender had written when this was read."""
        KeyCheck.objects.verify_once()
        now = now or timezone.now()
        due_at = Case(When(closed_at=None, then=F("due_at")), default=Value(None))
        with transaction.atomic():
            values = {"sender_wrote_at": None, "due_at": due_at}
            self.change("write_message", values, actor=actor, version=version, now=now)
            self._say(InquiryText.Kind.MESSAGE, Event.Verb.MESSAGED, text, actor=actor, now=now)
            OutboxNotice.objects.bulk_create(OutboxNotice.to_sender(OutboxNotice.Kind.SENDER_MESSAGE, self))

    def add_words(self, text: str, now=None, once: str = "") -> Kept:
        """Keep ``text``, once for each page that ``once`` was drawn for. It reopens nothing: staff decide that."""
        KeyCheck.objects.verify_once()
        now = now or timezone.now()
        digest = tokens.addition_digest(once, text) if once else ""
        with transaction.atomic():
            if not self._change_unless_erased():
                return Kept.NOT
            if self.has_words(text, once):
                return Kept.BEFORE
            self._say(InquiryText.Kind.ADDITION, Event.Verb.ADDED, text, digest=digest, now=now)
            self.hear_from_sender(now, text)
            OutboxNotice.objects.bulk_create(OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_ADDED, self))
        return Kept.NOW

    def has_words(self, text: str, once: str) -> bool:
        digest = tokens.addition_digest(once, text)
        return bool(once) and self.texts.filter(kind=InquiryText.Kind.ADDITION, digest=digest).exists()

    def hear_from_sender(self, now, *words: str):
        """What was set aside comes back if ``words`` tell of danger, or no mail would tell staff. The sender sees none
        of it."""
        self.refresh_from_db(fields=["set_aside_at", "closed_at"])
        if self.set_aside_at and any(danger.tells_of_danger(text) for text in words):
            self.bring_back(None, now=now)
        due_at = Case(When(Q(due_at=None) | Q(due_at__gt=now), then=Value(now)), default=F("due_at"))
        self._change_unless_erased(sender_wrote_at=now, due_at=due_at, version=F("version") + 1)

    def withdraw(self, now=None) -> bool:
        """Erase at once; False when it was erased. A hold is against age, and does not stop its sender."""
        now = now or timezone.now()
        outcome = Case(When(closed_at=None, then=Value(self.Outcome.WITHDRAWN)), default=F("outcome"))
        with transaction.atomic():
            if not self._change_unless_erased(withdrawn_at=now, outcome=outcome):
                return False
            self.erase(Event.Verb.WITHDRAWN, now=now)
            OutboxNotice.objects.bulk_create(OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_WITHDRAWN, self))
        return True

    def _change_unless_erased(self, **columns) -> bool:
        columns = columns or {"version": F("version")}
        changed = type(self).objects.filter(pk=self.pk, erased_at=None).update(**columns)
        if changed:
            self.refresh_from_db(fields=list(columns))
        return bool(changed)

    def _say(self, kind, verb, body: str, *, now, actor=None, digest=""):
        text = InquiryText.objects.create(inquiry=self, kind=kind, body=body, digest=digest, created_at=now)
        Event.objects.create(inquiry=self, verb=verb, actor=actor, at=now, text=text)

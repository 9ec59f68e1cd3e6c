"""What staff and the sender say to one another, until the sender takes the request back."""

from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries import danger
from inquiries.crypto import tokens
from inquiries.db import sqlite
from inquiries.models.events import Event, InquiryText
from inquiries.models.key_checks import KeyCheck
from inquiries.models.outbox import OutboxNotice
from inquiries.models.transitions import IS_OPEN, InvalidTransition
from inquiries.models.undelivered import Undelivered

SAME_READING = timedelta(minutes=30)
NO_CALL = _("Only in a call that you placed, and this person did not ask for calls. Nothing was changed.")


class Kept(StrEnum):
    """What became of words that the sender added; empty only of an erased inquiry."""

    NOW = "now"
    BEFORE = "before"
    NOT = ""


class Conversation(Undelivered):
    """The counted update comes first in each transaction: two requests for one inquiry wait for one another."""

    class Meta:
        abstract = True

    def note_reading(self, now=None):
        now = now or timezone.now()
        if not self.events.filter(verb=Event.Verb.STATUS_READ, at__gt=now - SAME_READING).exists():
            Event.objects.create(inquiry=self, verb=Event.Verb.STATUS_READ, at=now)

    def write_message(self, text: str, actor, *, version=None, now=None):
        """Show ``text`` on the status page: it answers what the sender had written when this was read.

        It begins the step Contacting, whatever the way: what another request forbids must not be seen by this step.
        Where nothing else is allowed it is the try to contact them.
        """
        KeyCheck.objects.verify_once()
        now = now or timezone.now()
        due_at = Case(When(closed_at=None, then=F("due_at")), default=Value(None))
        values, tried = {"sender_wrote_at": None, "due_at": due_at}, []
        with transaction.atomic():
            if self.is_in_work:
                values |= self._begun()
                if self.is_only_written_here:
                    values |= self._tried(now) | self._claim_ended_of(actor)
                    tried = [{"verb": Event.Verb.TRIED, "detail": self.TryResult.WROTE.value}]
                if self.reach_way == self.ContactWay.STATUS_PAGE:
                    first, again = self.NextAction.FIRST_CONTACT, self.NextAction.CONTACT_AGAIN
                    values["next_action"] = Case(When(next_action=first, then=Value(again)), default=F("next_action"))
            also = [IS_OPEN] if tried else []
            self.change("write_message", values, *tried, also=also, actor=actor, version=version, now=now)
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
        is_danger = any(map(danger.tells_of_danger, words))
        if self.set_aside_at and is_danger:
            self.bring_back(None, now=now)
        due_at = Case(When(Q(due_at=None) | Q(due_at__gt=now), then=Value(now)), default=F("due_at"))
        mark = {"danger_read": self.sealed_danger()} if is_danger else {}
        values = {"sender_wrote_at": now, "due_at": due_at, "address_refused_at": None, **mark}
        self._change_unless_erased(version=F("version") + 1, **values)

    def has_code(self, code: str) -> bool:
        return self.code_digest == tokens.code_digest(code)

    @staticmethod
    def look_ups(submission_digest: str, code_digest: str) -> str:
        """How the hashes begin by which a row is found, for an event, which is sealed: swapped, they are shown."""
        return f"code:{code_digest[: tokens.MARK]},form:{submission_digest[: tokens.MARK]}"

    def is_open_on(self, page: tokens.StatusKey) -> bool:
        """Whether a page of the status was opened by the code in force. One of the release before tells no code."""
        if page.code_mark:
            return self.code_digest.startswith(page.code_mark)
        return not self.events.filter(verb=Event.Verb.CODE_GIVEN).exists()

    def give_new_code(self, actor, *, version=None, now=None) -> str:
        """Put a new private code in the place of the one in force, and return it: nobody can read it again.

        Like ``take_back``, only in a call that staff placed by the plan: whoever calls, writes or knows the reference
        may be somebody else.
        """
        self._check_that_a_call_is_allowed()
        KeyCheck.objects.verify_once()
        code = tokens.new_code()
        values = {"code_digest": tokens.code_digest(code)}
        found_by = self.look_ups(self.submission_digest, values["code_digest"])
        event = {"verb": Event.Verb.CODE_GIVEN, "detail": found_by}
        self.change("give_new_code", values, event, actor=actor, version=version, now=now)
        self.refresh_from_db(fields=["code_digest"])
        return code

    def take_back(self, actor, *, version=None, now=None):
        """Withdraw the request for the person, who asked for it in a call of ours."""
        self._check_that_a_call_is_allowed()
        with transaction.atomic():
            self.change("take_back", {}, actor=actor, version=version, now=now)
            self.withdraw(now=now, actor=actor)

    def _check_that_a_call_is_allowed(self):
        if not self.erased_at and not self.may_call:
            raise InvalidTransition(NO_CALL)

    def withdraw(self, now=None, actor=None) -> bool:
        """Erase at once what the sender sent, close the inquiry and tell staff its reference; False when it was erased.

        ``actor`` is who did it for the sender, in a call. A hold does not stop this: it keeps an inquiry from being
        erased by its age, not from its sender.
        """
        now = now or timezone.now()
        outcome = Case(When(closed_at=None, then=Value(self.Outcome.WITHDRAWN)), default=F("outcome"))
        with transaction.atomic():
            if not self._change_unless_erased(withdrawn_at=now, outcome=outcome):
                return False
            self.erase(Event.Verb.WITHDRAWN, actor, now, detail="call" if actor else "")
            OutboxNotice.objects.bulk_create(OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_WITHDRAWN, self))
            transaction.on_commit(sqlite.checkpoint_wal, robust=True)
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

"""What staff do to an inquiry: each verb is one change with its events, and the sentence for whoever may not."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.crypto import keyring
from inquiries.models.claims import ENDED, Claims
from inquiries.models.events import Event, InquiryText
from inquiries.models.last_change import undone_ids
from inquiries.models.office_hours import WeeklyHours
from inquiries.models.outbox import OutboxNotice
from inquiries.models.stages import Triage
from inquiries.models.transitions import IS_OPEN, IS_READ, NEEDS, InvalidTransition, Need, day_code

Verb = Event.Verb
# No person waits unseen for more than a quarter of a year. Whoever is to wait longer, for a new year of
# insurance for one, is looked at in between.
LONGEST_PAUSE = timedelta(days=90)
# Who ends the work has read the sender's words, or the page would be stale; later ones make it due again.
OVER = {"due_at": None, "planned_due_at": None, "next_action": "", "sender_wrote_at": None}
IN_WORK = {
    "closed_at": None,
    "set_aside_at": None,
    "left_aside_at": None,
    "planned_due_at": None,
    "outcome": "",
    "told": "",
}

DANGER = _("Its words tell of danger. Read it. If it is not real, close it.")
DANGER_ASIDE = _("Its words tell of danger. Read it, and say whether it is a robot's.")
ONLY_HERE = _("Nobody calls, texts or emails here. Write to the sender: that is the contact.")
ANSWER_FIRST = _("Answer their new words first.")
VOICEMAIL_TOO = _("A voicemail is left when no one answers. Choose “No answer”, or take away the tick.")
SPOKEN, WRITTEN = Q(verb=Verb.REACHED), Q(verb=Verb.TRIED, detail=Triage.TryResult.WROTE.value)
# By what a person was told, if staff say so; the status page tells by itself.
TELLS = {
    Triage.Told.CALL: (SPOKEN, _("Nobody spoke with this person yet. Log the call first.")),
    **dict.fromkeys(
        (Triage.Told.TEXT, Triage.Told.EMAIL),
        (SPOKEN | WRITTEN, _("Nobody wrote to this person yet. Log the message first.")),
    ),
}


def is_too_far(due_at, now) -> bool:
    """Of the last day every hour may still be chosen."""
    return timezone.localtime(due_at).date() > timezone.localtime(now).date() + LONGEST_PAUSE


def may_work(user) -> bool:
    return user.is_active and user.has_perm("inquiries.change_inquiry")


class Verbs(Claims):
    """Each takes the ``version`` its page was shown at; it may raise Refused, and then changes nothing."""

    class Meta:
        abstract = True

    def take(self, actor, *, version=None, now=None):
        self.change("take", {"owner": actor}, {"verb": Verb.TAKEN}, actor=actor, version=version, now=now)

    def hand_over(self, to, actor, *, version=None, now=None, note=""):
        if to is not None and not may_work(to):
            raise InvalidTransition(_("This person cannot work on inquiries."))
        elsewhere = Q(owner__isnull=False) if to is None else ~Q(owner=to) | Q(owner=None)
        also = [Need(elsewhere, _("This inquiry stands there already."))]
        event = {"verb": Verb.HANDED_OVER, "detail": f"to:{to.pk if to else 'nobody'}"}
        with transaction.atomic():
            self.change("hand_over", {"owner": to}, event, also=also, actor=actor, version=version, now=now, note=note)
            if to not in (None, actor):
                told = OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_HANDED_OVER, self)
                OutboxNotice.objects.bulk_create(told)

    def log_try(
        self, result, actor, *, next_action, due_at, left_voicemail=False, note="", at=None, version=None, now=None
    ):
        """Without ``next_action`` and ``due_at`` what was planned stays. The first try begins the step Contacting."""
        now = now or timezone.now()
        at, result = at or now, self.TryResult(result)
        if not self.received_at <= at <= now:
            raise InvalidTransition(_("A try cannot be in the future, or before the inquiry came in."))
        if self.is_only_written_here:
            raise InvalidTransition(ONLY_HERE)
        if left_voicemail and not self.may_leave_voicemail:
            raise InvalidTransition(_("This person asked for no voicemail."))
        if left_voicemail and result != self.TryResult.NO_ANSWER:
            raise InvalidTransition(VOICEMAIL_TOO)
        is_reached = result == self.TryResult.SPOKE
        values = {
            **self._tried(at),
            **self._claim_ended_of(actor),
            **self._next(next_action, due_at, now),
        }
        if is_reached:
            values["first_reached_at"] = Least(Coalesce("first_reached_at", Value(at)), Value(at))
        tried = {
            "verb": Verb.REACHED if is_reached else Verb.TRIED,
            "detail": f"{result},voicemail" if left_voicemail else result.value,
            "at": at,
        }
        events = [tried, *self._next_event(next_action, due_at)]
        also = self._read_before_plan() if next_action else []
        self.change("log_try", values, *events, also=also, actor=actor, version=version, now=now, note=note)

    def note(self, text: str, actor, *, version=None, now=None):
        if not text.strip():
            raise InvalidTransition(_("Write the note first."))
        self.change("note", {}, {"verb": Verb.NOTED}, actor=actor, version=version, now=now, note=text)

    def set_next(self, next_action, due_at, actor, *, version=None, now=None):
        now = now or timezone.now()
        values, events = self._next(next_action, due_at, now, is_needed=True), self._next_event(next_action, due_at)
        also = self._read_before_plan()
        self.change("set_next", values, *events, also=also, actor=actor, version=version, now=now)

    def move_on(self, actor, *, next_action, due_at, version=None, now=None, note=""):
        now = now or timezone.now()
        stage, then = self.stage, self.stage_after(self.stage)
        if then is None:
            raise self.refusal(None, NEEDS["move_on"])
        also = [Need(Q(stage=stage), _("A colleague moved this inquiry on.")), *self._read_before_plan()]
        moved = {"verb": Verb.MOVED_ON, "detail": then.value}
        values = {"stage": then, **self._next(next_action, due_at, now, is_needed=True)}
        events = self._next_event(next_action, due_at)
        self.change("move_on", values, moved, *events, also=also, actor=actor, version=version, now=now, note=note)

    def settle_referral(self, actor, *, version=None, now=None):
        now = now or timezone.now()
        event = {"verb": Verb.REFERRAL_SETTLED}
        self.change("settle_referral", {"referral_settled_at": now}, event, actor=actor, version=version, now=now)

    def settle_insurance(self, actor, *, version=None, now=None):
        now = now or timezone.now()
        event = {"verb": Verb.INSURANCE_SETTLED}
        self.change("settle_insurance", {"insurance_settled_at": now}, event, actor=actor, version=version, now=now)

    def mark_answered(self, actor, *, version=None, now=None):
        """Not while what tells of danger is set aside as a robot's."""
        is_no_robot_s = Need(Q(set_aside_at=None) | Q(closed_at__isnull=False), DANGER_ASIDE)
        also = [is_no_robot_s] if self.tells_of_danger else []
        due_at = Case(When(closed_at=None, set_aside_at=None, then=F("due_at")), default=Value(None))
        values, event = {"sender_wrote_at": None, "due_at": due_at}, {"verb": Verb.ANSWERED}
        self.change("mark_answered", values, event, also=also, actor=actor, version=version, now=now)

    def read_words(self, actor, *, version=None, now=None):
        """Record that ``actor`` read the new words that were there at ``version``. No page grows stale by it."""
        rows = self.row_for("read_words")
        if not (rows if version is None else rows.filter(version=version)).exists():
            raise self.refusal(version, NEEDS["read_words"])
        Event.objects.create(inquiry=self, verb=Verb.WORDS_READ, actor=actor, at=now or timezone.now())

    def has_read_words(self, actor) -> bool:
        """Whether no words of the sender wait that ``actor`` did not read."""
        if not self.sender_wrote_at:
            return True
        read = self.events.filter(verb=Verb.WORDS_READ, actor=actor, at__gte=self.sender_wrote_at)
        return read.exists()

    def opened(self, actor, *, now=None):
        """Neither its place in a list nor its version changes."""
        now = now or timezone.now()
        Event.objects.create(inquiry=self, verb=Verb.OPENED, actor=actor, at=now)
        rows = type(self)._base_manager.filter(pk=self.pk)
        if self.opened_at is None:
            rows.filter(opened_at=None).update(opened_at=now)
            self.opened_at = now
        if self.is_undecided:
            rows.filter(set_aside_at__isnull=False, closed_at=None).update(left_aside_at=now)
            self.left_aside_at = now

    def _begun(self) -> dict:
        received, contacting = self.Stage.RECEIVED, self.Stage.CONTACTING
        return {"stage": Case(When(stage=received, then=Value(contacting)), default=F("stage"))}

    def _tried(self, at) -> dict:
        """Return the columns of one try; the first one begins the step Contacting."""
        first = Least(Coalesce("first_tried_at", Value(at)), Value(at))
        return {"tries": F("tries") + 1, "first_tried_at": first, **self._begun()}

    def _next(self, action, due_at, now, *, is_needed=False) -> dict:
        """InvalidTransition when it is half said, past or too far away."""
        if not action and not due_at and not is_needed:
            return {}
        if action not in self.NextAction.values or due_at is None:
            raise InvalidTransition(_("Choose what comes next, and when."))
        if due_at <= now:
            raise InvalidTransition(_("The next action must be in the future."))
        if is_too_far(due_at, now):
            raise InvalidTransition(_("The next action must be within %(days)d days.") % {"days": LONGEST_PAUSE.days})
        return {"next_action": action, "due_at": due_at}

    def _read_before_plan(self) -> list[Need]:
        """Words of danger are not put off to a later day by somebody who only saw the list."""
        return [IS_READ] if self.opened_at is None and self.tells_of_danger else []

    @staticmethod
    def _next_event(action, due_at) -> list[dict]:
        return [{"verb": Verb.NEXT_SET, "detail": f"{action},{day_code(due_at)}"}] if action else []

    @property
    def allowed_told(self) -> list:
        asked = {self.Told.CALL: self.may_call, self.Told.TEXT: self.may_text, self.Told.EMAIL: self.may_email}
        return [told for told in self.Told if asked.get(told, True)]

    def why_not_told(self, told, other=None):
        """Why nobody can have told the person so, in this request or in ``other``, the one of the same person; empty
        when they can."""
        tells, refusal = TELLS.get(told, (None, ""))
        both = [self, other or self]
        said = Event.objects.filter(tells, inquiry__in=both).exclude(pk__in=undone_ids(*both)) if tells else None
        is_told = said is None or said.exists()
        return "" if is_told else refusal

    def close(self, outcome, told, actor, *, note="", other=None, version=None, now=None):
        """``other`` is the inquiry of the same person, in which the work goes on. Nothing is closed unread."""
        now = now or timezone.now()
        outcome, told = self._checked_end(outcome, told, note, other)
        how = {"actor": actor, "version": version, "now": now, "note": note, "also": [IS_READ]}
        with transaction.atomic():
            if other is not None:
                self._check_that_work_goes_on_in(other)
            self._close("close", outcome, told, self._unseen(now) if other else OVER, linked_to=other, **how)

    def _check_that_work_goes_on_in(self, other):
        stored = self._locked_with(other)
        if not stored[other.pk].is_in_work:
            raise InvalidTransition(_("The other inquiry must be open: the work goes on in it."))
        if stored[self.pk].is_in_work and stored[self.pk].sender_wrote_at:
            raise InvalidTransition(ANSWER_FIRST)

    def _end(self, verb, values, *events, actor, now, **options):
        with transaction.atomic():
            self.change(verb, values, *events, actor=actor, now=now, **options)
            self.take_up_closed_for_it(actor, now)

    def _close(self, verb, outcome, told, rest, *, now, linked_to=None, **options):
        """``linked_to`` is the one in which the work goes on: what is closed is then linked in the same change."""
        events = [{"verb": Verb.CLOSED, "detail": f"{outcome},{told}"}]
        values = {"closed_at": now, "outcome": outcome, "told": told, **ENDED, **rest}
        with transaction.atomic():
            said = linked_to and self._said_of_pair(linked_to)
            if linked_to and not said:
                events += self._pair_events(Verb.LINKED, linked_to)
                options["pair"] = {"other": linked_to.pk, "was": said, "is": True}
            self._end(verb, values, *events, now=now, **options)
            if linked_to and not said:
                self._say_of_pair(linked_to, True)

    def _unseen(self, now) -> dict:
        """The sender does not see this end: who acts, and by which day, stays as it was."""
        is_shown = Q(due_at__gte=now) & ~Q(next_action=self.NextAction.WAIT)
        shown = Case(When(is_shown, then=F("due_at")), default=F("first_due_at"))
        return {"due_at": None, "sender_wrote_at": None, "first_due_at": shown}

    def _locked_with(self, other) -> dict:
        """In one order, as two colleagues may be at the two pages of a pair."""
        rows = type(self).objects.select_for_update().order_by("pk").prefetch_related("texts")
        return rows.in_bulk([self.pk, other.pk])

    def _checked_end(self, outcome, told, note, other):
        if outcome not in self.Outcome.values or outcome in (self.Outcome.WITHDRAWN, self.Outcome.REPEAT):
            raise InvalidTransition(_("Choose how it ended."))
        if told not in self.Told.values or told not in self.allowed_told:
            raise InvalidTransition(_("Choose how the person was told, in a way that this person allowed."))
        if self.row_for("close", IS_READ).exists() and (refusal := self.why_not_told(told, other)):
            raise InvalidTransition(refusal)
        if not note.strip() and (told == self.Told.NOT_TOLD or outcome == self.Outcome.NOT_REAL):
            raise InvalidTransition(_("Say why in the note."))
        if (outcome == self.Outcome.SAME_PERSON) != (other is not None) or other == self:
            raise InvalidTransition(_("Name the other inquiry of the same person."))
        if outcome == self.Outcome.UNREACHED and not self.is_tried_enough():
            words = _("“Could not reach them” needs %(tries)d tries on %(days)d days.")
            raise InvalidTransition(words % {"tries": settings.UNREACHED_TRIES, "days": settings.UNREACHED_DAYS})
        return self.Outcome(outcome), self.Told(told)

    def same_request(self, other, actor, *, version=None, now=None):
        """Close the newer of two for staff only: its sender may be somebody else, and must not learn of the older.
        Nothing is closed unread, as both say the same. When the work on the older ends, the newer comes back."""
        now = now or timezone.now()
        older, newer = sorted((self, other), key=lambda inquiry: inquiry.pk)
        ended = (self.Outcome.REPEAT, self.Told.NOT_TOLD, self._unseen(now))
        with transaction.atomic():
            # Looked at again under lock: a colleague may just close the older one, and nobody would work on either.
            stored = self._locked_with(other)
            if version not in (None, stored[self.pk].version):
                raise self.refusal(version)
            if stored[newer.pk].says_again(stored[older.pk]) and stored[newer.pk].sender_wrote_at:
                raise InvalidTransition(ANSWER_FIRST)
            if not stored[newer.pk].repeats(stored[older.pk]):
                raise InvalidTransition(
                    _("Two open inquiries with the same answers are the same request. These are not.")
                )
            newer._close("same_request", *ended, actor=actor, now=now, linked_to=older)

    def hold(self, reason: str, actor, *, version=None, now=None):
        now, why = now or timezone.now(), {"note": reason, "note_kind": InquiryText.Kind.HOLD}
        self.change("hold", {"held_at": now}, {"verb": Verb.HELD}, actor=actor, version=version, now=now, **why)

    def release(self, actor, *, version=None, now=None):
        self.change("release", {"held_at": None}, {"verb": Verb.RELEASED}, actor=actor, version=version, now=now)

    def is_tried_enough(self) -> bool:
        tries = self.standing_events.filter(verb__in=(Verb.TRIED, Verb.REACHED)).values_list("at", flat=True)
        days = {timezone.localtime(at).date() for at in tries}
        return len(tries) >= settings.UNREACHED_TRIES and len(days) >= settings.UNREACHED_DAYS

    def reopen(self, actor, next_action, due_at, *, version=None, now=None, note=""):
        now = now or timezone.now()
        values = IN_WORK | self._next(next_action, due_at, now, is_needed=True)
        events = [{"verb": Verb.REOPENED}, *self._next_event(next_action, due_at)]
        self.change("reopen", values, *events, actor=actor, version=version, now=now, note=note)

    def set_aside(self, actor, *, version=None, now=None):
        now = now or timezone.now()
        if self.tells_of_danger:
            raise InvalidTransition(DANGER if self.is_in_work else IS_OPEN.refusal)
        looked_at = Case(When(opened_at__isnull=False, then=Value(now)), default=Value(None))
        kept = {"planned_due_at": F("due_at"), "left_aside_at": looked_at}
        values = {"set_aside_at": now, "due_at": None, "sender_wrote_at": None, **ENDED, **kept}
        self._end("set_aside", values, {"verb": Verb.SET_ASIDE}, actor=actor, version=version, now=now)

    def bring_back(self, actor, *, version=None, now=None):
        """What was planned before holds again. ``actor`` is None when new words tell of danger: then also if it was
        closed as a robot's."""
        planned = (self.next_action and self.planned_due_at) or self.due_first()
        due_at = Least(Coalesce("due_at", Value(planned)), Value(planned))  # new words are due at once
        values = {**IN_WORK, "due_at": due_at, "next_action": self.next_action or self.action_by_tries}
        event = {"verb": Verb.BROUGHT_BACK, "detail": "" if actor else "danger"}
        verb = "bring_back" if actor else "bring_back_for_danger"
        self.change(verb, values, event, actor=actor, version=version, now=now)

    def due_first(self):
        """Return when what nobody worked on yet is due: when the desk opens, if words of danger were read."""
        if self.is_read_first:
            return WeeklyHours.objects.calendar(self.received_at).next_open(self.received_at)
        how_soon = keyring.opened(lambda: self.how_soon)
        return WeeklyHours.objects.first_contact_due(self.received_at, how_soon)

    def not_real(self, actor, *, version=None, now=None):
        how = {"actor": actor, "version": version, "now": now or timezone.now()}
        self._close("not_real", self.Outcome.NOT_REAL, self.Told.NOT_TOLD, OVER, **how)

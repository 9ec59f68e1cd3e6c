"""The verbs of a day at the desk: who has an inquiry, what was tried, what comes next, how far it is."""

from datetime import timedelta

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.events import Event
from inquiries.models.transitions import IS_OPEN, Changes, NotNow, utc_code

Verb = Event.Verb
# No person waits unseen for more than a quarter of a year. Whoever is to wait longer, for a new year of
# insurance for one, is looked at in between.
LONGEST_PAUSE = timedelta(days=90)
DANGER_ASIDE = _("Its words tell of danger. Read it, and say whether it is a robot's.")


class WorkVerbs(Changes):
    """Verbs of an open inquiry. Each takes the ``version`` its page was shown at, and the clock as ``now``.

    Each raises Stale or NotNow and then changes nothing.
    """

    def take(self, actor, *, version=None, now=None):
        """Make ``actor`` the owner of an inquiry that nobody has."""
        needs = [IS_OPEN, (Q(owner=None), _("Somebody has this inquiry already."))]
        self.change(needs, {"owner": actor}, {"verb": Verb.TAKEN}, actor=actor, version=version, now=now)

    def hand_over(self, to, actor, *, version=None, now=None, note=""):
        """Make ``to`` the owner, or nobody when it is None."""
        if to is not None and not (to.is_active and to.has_perm("inquiries.change_inquiry")):
            raise NotNow(_("This person cannot work on inquiries."))
        elsewhere = Q(owner__isnull=False) if to is None else ~Q(owner=to) | Q(owner=None)
        needs = [IS_OPEN, (elsewhere, _("This inquiry stands there already."))]
        event = {"verb": Verb.HANDED_OVER, "detail": f"to:{to.pk if to else 'nobody'}"}
        self.change(needs, {"owner": to}, event, actor=actor, version=version, now=now, note=note)

    def log_try(
        self, result, actor, *, next_action, due_at, left_voicemail=False, note="", at=None, version=None, now=None
    ):
        """Record one try to contact the person, at ``at`` or now, and what comes next.

        Without ``next_action`` and ``due_at`` what was planned stays planned. The first try begins the step Contacting.
        """
        now = now or timezone.now()
        at, result = at or now, self.TryResult(result)
        if not self.received_at <= at <= now:
            raise NotNow(_("A try cannot be in the future, or before the inquiry came in."))
        if left_voicemail and not self.may_leave_voicemail:
            raise NotNow(_("This person asked for no voicemail."))
        is_reached = result == self.TryResult.SPOKE
        values = {
            "tries": F("tries") + 1,
            "first_tried_at": Least(Coalesce("first_tried_at", Value(at)), Value(at)),
            **self._begun(),
            **self._next(next_action, due_at, now),
        }
        if is_reached:
            values["first_reached_at"] = Least(Coalesce("first_reached_at", Value(at)), Value(at))
        tried = {
            "verb": Verb.REACHED if is_reached else Verb.TRIED,
            "detail": f"{result},voicemail" if left_voicemail else result.value,
            "at": at,
        }
        self.change(
            [IS_OPEN],
            values,
            tried,
            *self._next_event(next_action, due_at),
            actor=actor,
            version=version,
            now=now,
            note=note,
        )

    def note(self, text: str, actor, *, version=None, now=None):
        """Keep a note for colleagues, also of a closed inquiry."""
        if not text.strip():
            raise NotNow(_("Write the note first."))
        self.change([], {}, {"verb": Verb.NOTED}, actor=actor, version=version, now=now, note=text)

    def set_next(self, action, due_at, actor, *, version=None, now=None):
        """Say what is done next, and when."""
        now = now or timezone.now()
        values, events = self._next(action, due_at, now, is_needed=True), self._next_event(action, due_at)
        self.change([IS_OPEN], values, *events, actor=actor, version=version, now=now)

    def move_on(self, actor, *, next_action, due_at, version=None, now=None, note=""):
        """Go on to the next of the five steps; to the last one only when referral and insurance are settled."""
        now = now or timezone.now()
        stage, then = self.stage, self.stage_after(self.stage)
        if then is None:
            last = _("This is the last step. Close the inquiry when all is done.")
            raise NotNow(last if self.is_in_work else IS_OPEN[1])
        needs = [IS_OPEN, (Q(stage=stage), _("A colleague moved this inquiry on."))]
        if then == self.Stage.STARTED:
            settled = Q(referral_settled_at__isnull=False, insurance_settled_at__isnull=False)
            needs.append((settled, _("Settle referral and insurance first.")))
        moved = {"verb": Verb.MOVED_ON, "detail": then.value}
        values = {"stage": then, **self._next(next_action, due_at, now, is_needed=True)}
        events = self._next_event(next_action, due_at)
        self.change(needs, values, moved, *events, actor=actor, version=version, now=now, note=note)

    def settle_referral(self, actor, *, version=None, now=None):
        """Tick the referral, in step 4, before or after the insurance."""
        self._settle("referral_settled_at", Verb.REFERRAL_SETTLED, actor, version, now)

    def settle_insurance(self, actor, *, version=None, now=None):
        """Tick the insurance, in step 4, before or after the referral."""
        self._settle("insurance_settled_at", Verb.INSURANCE_SETTLED, actor, version, now)

    def _settle(self, column, verb, actor, version, now):
        now = now or timezone.now()
        once = Q(stage=self.Stage.PAPERWORK, **{column: None})
        needs = [IS_OPEN, (once, _("This is ticked in step 4, once."))]
        self.change(needs, {column: now}, {"verb": verb}, actor=actor, version=version, now=now)

    def mark_answered(self, actor, *, version=None, now=None):
        """Say that the sender's new words were answered; not while what tells of danger is set aside as a robot's."""
        needs = [(Q(sender_wrote_at__isnull=False), _("No new words wait for an answer."))]
        if self.tells_of_danger:
            needs.append((Q(set_aside_at=None) | Q(closed_at__isnull=False), DANGER_ASIDE))
        due_at = Case(When(closed_at=None, set_aside_at=None, then=F("due_at")), default=Value(None))
        values, event = {"sender_wrote_at": None, "due_at": due_at}, {"verb": Verb.ANSWERED}
        self.change(needs, values, event, actor=actor, version=version, now=now)

    def opened(self, actor, *, now=None):
        """Record that ``actor`` saw the whole inquiry. Neither its place in a list nor its version changes."""
        now = now or timezone.now()
        Event.objects.create(inquiry=self, verb=Verb.OPENED, actor=actor, at=now)
        if self.opened_at is None:
            type(self)._base_manager.filter(pk=self.pk, opened_at=None).update(opened_at=now)
            self.opened_at = now

    def _begun(self) -> dict:
        return {"stage": self.Stage.CONTACTING} if self.stage == self.Stage.RECEIVED else {}

    def _next(self, action, due_at, now, *, is_needed=False) -> dict:
        """Return the columns of a next action; raise NotNow when it is half said, in the past or too far away."""
        if not action and not due_at and not is_needed:
            return {}
        if action not in self.NextAction.values or due_at is None:
            raise NotNow(_("Choose what comes next, and when."))
        if due_at <= now:
            raise NotNow(_("The next action must be in the future."))
        if due_at > now + LONGEST_PAUSE:
            raise NotNow(_("The next action must be within %(days)d days.") % {"days": LONGEST_PAUSE.days})
        return {"next_action": action, "due_at": due_at}

    @staticmethod
    def _next_event(action, due_at) -> list[dict]:
        if not action:
            return []
        return [{"verb": Verb.NEXT_SET, "detail": f"{action},{utc_code(due_at)}"}]

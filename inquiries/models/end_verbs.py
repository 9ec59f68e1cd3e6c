"""How the work on an inquiry ends, and begins again."""

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries import business_hours
from inquiries.models.events import Event
from inquiries.models.office_hours import WeeklyHours
from inquiries.models.transitions import IS_OPEN, InvalidTransition, Transitions

Verb = Event.Verb
# Who ends the work has read the sender's words, or the page would be stale; later ones make it due again.
OVER = {"due_at": None, "next_action": "", "sender_wrote_at": None}

DANGER = _("Its words tell of danger. Read it. If it is not real, close it.")
IS_ASIDE = (Q(set_aside_at__isnull=False, closed_at=None), _("This inquiry is not set aside."))
WAS_ASIDE = (Q(set_aside_at__isnull=False), IS_ASIDE[1])
IN_WORK = {"closed_at": None, "set_aside_at": None, "outcome": "", "told": ""}
IS_READ = (Q(opened_at__isnull=False), _("Nobody read this inquiry yet. Open it first."))
IS_CLOSED = (Q(closed_at__isnull=False), _("This inquiry is not closed."))
ANSWER_FIRST = _("Answer their new words first.")


class EndVerbs(Transitions):
    """Close and reopen, set aside and bring back, one request sent twice.

    Each raises StaleVersion or InvalidTransition and then changes nothing.
    """

    def close(self, outcome, told, actor, *, note="", other=None, version=None, now=None):
        """End the work, saying how it ended and how the person was told; never unread.

        ``other`` is the inquiry of the same person, in which the work goes on; both are linked then. A note says why
        nobody was told.
        """
        now = now or timezone.now()
        outcome, told = self._checked_end(outcome, told, note, other)
        values = {"closed_at": now, "outcome": outcome, "told": told, **(self._unseen(now) if other else OVER)}
        event = {"verb": Verb.CLOSED, "detail": f"{outcome},{told}"}
        with transaction.atomic():
            if other is not None:
                self._check_that_work_goes_on_in(other)
            self._end([IS_OPEN, IS_READ], values, event, actor=actor, version=version, now=now, note=note)
            if other is not None and not self.is_linked_to(other):
                self.link(other, actor, now=now)

    def _check_that_work_goes_on_in(self, other):
        """Refuse unless ``other`` is open, and the sender of this one waits for no answer: both would show."""
        stored = self._locked_with(other)
        if not stored[other.pk].is_in_work:
            raise InvalidTransition(_("The other inquiry must be open: the work goes on in it."))
        if stored[self.pk].is_in_work and stored[self.pk].sender_wrote_at:
            raise InvalidTransition(ANSWER_FIRST)

    def _end(self, needs, values, event, *, actor, now, **options):
        """Change as ``change`` does, and take up again what was closed because this inquiry was worked on."""
        with transaction.atomic():
            self.change(needs, values, event, actor=actor, now=now, **options)
            self.take_up_closed_for_it(actor, now)

    def _unseen(self, now) -> dict:
        """Return the columns of an end that the sender does not see: who acts, and by which day, stays as it was."""
        is_shown = Q(due_at__gte=now) & ~Q(next_action=self.NextAction.WAIT)
        shown = Case(When(is_shown, then=F("due_at")), default=F("first_due_at"))
        return {"due_at": None, "sender_wrote_at": None, "first_due_at": shown}

    def _locked_with(self, other) -> dict:
        """Return this inquiry and ``other`` as they are stored, by id, and let nobody else change them meanwhile.

        Locked in one order, as two colleagues may be at the two pages of a pair.
        """
        rows = type(self).objects.select_for_update().order_by("pk").prefetch_related("texts")
        return rows.in_bulk([self.pk, other.pk])

    def _checked_end(self, outcome, told, note, other):
        if outcome not in self.Outcome.values or outcome in (self.Outcome.WITHDRAWN, self.Outcome.REPEAT):
            raise InvalidTransition(_("Choose how it ended."))
        if told not in self.Told.values or told not in self.allowed_told:
            raise InvalidTransition(_("Choose how the person was told, in a way that this person allowed."))
        if not note.strip() and (told == self.Told.NOT_TOLD or outcome == self.Outcome.NOT_REAL):
            raise InvalidTransition(_("Say why in the note."))
        if (outcome == self.Outcome.SAME_PERSON) != (other is not None) or other == self:
            raise InvalidTransition(_("Name the other inquiry of the same person."))
        if outcome == self.Outcome.UNREACHED and not self.is_tried_enough():
            words = _("“Could not reach them” needs %(tries)d tries on %(days)d days.")
            raise InvalidTransition(words % {"tries": settings.UNREACHED_TRIES, "days": settings.UNREACHED_DAYS})
        return self.Outcome(outcome), self.Told(told)

    def same_request(self, other, actor, *, version=None, now=None):
        """Say that this inquiry and ``other`` are one request: they are linked, and the newer is closed for staff only.

        Who sent the newer one may be somebody else, and must not learn of the older: their pages go on as for any
        request. Nothing is closed unread, as both say the same. When the work on the older ends, the newer comes back.
        """
        now = now or timezone.now()
        older, newer = sorted((self, other), key=lambda inquiry: inquiry.pk)
        values = {"closed_at": now, "outcome": self.Outcome.REPEAT, "told": self.Told.NOT_TOLD, **self._unseen(now)}
        event = {"verb": Verb.CLOSED, "detail": f"{self.Outcome.REPEAT},{self.Told.NOT_TOLD}"}
        versions = {self.pk: version}
        with transaction.atomic():
            # Looked at again under lock: a colleague may just close the older one, and nobody would work on either.
            stored = self._locked_with(other)
            if stored[newer.pk].says_again(stored[older.pk]) and stored[newer.pk].sender_wrote_at:
                raise InvalidTransition(ANSWER_FIRST)
            if not stored[newer.pk].repeats(stored[older.pk]):
                raise InvalidTransition(
                    _("Two open inquiries with the same answers are the same request. These are not.")
                )
            newer._end([IS_OPEN], values, event, actor=actor, version=versions.get(newer.pk), now=now)
            if not older.is_linked_to(newer):
                older.link(newer, actor, version=versions.get(older.pk), now=now)

    def is_tried_enough(self) -> bool:
        """Whether contact was tried as often, and on as many days, as the rule for giving up asks."""
        tries = self.events.filter(verb__in=(Verb.TRIED, Verb.REACHED)).values_list("at", flat=True)
        days = {timezone.localtime(at).date() for at in tries}
        return len(tries) >= settings.UNREACHED_TRIES and len(days) >= settings.UNREACHED_DAYS

    def reopen(self, actor, next_action, due_at, *, version=None, now=None, note=""):
        """Take up a closed inquiry again, where it stood."""
        now = now or timezone.now()
        planned = self._next(next_action, due_at, now, is_needed=True)
        values = {**IN_WORK, **planned}
        events = [{"verb": Verb.REOPENED}, *self._next_event(next_action, due_at)]
        self.change([IS_CLOSED], values, *events, actor=actor, version=version, now=now, note=note)

    def set_aside(self, actor, *, version=None, now=None):
        """Put away what a robot sent; it keeps its place in a list of its own."""
        now = now or timezone.now()
        if self.tells_of_danger:
            raise InvalidTransition(DANGER if self.is_in_work else IS_OPEN[1])
        values = {"set_aside_at": now, **OVER}
        self._end([IS_OPEN], values, {"verb": Verb.SET_ASIDE}, actor=actor, version=version, now=now)

    def bring_back(self, actor, *, version=None, now=None):
        """Say that a person sent it after all: it is due as if it had never been set aside.

        ``actor`` is None when new words of its sender tell of danger: then also if it was closed as a robot's.
        """
        due_at = business_hours.first_contact_due(self.received_at, WeeklyHours.objects.calendar(self.received_at))
        values = {**IN_WORK, "due_at": due_at, "next_action": self.action_by_tries}
        event = {"verb": Verb.BROUGHT_BACK, "detail": "" if actor else "danger"}
        self.change([IS_ASIDE if actor else WAS_ASIDE], values, event, actor=actor, version=version, now=now)

    def not_real(self, actor, *, version=None, now=None):
        """Say that no person sent what is set aside: it is closed, and its mails stay kept back; never unread."""
        now = now or timezone.now()
        values = {"closed_at": now, "outcome": self.Outcome.NOT_REAL, "told": self.Told.NOT_TOLD, **OVER}
        event = {"verb": Verb.CLOSED, "detail": f"{self.Outcome.NOT_REAL},{self.Told.NOT_TOLD}"}
        self._end([IS_ASIDE, IS_READ], values, event, actor=actor, version=version, now=now)

"""The one way in which the state of an inquiry changes: a counted update with its events, or a refusal. A page that
offers a verb asks ``NEEDS`` of the row as it was read, the update asks it of the row as it is stored."""

from datetime import UTC
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from inquiries.models.answers import Answers
from inquiries.models.events import Event, InquiryText
from inquiries.models.last_change import NEVER_PUT_BACK, UNDOABLE, LastChange, undone_ids
from inquiries.models.stages import Triage

# On the desk is also what is closed or set aside while new words of the sender wait for an answer.
ON_DESK = Q(due_at__isnull=False)
OPEN = ON_DESK & Q(closed_at=None, set_aside_at=None)
KEPT = Q(erased_at=None, withdrawn_at=None)

CHANGED_SINCE = _("Something was changed since, or it was undone already: it can no longer be undone.")


class Need(NamedTuple):
    """A state, and the sentence for whoever asks for a verb where it is missing."""

    state: Q
    refusal: str

    def is_met_by(self, row) -> bool:
        return holds(self.state, row)


def holds(state: Q, row) -> bool:
    parts = (holds(part, row) if isinstance(part, Q) else fits(row, *part) for part in state.children)
    return (any(parts) if state.connector == Q.OR else all(parts)) != state.negated


def fits(row, look_up: str, value) -> bool:
    """Knows the look-ups that NEEDS uses."""
    column, _two, kind = look_up.partition("__")
    stored = getattr(row, column)
    if kind == "isnull":
        return (stored is None) == value
    return stored in value if kind == "in" else stored == value


class NobodyHasIt:
    """Nor does a person whose account is switched off. Read when it is asked: models are not there yet when this is."""

    refusal = _("Somebody has this inquiry already.")

    @property
    def state(self) -> Q:
        # Not by a join: on PostgreSQL two takers at once could both win.
        switched_off = get_user_model().objects.filter(is_active=False)
        return Q(owner_id=None) | Q(owner__in=switched_off.values("pk"))

    @staticmethod
    def is_met_by(row) -> bool:
        return row.owner is None or not row.owner.is_active


class CanBeUndone:
    """The last verb, and nothing was changed since."""

    refusal = CHANGED_SINCE

    @property
    def state(self) -> Q:
        return Q(Exists(LastChange.objects.filter(inquiry=OuterRef("pk"), version=OuterRef("version"))))

    @staticmethod
    def is_met_by(row) -> bool:
        return LastChange.objects.filter(inquiry=row.pk, version=row.version).exists()


Stage, NOTE = Triage.Stage, InquiryText.Kind.NOTE
IS_KEPT = Need(KEPT, _("This inquiry was erased."))
IS_OPEN = Need(OPEN, _("This inquiry is closed or set aside. Nothing was changed."))
IS_READ = Need(Q(opened_at__isnull=False), _("Nobody read this inquiry yet. Open it first."))
IS_ASIDE = Need(Q(set_aside_at__isnull=False, closed_at=None), _("This inquiry is not set aside."))
IS_DONE = _("A colleague did this already, or the inquiry was erased.")
TICK = _("This is ticked in step 4, once.")
IS_SETTLED = Need(
    ~Q(stage=Stage.PAPERWORK) | Q(referral_settled_at__isnull=False, insurance_settled_at__isnull=False),
    _("Settle referral and insurance first."),
)
IS_UNTRIED = Need(Q(tries=0), _("Somebody tried to contact this person: close it instead."))
NEEDS = {
    "take": [IS_OPEN, NobodyHasIt()],
    "hand_over": [IS_OPEN],
    "claim": [IS_OPEN],
    "let_go": [Need(Q(claimed_at__isnull=False), _("Nobody has this inquiry in hand."))],
    "log_try": [IS_OPEN],
    "note": [],
    "correct": [],
    "set_next": [IS_OPEN],
    "move_on": [
        IS_OPEN,
        Need(Q(stage__in=list(Stage)[:-1]), _("This is the last step. Close the inquiry when all is done.")),
        IS_SETTLED,
    ],
    "settle_referral": [IS_OPEN, Need(Q(stage=Stage.PAPERWORK, referral_settled_at=None), TICK)],
    "settle_insurance": [IS_OPEN, Need(Q(stage=Stage.PAPERWORK, insurance_settled_at=None), TICK)],
    "mark_answered": [Need(Q(sender_wrote_at__isnull=False), _("No new words wait for an answer."))],
    "read_words": [Need(Q(sender_wrote_at__isnull=False), _("No new words wait for an answer."))],
    "write_message": [],
    "close": [IS_OPEN],  # and read: its page says so, and is reached from the page of a try
    "same_request": [IS_OPEN],
    "undo": [CanBeUndone()],  # for a few minutes
    "reopen": [Need(Q(closed_at__isnull=False), _("This inquiry is not closed."))],
    "set_aside": [IS_OPEN, IS_UNTRIED],
    "bring_back": [IS_ASIDE],
    "not_real": [IS_ASIDE, IS_READ],
    "link": [],
    "not_same": [],
    # Only for whom staff may call, which no column tells: see Conversation.
    "give_new_code": [],
    "take_back": [],
    "hold": [Need(Q(held_at=None), IS_DONE)],
    "release": [Need(Q(held_at__isnull=False), IS_DONE)],
    # Not by staff: the mail server knows no such address.
    "address_refused": [IS_OPEN],
    # Not by staff: other hours or closed days were entered.
    "follow_calendar": [],
    # Not by staff: new words of the sender tell of danger, or the work on another inquiry has ended.
    "bring_back_for_danger": [Need(Q(set_aside_at__isnull=False), IS_ASIDE.refusal)],
    "take_up": [
        Need(Q(closed_at__isnull=False, outcome__in=Triage.UNSEEN_ENDS), _("A colleague took this up already."))
    ],
}
# What new words of the sender set. Staff take away or plan anew only what they had read: words that came meanwhile
# would wait in no list.
WAITS = {"sender_wrote_at", "due_at"}
# What does not make the page of a colleague stale.
ONLY_READ = (
    Event.Verb.OPENED,
    Event.Verb.CLAIMED,
    Event.Verb.LET_GO,
    Event.Verb.WORDS_READ,
    Event.Verb.SEEN,
    Event.Verb.PRINTED,
    Event.Verb.EXPORTED,
    Event.Verb.STATUS_READ,
    Event.Verb.REPEATED,
)


class Refused(Exception):
    def __init__(self, message):
        self.message = message
        super().__init__(str(message))


class StaleVersion(Refused):
    """``event`` is what changed the inquiry since the page was shown, if it can be told."""

    def __init__(self, event: Event | None = None):
        self.event = event
        super().__init__(_("This inquiry was changed since you opened it. Nothing was saved."))


class InvalidTransition(Refused):
    """The inquiry is not in a state in which this can be done."""


def day_code(moment) -> str:
    """Like ``2026-06-05t19:00z``, which old releases read, always noon: the hour would tell when somebody can talk."""
    noon = timezone.localtime(moment).replace(hour=12, minute=0)
    return noon.astimezone(UTC).strftime("%Y-%m-%dt%H:%Mz")


class Transitions(Triage, Answers):
    class Meta:
        abstract = True

    def can(self, verb: str) -> bool:
        return all(need.is_met_by(self) for need in (IS_KEPT, *NEEDS[verb]))

    def row_for(self, verb: str, *also: Need):
        states = (need.state for need in (IS_KEPT, *NEEDS[verb], *also))
        return type(self)._base_manager.filter(*states, pk=self.pk)

    def change(
        self,
        verb,
        values: dict,
        *events: dict,
        actor,
        also=(),
        version=None,
        now=None,
        note="",
        note_kind=NOTE,
        pair=None,
    ):
        """Update this row if ``verb`` may be done to it (at ``version``), with its events and note, or raise
        StaleVersion, or InvalidTransition with the first need that is missing. The instance then holds what is stored.
        """
        now = now or timezone.now()
        rows = self.row_for(verb, *also)
        if version is not None:
            rows = rows.filter(version=version)
        if actor is not None and not WAITS.isdisjoint(values):
            rows = rows.filter(sender_wrote_at=self.sender_wrote_at)
        with transaction.atomic():
            last = self._last_change(verb, values, actor, now)
            if not rows.update(version=F("version") + 1, **values):
                raise self.refusal(version, [*NEEDS[verb], *also])
            text = self._keep_note(note_kind, note, now)
            made = []
            for event in events:
                words = None if made else text
                made.append(Event.objects.create(**{"inquiry": self, "actor": actor, "at": now, "text": words} | event))
            if last:
                last.remember(made, pair)
        self.refresh_from_db(fields=self.triage_fields())
        self.__dict__.pop("undone", None)

    def _last_change(self, verb, values, actor, now) -> LastChange | None:
        """What is stored before a verb that can be undone, under the lock of its update."""
        if actor is None or verb not in UNDOABLE:
            return None
        names = [name for name in values if name not in NEVER_PUT_BACK]
        row = type(self)._base_manager.select_for_update().filter(pk=self.pk)
        *before, version = row.values_list(*names, "version").get()
        last = LastChange(inquiry=self, verb=verb, actor=actor, at=now, version=version + 1)
        last.keep(dict(zip(names, before, strict=True)))
        return last

    @cached_property
    def undone(self) -> set[int]:
        """The events that were taken back."""
        return undone_ids(self)

    @property
    def standing_events(self):
        return self.events.exclude(pk__in=self.undone)

    def refusal(self, version, needs=()) -> Refused:
        row = type(self)._base_manager.filter(pk=self.pk)
        if version is None or row.filter(version=version):
            for need in (IS_KEPT, *needs):
                if not row.filter(need.state):
                    return InvalidTransition(need.refusal)
        return StaleVersion(self.events.exclude(verb__in=ONLY_READ).select_related("actor").first())

    def _keep_note(self, kind, note: str, now) -> InquiryText | None:
        if not note.strip():
            return None
        return InquiryText.objects.create(inquiry=self, kind=kind, body=note.strip(), created_at=now)

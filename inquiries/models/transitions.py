"""The one way in which the state of an inquiry changes: a counted update with its events, or a refusal."""

from datetime import UTC

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.answers import Answers
from inquiries.models.events import Event, InquiryText
from inquiries.models.triage import Triage

# On the desk is also what is closed or set aside while new words of the sender wait for an answer.
ON_DESK = Q(due_at__isnull=False)
OPEN = ON_DESK & Q(closed_at=None, set_aside_at=None)
KEPT = Q(erased_at=None, withdrawn_at=None)
# What a verb needs: a state, and the sentence for whoever asked where that is missing.
IS_KEPT = (KEPT, _("This inquiry was erased."))
IS_OPEN = (OPEN, _("This inquiry is closed or set aside. Nothing was changed."))
# What does not make the page of a colleague stale.
ONLY_READ = (
    Event.Verb.OPENED,
    Event.Verb.SEEN,
    Event.Verb.PRINTED,
    Event.Verb.EXPORTED,
    Event.Verb.STATUS_READ,
    Event.Verb.REPEATED,
)


class Refused(Exception):
    """A verb that changed nothing; ``message`` is one sentence for whoever asked."""

    def __init__(self, message):
        self.message = message
        super().__init__(str(message))


class StaleVersion(Refused):
    """Someone changed the inquiry since the page was shown; ``event`` is their change, if it can be told."""

    def __init__(self, event: Event | None = None):
        self.event = event
        super().__init__(_("This inquiry was changed since you opened it. Nothing was saved."))


class InvalidTransition(Refused):
    """The inquiry is not in a state in which this can be done."""


def utc_code(moment) -> str:
    """Write a moment as a code of an event, like ``2026-06-05t20:00z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dt%H:%Mz")


class Transitions(Triage, Answers):
    """An inquiry that changes by counted updates. What each verb does is said in the classes built on this one."""

    class Meta:
        abstract = True

    def change(self, needs: list[tuple], values: dict, *events: dict, actor, version=None, now=None, note=""):
        """Update this row if it still is as the verb ``needs`` it (and at ``version``); add ``events`` and the note.

        Everything or nothing, in one transaction; raises StaleVersion, or InvalidTransition with the sentence of the
        first need that is missing. The instance then holds what is stored.
        """
        now = now or timezone.now()
        rows = type(self)._base_manager.filter(KEPT, *(state for state, _words in needs), pk=self.pk)
        with transaction.atomic():
            if version is not None:
                rows = rows.filter(version=version)
            if not rows.update(version=F("version") + 1, **values):
                raise self.refusal(version, needs)
            text = self._keep_note(note, now)
            for place, event in enumerate(events):
                words = text if place == 0 else None
                Event.objects.create(**{"inquiry": self, "actor": actor, "at": now, "text": words} | event)
        self.refresh_from_db(fields=self.triage_fields())

    def refusal(self, version, needs=()) -> Refused:
        """Return why an update met no row: the row moved on, or it never was in the right state."""
        row = type(self)._base_manager.filter(pk=self.pk)
        if version is None or row.filter(version=version):
            for state, words in (IS_KEPT, *needs):
                if not row.filter(state):
                    return InvalidTransition(words)
        return StaleVersion(self.events.exclude(verb__in=ONLY_READ).select_related("actor").first())

    def _keep_note(self, note: str, now) -> InquiryText | None:
        if not note.strip():
            return None
        return InquiryText.objects.create(inquiry=self, kind=InquiryText.Kind.NOTE, body=note.strip(), created_at=now)

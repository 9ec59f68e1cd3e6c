from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string

from inquiries.models.claims import ENDED
from inquiries.models.events import Event
from inquiries.models.last_change import LastChange
from inquiries.models.undoing import Undoing


class Erasure(Undoing):
    """The shell stays, with what says nothing about a person: reference, times, stage, outcome, way, how it came and
    language, and the keyed hashes of the form's key and code: by them the same form, sent again, is answered "erased"
    and not stored anew. The keyed hash of the answers goes: with the index key, answers could be guessed against it."""

    class Meta:
        abstract = True

    def erase(self, verb=Event.Verb.ERASED, actor=None, now=None, detail="") -> bool:
        """Close and empty it; take up what was closed because of it. False when it was erased before."""
        now = now or timezone.now()
        emptied = dict.fromkeys((*self.PERSONAL_FIELDS, "answers_digest"), "")
        emptied |= dict.fromkeys(
            (
                "due_at",
                "planned_due_at",
                "first_due_at",
                "address_refused_at",
                "first_language",
                "sender_wrote_at",
                "held_at",
                *ENDED,
            )
        )
        emptied |= {"erased_at": now, "closed_at": Coalesce("closed_at", Value(now)), "version": F("version") + 1}
        with transaction.atomic():
            if not type(self).objects.filter(pk=self.pk, erased_at=None).update(**emptied):
                return False
            for rows in (self.texts, self.index_tokens, self.recent_answers, self.notices):
                rows.all().delete()
            LastChange.objects.filter(inquiry=self.pk).delete()
            Event.objects.create(inquiry=self, verb=verb, actor=actor, at=now, detail=detail)
            self.take_up_closed_for_it(actor, now)
            transaction.on_commit(partial(import_string(settings.AFTER_ERASURE), self.uid), robust=True)
        self.refresh_from_db()
        return True

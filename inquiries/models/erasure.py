"""How what a person sent is erased: by the sender at once, or when it was kept long enough."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string

from inquiries.models.events import Event, InquiryText
from inquiries.models.verbs import Verbs


class Erasure(Verbs):
    """Empties the personal columns of an inquiry. The shell and its events stay as the trace.

    The shell keeps what says nothing about a person: reference, times, stage, outcome, way and language, and the keyed
    hashes of the form's random key and of its code. Those two stay so that the same form, sent again from an old tab,
    is answered "erased" and not stored anew. The keyed hash of the answers goes: with the index key, answers could be
    guessed against it.
    """

    class Meta:
        abstract = True

    def erase(self, verb=Event.Verb.ERASED, actor=None, now=None) -> bool:
        """Empty the personal columns, delete texts, search tokens and mail; close it. False when it was erased before.

        What was closed because of it is taken up again. ``verb`` is what the timeline says. Two at once erase once.
        """
        now = now or timezone.now()
        emptied = dict.fromkeys((*self.PERSONAL_FIELDS, "answers_digest"), "")
        with transaction.atomic():
            left = (
                type(self)
                .objects.filter(pk=self.pk, erased_at=None)
                .update(
                    **emptied,
                    erased_at=now,
                    closed_at=Coalesce("closed_at", Value(now)),
                    due_at=None,
                    first_due_at=None,
                    address_refused_at=None,
                    sender_wrote_at=None,
                    held_at=None,
                    version=F("version") + 1,
                )
            )
            if not left:
                return False
            for rows in (self.texts, self.index_tokens, self.recent_answers, self.notices):
                rows.all().delete()
            Event.objects.create(inquiry=self, verb=verb, actor=actor, at=now)
            self.take_up_closed_for_it(actor, now)
            transaction.on_commit(partial(import_string(settings.AFTER_ERASURE), self.uid), robust=True)
        self.refresh_from_db()
        return True

    def hold(self, reason: str, actor, now=None) -> bool:
        """Keep the inquiry beyond the usual time; False when it is held or erased."""
        now = now or timezone.now()
        with transaction.atomic():
            if not self.row_for("hold").update(held_at=now, version=F("version") + 1):
                return False
            text = InquiryText.objects.create(inquiry=self, kind=InquiryText.Kind.HOLD, body=reason, created_at=now)
            Event.objects.create(inquiry=self, verb=Event.Verb.HELD, actor=actor, at=now, text=text)
        self.refresh_from_db(fields=["held_at", "version"])
        return True

    def release(self, actor, now=None) -> bool:
        """End the hold; the inquiry is erased when its time is over. False when it was not held."""
        with transaction.atomic():
            if not self.row_for("release").update(held_at=None, version=F("version") + 1):
                return False
            Event.objects.create(inquiry=self, verb=Event.Verb.RELEASED, actor=actor, at=now or timezone.now())
        self.refresh_from_db(fields=["held_at", "version"])
        return True

"""Undo: the columns stand as before, the events stay, and a new one says which it takes back."""

import json

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.duplicates import InquiryPair
from inquiries.models.events import Event
from inquiries.models.last_change import LASTS, LastChange
from inquiries.models.transitions import CHANGED_SINCE, InvalidTransition, Need
from inquiries.models.verbs import Verbs, may_work

TOO_LATE = _("More than ten minutes have passed: it can no longer be undone.")


class Undoing(Verbs):
    class Meta:
        abstract = True

    def undo(self, actor, *, version=None, now=None) -> LastChange:
        """Take the last verb back, if it is the one that led to ``version``; return what it was."""
        now = now or timezone.now()
        last = LastChange.objects.filter(inquiry=self.pk).first()
        if last and self.can("undo") and now - last.at >= LASTS:
            raise InvalidTransition(TOO_LATE)
        also = [Need(Q(version=self.version if version is None else version), CHANGED_SINCE)]
        values, codes = (self._values_of(last), last.events) if last else ({}, "")
        with transaction.atomic():
            self.change("undo", values, {"verb": Event.Verb.UNDONE, "detail": codes}, also=also, actor=actor, now=now)
            if pair := json.loads(last.pair):
                self._undo_pair(pair, actor, now)
            last.delete()
        return last

    @staticmethod
    def _values_of(last: LastChange) -> dict:
        """Nothing goes back to whoever meanwhile works on inquiries no more: then it is nobody's."""
        values = last.values()
        owner = get_user_model().objects.filter(pk=values.get("owner")).first()
        return values | {"owner": None} if owner and not may_work(owner) else values

    def _undo_pair(self, pair: dict, actor, now):
        rows = InquiryPair.objects.of(self, type(self)(pk=pair["other"])).filter(is_linked=pair["is"])
        if not (rows.delete()[0] if pair["was"] is None else rows.update(is_linked=pair["was"])):
            raise InvalidTransition(CHANGED_SINCE)
        Event.objects.create(
            inquiry_id=pair["other"], verb=Event.Verb.UNDONE, actor=actor, at=now, detail=pair["events"]
        )

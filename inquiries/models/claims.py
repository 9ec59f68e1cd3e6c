"""Who has an inquiry in hand just now: told to the others, who are not locked out."""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.events import Event
from inquiries.models.joined_plans import CALL, EMAIL, TEXT, JoinedPlans
from inquiries.models.transitions import NEEDS, InvalidTransition, Need, Refused

LASTS = timedelta(minutes=15)
RENEWED_AFTER = timedelta(minutes=5)  # by its owner; a call and the page of its try are one claim
ENDED = {"claimed_by": None, "claimed_at": None}
NOT_THIS_WAY = _("This person does not want to be contacted in this way. Nothing was changed.")


class Claim(NamedTuple):
    by: object
    at: object

    @property
    def until(self):
        return self.at + LASTS


class Claimed(Refused):
    """A colleague has it in hand."""

    def __init__(self, claim: Claim):
        self.claim = claim
        super().__init__(_("A colleague has this inquiry in hand."))


def free_for(user, now) -> Q:
    return Q(claimed_by=None) | Q(claimed_at__lte=now - LASTS) | Q(claimed_by=user)


class Claims(JoinedPlans):
    """A claim makes no page stale: whoever made it goes on on theirs, and others are told when they open one."""

    class Meta:
        abstract = True

    def claim_at(self, now) -> Claim | None:
        is_fresh = self.claimed_by_id and now - self.claimed_at < LASTS
        return Claim(self.claimed_by, self.claimed_at) if is_fresh else None

    def claim(self, how: str, actor, *, anyway=False, version=None, now=None):
        """Take it in hand for ``LASTS``, to call, text, email or log a try; may raise Claimed, unless ``anyway``.

        One's own claim is renewed, and a way that the plan does not allow is refused. ``version`` is not asked: who it
        is and how to reach them is on the page that comes.
        """
        now = now or timezone.now()
        if how in (CALL, TEXT, EMAIL) and not self.may(how):
            raise InvalidTransition(NOT_THIS_WAY)
        rows = self.row_for("claim")
        if rows.filter(claimed_by=actor, claimed_at__gt=now - RENEWED_AFTER).exists():
            return
        with transaction.atomic():
            free = rows if anyway else rows.filter(free_for(actor, now))
            if not free.update(claimed_by=actor, claimed_at=now):
                raise self._claim_refused(rows, now)
            Event.objects.create(inquiry=self, verb=Event.Verb.CLAIMED, actor=actor, at=now, detail=how)
        self.refresh_from_db(fields=list(ENDED))

    def _claim_refused(self, rows, now) -> Refused:
        stored = rows.select_related("claimed_by").first()
        claim = stored and stored.claim_at(now)
        return Claimed(claim) if claim else self.refusal(None, NEEDS["claim"])

    def let_go(self, actor, *, version=None, now=None):
        now = now or timezone.now()
        own = Need(Q(claimed_by=actor), _("A colleague has this inquiry in hand."))
        rows = self.row_for("let_go", own)
        with transaction.atomic():
            if not rows.update(**ENDED):
                raise self.refusal(None, [*NEEDS["let_go"], own])
            Event.objects.create(inquiry=self, verb=Event.Verb.LET_GO, actor=actor, at=now)
        self.refresh_from_db(fields=list(ENDED))

    @staticmethod
    def _claim_ended_of(actor) -> dict:
        """One's try ends one's own claim; a colleague may just be on the phone."""
        return {name: Case(When(claimed_by=actor, then=Value(None)), default=F(name)) for name in ENDED}

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from inquiries.models.claims import ENDED
from inquiries.models.duplicates import InquiryPair
from inquiries.models.events import Event
from inquiries.models.stages import Triage
from inquiries.models.transitions import KEPT, ON_DESK, OPEN, Refused

# Whoever cannot sign in any more works on nothing.
NOBODY_S = Q(owner=None) | Q(owner__is_active=False)


class DeskQuerySet(models.QuerySet):
    """Every open inquiry has a due time, which the database sees to; so has a closed one with new words."""

    def from_people(self):
        return self.filter(KEPT, is_canary=False)

    def open(self):
        return self.filter(OPEN)

    def needs_work(self, now):
        return self.filter(ON_DESK).filter(Q(first_tried_at=None) | Q(due_at__lte=now))

    def overdue(self, now):
        return self.filter(due_at__lte=now)

    def due_today(self, now):
        return self.filter(due_at__gt=now, due_at__lt=end_of_day(now))

    def mine(self, user):
        return self.open().filter(owner=user)

    def for_me(self, user, now):
        """What of their own waits for ``user``: due, as new words are at once, or handed over and not opened since."""
        events = Event.objects.filter(inquiry=OuterRef("pk"), verb=Event.Verb.HANDED_OVER, detail=f"to:{user.pk}")
        opened = Event.objects.filter(
            inquiry=OuterRef("inquiry"), verb=Event.Verb.OPENED, actor=user, id__gt=OuterRef("id")
        )
        unseen = Exists(events.exclude(actor=user).exclude(Exists(opened)))
        return self.filter(ON_DESK, owner=user).filter(Q(due_at__lte=now) | unseen)

    def unassigned(self):
        return self.open().filter(NOBODY_S)

    def hand_over_all(self, owner, to, actor) -> int:
        """Give every open inquiry of ``owner`` to ``to``, or to nobody when that is None, each with its event; return
        how many. Call it in the transaction that ends the work of ``owner``."""
        handed = 0
        for inquiry in self.open().filter(owner=owner).select_related("owner"):
            try:
                inquiry.hand_over(to, actor)
            except Refused:  # closed or passed on by a colleague meanwhile
                continue
            handed += 1
        return handed

    def end_claims_of(self, user):
        self.filter(claimed_by=user).update(**ENDED)

    def set_aside(self):
        """Of which nobody said yet whether a person sent it."""
        return self.filter(set_aside_at__isnull=False, closed_at=None)

    def closed(self):
        return self.filter(closed_at__isnull=False)

    def not_going_on_elsewhere(self):
        """Without what is closed because staff work on another inquiry that it is linked to."""
        ends = ("closed_at", "set_aside_at", "erased_at")
        open_first, open_second = (
            InquiryPair.objects.filter(is_linked=True, **{f"{one}__{end}": None for end in ends})
            for one in ("first", "second")
        )
        as_newer = Q(Exists(open_first.filter(second=OuterRef("pk"))))
        as_older = Q(Exists(open_second.filter(first=OuterRef("pk"))), outcome=Triage.Outcome.SAME_PERSON)
        return self.exclude(Q(outcome__in=Triage.UNSEEN_ENDS) & (as_newer | as_older))

    def most_urgent_first(self):
        """What was never tried is due by its age."""
        return self.order_by("due_at", "id")

    # Said as one range of the index with an exception, since SQLite reads and sorts both sides of an "or".

    def before(self, at, pk, by="due_at"):
        return self.filter(**{f"{by}__lte": at}).exclude(**{by: at}, pk__gte=pk)

    def after(self, at, pk, by="due_at"):
        return self.filter(**{f"{by}__gte": at}).exclude(**{by: at}, pk__lte=pk)


def end_of_day(now) -> datetime:
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=timezone.get_default_timezone())

"""What is closed because another inquiry goes on, when none does: its sender reads "Now: our team". Each verb that ends
the work on the other sees to this; what an earlier release closed is found here."""

from django.db import transaction

from inquiries.models import Inquiry, InvalidTransition
from inquiries.models.transitions import KEPT

MOST = 200  # a minute: the mail waits meanwhile


def left_behind():
    closed = Inquiry.objects.filter(KEPT, closed_at__isnull=False, outcome__in=Inquiry.UNSEEN_ENDS)
    return closed.not_going_on_elsewhere()


def take_up(now) -> int:
    """Take up the first ``MOST``. May be killed and repeated at any time; two at once share the work."""
    return sum(_take_up_one(pk, now) for pk in left_behind().values_list("pk", flat=True)[:MOST])


def _take_up_one(pk: int, now) -> bool:
    with transaction.atomic():
        # Looked at again under lock: staff may just have taken up the other one, or this one.
        inquiry = left_behind().select_for_update().filter(pk=pk).first()
        if inquiry is None:
            return False
        try:
            inquiry.take_up_as_left(now)
        except InvalidTransition:
            return False
    return True

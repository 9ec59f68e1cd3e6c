"""The owner of an inquiry is told once that it is overdue, in opening hours."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from inquiries.models import Inquiry, OutboxNotice, WeeklyHours
from inquiries.models.mail_choices import readers, wants

GRACE = timedelta(minutes=30)  # whoever calls at the hour that was set is not late
MOST = 100  # a minute: the mail waits meanwhile
Kind = OutboxNotice.Kind


def untold(now):
    """Who is told of new words, or gets an overdue one handed over, need not be told the same again."""
    told = OutboxNotice.objects.filter(
        kind__in=[Kind.STAFF_OVERDUE, Kind.STAFF_HANDED_OVER, Kind.STAFF_ADDED, Kind.STAFF_AMENDED],
        inquiry=OuterRef("pk"),
        user=OuterRef("owner"),
        created_at__gte=OuterRef("due_at"),
    )
    late = Inquiry.objects.from_people().open().overdue(now - GRACE)
    return late.filter(~Exists(told), owner__in=readers().filter(wants("overdue"))).order_by("due_at", "id")


def tell_owners(now) -> int:
    """Return how many owners were told. May be killed and repeated at any time; two at once share the work."""
    if not settings.HAS_MAIL_SERVER or WeeklyHours.objects.calendar(now).next_open(now) != now:
        return 0
    return sum(_tell_one(pk, now) for pk in untold(now).values_list("pk", flat=True)[:MOST])


def _tell_one(pk: int, now) -> bool:
    with transaction.atomic():
        # Asked again in a query of its own under lock: another worker may just have told.
        inquiry = Inquiry.objects.select_for_update().filter(pk=pk).first()
        if inquiry is None or not untold(now).filter(pk=pk).exists():
            return False
        OutboxNotice.objects.bulk_create(OutboxNotice.to_staff(Kind.STAFF_OVERDUE, inquiry))
    return True

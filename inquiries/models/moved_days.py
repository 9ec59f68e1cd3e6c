"""Days that nobody set by hand follow the hours and the closed days of the center, also those entered later."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from inquiries import business_hours
from inquiries.models.events import Event
from inquiries.models.inquiry import Inquiry
from inquiries.models.office_hours import ClosedDay, WeeklyHours
from inquiries.models.transitions import IS_DONE, KEPT, Need, Refused

LOOKED_BACK = timedelta(days=90)  # a first contact that is still to come was asked for since then


@receiver(post_save, sender=ClosedDay)
@receiver(post_save, sender=WeeklyHours)
@receiver(post_delete, sender=ClosedDay)
@receiver(post_delete, sender=WeeklyHours)
def follow(raw=False, **_signal):
    """Move the first contacts that are still to come, and what their senders were told."""
    if not raw:
        follow_calendar(timezone.now())


def set_week(hours):
    with transaction.atomic():
        WeeklyHours.objects.replace(hours)
        follow_calendar(timezone.now())


def follow_calendar(now):
    calendar = WeeklyHours.objects.calendar(now - LOOKED_BACK)
    by_hand = Event.objects.filter(inquiry=OuterRef("pk"), verb=Event.Verb.NEXT_SET)
    to_come = Inquiry.objects.filter(KEPT, received_at__gte=now - LOOKED_BACK, first_due_at__gt=now)
    for inquiry in to_come.exclude(Exists(by_hand)):
        due_at = business_hours.first_contact_due(inquiry.received_at, calendar)
        if due_at > now and due_at != inquiry.first_due_at:
            _move(inquiry, due_at, now)


def _move(inquiry: Inquiry, due_at, now):
    """Move the day that the sender was told; with it what staff have to do, unless something else is due."""
    values = {"first_due_at": due_at}
    if inquiry.due_at == inquiry.first_due_at:
        values["due_at"] = due_at
    also = [Need(Q(due_at=inquiry.due_at), IS_DONE)]
    try:
        inquiry.change("follow_calendar", values, {"verb": Event.Verb.DUE_MOVED}, also=also, actor=None, now=now)
    except Refused:  # planned, or erased, meanwhile
        return

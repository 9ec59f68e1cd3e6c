"""By when a sender hears from us: the same on the sent page, on the status page and in the receipt."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import Error
from django.db.models import prefetch_related_objects
from django.utils import timezone

from inquiries import business_hours
from inquiries.models import Figure, Inquiry, WeeklyHours
from inquiries.models.joined_plans import CALL, MEANS, TEXT

logger = logging.getLogger(__name__)

MANY_PEOPLE = 20  # from so many on a figure speaks of "most people"


def promised(inquiry: Inquiry) -> dict:
    """Return what a page may tell of when the sender hears from us. It tells nothing while the database is away."""
    try:
        prefetch_related_objects([inquiry], "texts")
        # By their own way alone: what another request forbids must not be seen from this one.
        may_ring = bool(MEANS.get(inquiry.reach_way, set()) & {CALL, TEXT})
        return {"answer_by": answer_by(inquiry), "usual_hours": usual_hours(), "may_ring": may_ring}
    except Error as error:
        logger.error("a page could not tell by when we answer: %s", type(error).__name__)
        return {}


def answer_by(inquiry: Inquiry) -> datetime | None:
    """Return by when our team acts, unless that is over or nobody of the team is next.

    New words of the sender are due at once for staff; the sender is told the time of a first contact. What is set
    aside, or closed unseen, is due for nothing, and what comes back to the desk is due at once: its sender is told
    what was said before.
    """
    now = timezone.now()
    calendar = WeeklyHours.objects.calendar(min(now, inquiry.sender_wrote_at or inquiry.received_at))
    if inquiry.sender_wrote_at:
        by = business_hours.first_contact_due(inquiry.sender_wrote_at, calendar)
    elif is_over(inquiry) or inquiry.next_action == Inquiry.NextAction.WAIT or inquiry.needs_new_address:
        return None
    elif inquiry.due_at and inquiry.due_at >= now:
        # Who wrote of danger is due sooner: nothing on the page tells that it was read.
        is_sooner = inquiry.next_action == Inquiry.NextAction.FIRST_CONTACT and inquiry.is_read_first
        by = max(inquiry.due_at, said_first(inquiry, calendar)) if is_sooner else inquiry.due_at
    else:
        by = said_first(inquiry, calendar)
    return calendar.on_working_day(by) if by >= now else None


def said_first(inquiry: Inquiry, calendar) -> datetime:
    """Return the day that was said before; of what an older release stored, that is when a first contact was due."""
    return inquiry.first_due_at or business_hours.first_contact_due(inquiry.received_at, calendar)


def is_over(inquiry: Inquiry) -> bool:
    """Whether the sender sees that the request is closed: not when staff go on with another inquiry in its place."""
    return bool(inquiry.closed_at) and inquiry.outcome not in Inquiry.UNSEEN_ENDS


def usual_hours() -> int | None:
    """Return within how many working hours most people were first contacted, if the owner has it told and many were."""
    if not settings.TELL_USUAL_HOURS:
        return None
    contact = Figure.objects.first_contact(timezone.localdate())
    return -(-contact.nine_of_ten // 60) if contact and contact.count >= MANY_PEOPLE else None

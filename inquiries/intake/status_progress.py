"""Where a request is, in the words that its sender sees. Nothing else is told."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries import business_hours
from inquiries.models import Inquiry, WeeklyHours

Stage, NextAction, Outcome = Inquiry.Stage, Inquiry.NextAction, Inquiry.Outcome

STEPS = {
    Stage.RECEIVED: gettext_lazy("We have it"),
    Stage.CONTACTING: gettext_lazy("We are contacting you"),
    Stage.ASSESSMENT: gettext_lazy("First meeting"),
    Stage.PAPERWORK: gettext_lazy("Paperwork"),
    Stage.STARTED: gettext_lazy("Start"),
}
ANSWERED = gettext_lazy("Answered")
WHOLE = (Outcome.STARTED, Outcome.ANSWERED)  # outcomes that are the last step


@dataclass
class Step:
    name: str
    is_done: bool
    is_now: bool


def steps(inquiry: Inquiry) -> list[Step]:
    stages, names = list(STEPS), list(STEPS.values())
    place = stages.index(inquiry.stage)
    if is_plain_question(inquiry):
        names = [*names[:2], ANSWERED]
    if inquiry.closed_at and inquiry.outcome in WHOLE:
        place = len(names)
    return [
        Step(name, is_done=number < place, is_now=number == place and not is_over(inquiry))
        for number, name in enumerate(names)
    ]


def is_over(inquiry: Inquiry) -> bool:
    """As its sender sees it: not when staff go on with another inquiry in its place."""
    return bool(inquiry.closed_at) and inquiry.outcome not in Inquiry.UNSEEN_ENDS


def is_plain_question(inquiry: Inquiry) -> bool:
    return inquiry.way == Inquiry.Way.QUESTION and inquiry.stage in (Stage.RECEIVED, Stage.CONTACTING)


def who_acts(inquiry: Inquiry) -> str:
    """While staff wait in the paperwork, they wait for a referral or an insurer. New words always wait for staff."""
    if inquiry.next_action == NextAction.WAIT and not inquiry.sender_wrote_at:
        return _("Now: someone else") if inquiry.stage == Stage.PAPERWORK else _("Now: you")
    return _("Now: our team")


def answer_by(inquiry: Inquiry) -> datetime | None:
    """By when our team acts. New words are due at once for staff; the sender is told the time of a first contact. What
    is set aside, or closed unseen, is due for nothing, and what comes back at once: its sender is told what was said
    before."""
    now = timezone.now()
    if inquiry.sender_wrote_at:
        by = business_hours.first_contact_due(inquiry.sender_wrote_at)
    elif is_over(inquiry) or inquiry.next_action == NextAction.WAIT:
        return None
    elif inquiry.due_at and inquiry.due_at >= now:
        by = inquiry.due_at
    else:
        by = said_first(inquiry)
    return by if by >= now else None


def said_first(inquiry: Inquiry) -> datetime:
    # An older release stored no such day.
    return inquiry.first_due_at or WeeklyHours.objects.first_contact_due(inquiry.received_at)

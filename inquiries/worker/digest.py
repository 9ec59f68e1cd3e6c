"""One mail to each member of staff on a working morning: how much waits, in numbers, and a link."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from inquiries.mailboxes import is_plain
from inquiries.models import Inquiry, MailChoices, WeeklyHours
from inquiries.models.mail_choices import readers, wants
from inquiries.worker.mailer import STAFF_LANGUAGE, is_of_server
from inquiries.worker.refusals import is_of_address

logger = logging.getLogger(__name__)

MOST = 500  # of a number; what is beyond is "500+"


def send_due(now) -> int:
    """Return how many were sent: from when the desk opens until it closes, one to a person and day. Raise what kept any
    of them from going, once the others went: the worker then tries again."""
    today = timezone.localtime(now).date()
    hours = WeeklyHours.objects.calendar(now).hours_of(today)
    if not settings.HAS_MAIL_SERVER or not hours or not hours[0] <= now < hours[1]:
        return 0
    owed = readers().filter(wants("digest")).exclude(mail_choices__digest_on__gte=today)
    sent, failure = 0, None
    for user in owed.order_by("pk"):
        try:
            sent += is_plain(user.email) and _send_to(user, today, now)
        except Exception as error:  # what is wrong with one must not keep the others from theirs
            failure = error
            if is_of_server(error):
                break
    if failure:
        raise failure
    return sent


def _send_to(user, today, now) -> bool:
    """Claimed before it is sent: a crash loses one, and repeats none. To an address that is refused it is not tried
    again that day; any other error is raised."""
    if not MailChoices.objects.claim_digest(user, today):
        return False
    try:
        message(user, now).send()
    except Exception as error:
        logger.warning("a digest was not sent: %s", type(error).__name__)
        if is_of_address(error):
            return False
        MailChoices.objects.give_digest_back(user)
        raise
    return True


def message(user, now) -> EmailMessage:
    with translation.override(STAFF_LANGUAGE):
        context = {**numbers(user, now), "url": f"{settings.SITE_URL}{reverse('admin:index')}"}
        subject, body = (render_to_string(f"inquiries/mail/digest_{part}.txt", context) for part in ("subject", "body"))
    return EmailMessage(subject.strip(), body, to=[user.email], headers={"Auto-Submitted": "auto-generated"})


def numbers(user, now) -> dict[str, str]:
    """Of what is open, as the lists of the desk count it; new is what nobody tried to answer yet."""
    people = Inquiry.objects.from_people()
    rows = {
        "new": people.open().filter(first_tried_at=None),
        "overdue": people.overdue(now),
        "later": people.due_today(now),
        "mine": people.mine(user),
        "for_me": people.for_me(user, now),
    }
    return {name: _bounded(found) for name, found in rows.items()}


def _bounded(rows) -> str:
    count = rows.order_by().values("pk")[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count)

"""Sending the notices that are owed: claimed one by one, worded when they are sent, marked after. None is lost; one may
be repeated, with the same Message-ID. No mail server is waited for inside a transaction."""

import logging
import smtplib
from collections.abc import Callable
from contextlib import contextmanager

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from inquiries.mailboxes import is_plain, mailbox
from inquiries.models import NetworkCount, OutboxNotice, WeeklyHours
from inquiries.models.outbox import staff_to_notify
from inquiries.promises import answer_by
from inquiries.worker.refusals import is_of_address

logger = logging.getLogger(__name__)

STAFF_LANGUAGE = "en"
STAFF_MAILS = 10  # to one person in a WINDOW; what comes beyond waits for the next one, and goes together
WINDOW = 30  # minutes
RECEIPTS_A_DAY = settings.RECEIPTS_A_DAY
BATCH = 100


class PutOff(Exception):
    """Until the next WINDOW."""


class AddressNotPlain(Exception):
    """An address of before that was checked less: mail to it would go elsewhere than staff read."""


def deliver_due(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Return how many were taken. When the mail server does not answer, the pass ends after the one that found out; the
    others are not charged with a try. May raise django.db.Error."""
    if not settings.HAS_MAIL_SERVER:
        return 0
    taken = 0
    due = OutboxNotice.objects.due(timezone.now()).of_people().order_by("next_try_at")
    for pk in due.values_list("pk", flat=True)[:BATCH]:
        if should_stop():
            break
        if OutboxNotice.objects.claim(pk, timezone.now()):
            error = deliver(pk)
            taken += 1
            if is_of_server(error):
                break
    return taken


def is_of_server(error: Exception | None) -> bool:
    """The next notice would then meet the same."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError)
    return isinstance(error, OSError)


def deliver(pk: int) -> Exception | None:
    """Return what went wrong, or None; a notice that nobody wants any more is deleted."""
    notice = OutboxNotice.objects.select_related("inquiry", "user").filter(pk=pk).first()
    if notice is None:
        return None  # erased together with its inquiry since it was claimed
    try:
        is_wanted = send(notice)
    except PutOff:
        notice.put_off(WINDOW, timezone.now())
        return None
    except Exception as error:  # whatever is wrong with one notice must not keep the others from going out
        logger.warning("notice %s was not sent: %s", pk, type(error).__name__)
        if notice.is_to_sender and is_of_address(error):
            notice.mark_refused(timezone.now())
        else:
            notice.mark_failed(error, timezone.now())
        return error
    notice.mark_sent(timezone.now()) if is_wanted else notice.delete()
    return None


def send(notice: OutboxNotice) -> bool:
    """Whether anybody wants it; for the site's own test, only knock at the mail server."""
    if notice.kind == OutboxNotice.Kind.CANARY:
        with get_connection():  # opened and closed: name, TLS and password are tried, and nobody is written to
            return True
    recipient = recipient_of(notice)
    if recipient and not is_plain(recipient):
        raise AddressNotPlain
    if recipient and notice.kind == OutboxNotice.Kind.SENDER_RECEIPT:
        return send_receipt(recipient, notice)
    if recipient and notice.user_id:
        send_to_staff(recipient, notice)
    elif recipient:
        message_to(recipient, notice).send()
    return bool(recipient)


def send_receipt(recipient: str, notice: OutboxNotice) -> bool:
    """False when its address got enough today. A message of staff is not counted: a person wrote it for one request."""
    with counted(mailbox(recipient), RECEIPTS_A_DAY, what="receipts", minutes=24 * 60) as is_within:
        if is_within:
            message_to(recipient, notice).send()
    return is_within


def send_to_staff(recipient: str, notice: OutboxNotice):
    """Together with the others that wait for the same person if they are many; may raise PutOff."""
    with counted(f"user {notice.user_id}", STAFF_MAILS, what="mails to staff", minutes=WINDOW) as is_within:
        if not is_within:
            raise PutOff
        others = OutboxNotice.objects.claim_others(notice, timezone.now())
        try:
            (together(recipient, notice, others) if others else message_to(recipient, notice)).send()
        except Exception:
            OutboxNotice.objects.give_back(others)
            raise
    for other in others:
        other.mark_sent(timezone.now())


@contextmanager
def counted(place: str, most: int, **window):
    """Whether one more is within ``most``. Counted before it is sent, so that several workers together send no more."""
    window["now"] = timezone.now()
    is_within = NetworkCount.objects.add(place, **window) <= most
    try:
        yield is_within
    except Exception:
        NetworkCount.objects.take_back(place, **window)
        raise


def is_of_interest(notice: OutboxNotice) -> bool:
    inquiry = notice.inquiry
    if inquiry.withdrawn_at or inquiry.erased_at:
        return notice.kind == OutboxNotice.Kind.STAFF_WITHDRAWN
    if notice.kind not in OutboxNotice.TO_OWNER:
        return True
    is_theirs = inquiry.is_in_work and inquiry.owner_id == notice.user_id
    return is_theirs and (notice.kind != OutboxNotice.Kind.STAFF_OVERDUE or inquiry.due_at <= timezone.now())


def recipient_of(notice: OutboxNotice) -> str:
    """Empty when the notice is no longer wanted. Of what is erased staff hear only that it was taken back, and of what
    they do not own any more nothing that is its owner's.

    That staff wrote is not mailed where another request forbids it. A receipt follows the request's own way: one that
    did not come would tell whoever reads the mailbox that somebody asked.
    """
    if not is_of_interest(notice):
        return ""
    if notice.is_to_sender:
        is_allowed = notice.kind == OutboxNotice.Kind.SENDER_RECEIPT or notice.inquiry.may_email
        return notice.inquiry.chosen_email if is_allowed else ""
    wanting = staff_to_notify(notice.kind, notice.inquiry)
    return wanting.filter(pk=notice.user_id).values_list("email", flat=True).first() or ""


def message_to(recipient: str, notice: OutboxNotice) -> EmailMessage:
    """In the language of who gets it. No word that a person typed stands in it."""
    with translation.override(notice.inquiry.written_in if notice.is_to_sender else STAFF_LANGUAGE):
        desk_url = f"{settings.SITE_URL}{reverse('admin:inquiries_inquiry_change', args=[notice.inquiry_id])}"
        url = status_url() if notice.is_to_sender else desk_url
        read_first = not notice.is_to_sender and notice.inquiry.is_read_first
        told = told_to_sender(notice.inquiry) if notice.is_to_sender else opening(read_first)
        return email(recipient, notice, notice.kind, inquiry=notice.inquiry, url=url, **told)


def together(recipient: str, notice: OutboxNotice, others: list[OutboxNotice]) -> EmailMessage:
    told = {one.inquiry for one in (notice, *others) if is_of_interest(one)}
    first = sorted(inquiry.reference for inquiry in told if inquiry.is_read_first)
    references = first + sorted(inquiry.reference for inquiry in told if inquiry.reference not in first)
    with translation.override(STAFF_LANGUAGE):
        url = f"{settings.SITE_URL}{reverse('admin:inquiries_inquiry_changelist')}"
        context = {"references": references, "first": first, "url": url, **opening(bool(first))}
        return email(recipient, notice, "staff_several", **context)


def opening(is_due: bool) -> dict:
    """Return what a mail says of when the desk opens, if something is due then."""
    now = timezone.now()
    opens = WeeklyHours.objects.calendar(now).next_open(now) if is_due else None
    is_today = bool(opens) and timezone.localtime(opens).date() == timezone.localtime(now).date()
    return {"opens": opens, "is_today": is_today}


def email(recipient: str, notice: OutboxNotice, template: str, **context) -> EmailMessage:
    subject, body = (render_to_string(f"inquiries/mail/{template}_{part}.txt", context) for part in ("subject", "body"))
    headers = {"Message-ID": f"<outbox-{notice.pk}@{settings.SITE_URL.host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject.strip(), body, to=[recipient], headers=headers)


def told_to_sender(inquiry) -> dict:
    """Return what a mail to the sender tells besides: by which day we answer, and where to ask without the code."""
    ask_url = f"{settings.SITE_URL}{reverse('inquiries:ask')}"
    return {"answer_by": answer_by(inquiry), "ask_url": ask_url}


def status_url() -> str:
    """In the language in force. The code itself stands in no mail."""
    return f"{settings.SITE_URL}{reverse('inquiries:status')}"

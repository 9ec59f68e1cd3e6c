"""Notices go out once, hold nothing personal, and wait as long as it takes."""

import smtplib
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import timezone

from inquiries.models import Inquiry, OutboxNotice
from inquiries.models.outbox import RETRY_AFTER, SHORTEST
from inquiries.worker import mailer
from iop_site.env import SiteUrl
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Rosa Fictitious",
    "contact_way": "email",
    "phone": "",
    "email": "rosa@example.com",
    "question": "About a condition\nBcc: all@example.com",
    "topics": "cost",
}


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.HAS_MAIL_SERVER = True
    settings.SITE_URL = SiteUrl.parse("https://guide.example")


def sent_to(address) -> EmailMessage:
    (message,) = [message for message in mail.outbox if message.to == [address]]
    return message


def test_staff_get_the_reference_and_a_link_behind_the_sign_in():
    user = staff_user("inquiries.view_inquiry")
    inquiry = stored_inquiry()
    assert mailer.deliver_due() == 1
    message = sent_to(user.email)
    assert message.subject == f"New inquiry {inquiry.reference}"
    assert inquiry.reference in message.body
    assert f"https://guide.example/admin/inquiries/inquiry/{inquiry.pk}/change/" in message.body


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "We got your request", "Your reference is {}."),
        ("es", "Recibimos su solicitud", "Su número de referencia es {}."),
    ],
)
def test_the_sender_gets_a_receipt_in_the_language_of_the_page(language, subject, words):
    inquiry = stored_inquiry(**TYPED, page_language=language, preferred_language="other")
    mailer.deliver_due()
    message = sent_to("rosa@example.com")
    assert message.subject == subject
    assert words.format(inquiry.reference) in message.body


def test_no_word_that_was_typed_and_none_about_health_stands_in_a_mail():
    staff_user("inquiries.view_inquiry")
    stored_inquiry(**TYPED)
    stored_inquiry(**TYPED, page_language="es")
    mailer.deliver_due()
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        text = message.message().as_string().replace("To: rosa@example.com", "")
        for words in (
            "Rosa",
            "rosa@",
            "condition",
            "Bcc",
            "cost",
            "IOP",
            "treatment",
            "tratamiento",
            "health",
            "crisis",
        ):
            assert words not in text, words


def test_a_mail_has_one_recipient_and_an_id_of_its_own():
    users = [staff_user("inquiries.view_inquiry") for _ in range(3)]
    stored_inquiry()
    ids = set(OutboxNotice.objects.values_list("pk", flat=True))
    mailer.deliver_due()
    assert sorted(message.recipients() for message in mail.outbox) == sorted([user.email] for user in users)
    found = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert found == {f"<outbox-{pk}@guide.example>" for pk in ids}


def test_what_was_sent_is_not_sent_again():
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    assert (mailer.deliver_due(), mailer.deliver_due()) == (1, 0)
    assert len(mail.outbox) == 1
    assert OutboxNotice.objects.get().sent_at


def test_without_a_mail_server_the_notices_wait(settings):
    settings.HAS_MAIL_SERVER = False
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    assert mailer.deliver_due() == 0
    notice = OutboxNotice.objects.get()
    assert (notice.sent_at, notice.attempts, mail.outbox) == (None, 0, [])


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"wants_inquiry_notices": False}, {"email": ""}, {"is_staff": False}]
)
def test_staff_who_should_not_get_it_any_more_do_not(change):
    user = staff_user("inquiries.view_inquiry")
    stored_inquiry()
    type(user).objects.filter(pk=user.pk).update(**change)
    mailer.deliver_due()
    assert not mail.outbox and not OutboxNotice.objects.exists()


def test_staff_who_lost_the_right_do_not_get_it():
    user = staff_user("inquiries.view_inquiry")
    stored_inquiry()
    user.user_permissions.clear()
    mailer.deliver_due()
    assert not mail.outbox and not OutboxNotice.objects.exists()


def test_staff_get_it_at_the_address_of_today():
    user = staff_user("inquiries.view_inquiry")
    stored_inquiry()
    type(user).objects.filter(pk=user.pk).update(email="moved@example.com")
    mailer.deliver_due()
    assert sent_to("moved@example.com")


def test_the_sender_of_an_erased_inquiry_is_not_written_to():
    inquiry = stored_inquiry(**TYPED)
    inquiry.email = ""
    inquiry.save()
    mailer.deliver_due()
    assert not mail.outbox and not OutboxNotice.objects.exists()


def test_a_mail_server_that_refuses_is_tried_again_later_and_later(monkeypatch):
    def refuse(self):
        raise smtplib.SMTPRecipientsRefused({"rosa@example.com": (450, b"4.2.0 try later")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    stored_inquiry(**TYPED)
    now = timezone.now()
    for tries in range(1, 8):
        with time_machine.travel(now, tick=False):
            assert mailer.deliver_due() == 1
            assert mailer.deliver_due() == 0
        notice = OutboxNotice.objects.get()
        assert (notice.attempts, notice.claimed_until, notice.last_error) == (tries, None, "SMTPRecipientsRefused")
        longest = RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1]
        delay = notice.next_try_at - now
        assert longest * SHORTEST <= delay <= longest
        assert timedelta(minutes=1) <= delay <= timedelta(hours=6)
        with time_machine.travel(now + delay - timedelta(seconds=1), tick=False):
            assert mailer.deliver_due() == 0
        now = notice.next_try_at
    monkeypatch.undo()
    with time_machine.travel(now, tick=False):
        mailer.deliver_due()
    assert sent_to("rosa@example.com")


def test_one_notice_that_cannot_be_worded_does_not_keep_the_next_back():
    broken, whole = stored_inquiry(**TYPED), stored_inquiry(**TYPED | {"email": "kim@example.com"})
    Inquiry.objects.filter(pk=broken.pk).update(email="")  # then what a wrong key would leave
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE inquiries_inquiry SET email = %s WHERE id = %s", ["v1:lost:AAAA", broken.pk])
    assert mailer.deliver_due() == 2
    assert sent_to("kim@example.com")
    assert OutboxNotice.objects.get(inquiry=broken).last_error == "SealError"
    assert OutboxNotice.objects.get(inquiry=whole).sent_at


def test_a_worker_that_died_leaves_its_notice_to_the_next_after_five_minutes():
    stored_inquiry(**TYPED)
    notice = OutboxNotice.objects.get()
    now = timezone.now()
    assert OutboxNotice.objects.claim(notice.pk, now)
    assert mailer.deliver_due() == 0
    with time_machine.travel(now + timedelta(minutes=5, seconds=1), tick=False):
        assert mailer.deliver_due() == 1
    assert sent_to("rosa@example.com").extra_headers["Message-ID"] == f"<outbox-{notice.pk}@guide.example>"


def test_a_worker_told_to_stop_leaves_the_rest():
    for _ in range(3):
        stored_inquiry(**TYPED)
    assert mailer.deliver_due(lambda: len(mail.outbox) >= 1) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_notice_once():
    for _ in range(3):
        staff_user("inquiries.view_inquiry")
    for number in range(5):
        stored_inquiry(**TYPED | {"email": f"person{number}@example.com"})
    start = Barrier(2)

    def work():
        start.wait()
        mailer.deliver_due()
        connections.close_all()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids)) == 5 * 4
    assert not OutboxNotice.objects.filter(sent_at=None).exists()

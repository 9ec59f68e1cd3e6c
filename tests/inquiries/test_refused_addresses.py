"""An address that the mail server knows nothing of is told at once, to staff and on the status page; other refusals are
our own fault, and stay with the outbox."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from inquiries.desk import dashboard, stats
from inquiries.models import Inquiry, OutboxNotice
from inquiries.worker import mailer
from inquiries.worker.refusals import is_of_address
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page
from tests.inquiries.status_pages import open_with, press, sent
from tests.inquiries.test_mail_server_misbehaves import use
from tests.mail_server import mail_server

BY_EMAIL = {"contact_way": "email", "phone": "", "email": "gone@example.com"}
TELLS = "The email did not arrive. Write the right address below."
OF_ADDRESS = [
    (550, b"no such user"),
    (550, b"5.1.1 <gone@example.com> User unknown"),
    (551, b"User not local"),
    (553, b"5.1.3 bad address"),
    (554, b"5.1.10 null MX"),
    (550, b"5.4.1 Recipient address rejected: Access denied"),
]
OUR_FAULT = [
    (450, b"4.2.0 try later"),
    (550, b"5.7.1 relaying denied"),
    (553, b"5.7.1 sender rejected"),
    (550, b"5.1.8 sender domain has no MX"),
    (554, b"5.7.1 blocked, see 5.1.1"),
    (552, b"5.2.2 mailbox full"),
    (421, b"too many"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(settings):
    """A stored inquiry and its code, whose receipt was refused as to an address that does not exist."""
    with mail_server("refusing") as server:
        use(settings, server)
        inquiry, code = sent(**BY_EMAIL)
        assert mailer.deliver_due() == 1
    inquiry.refresh_from_db()
    return inquiry, code


@pytest.mark.parametrize(("code", "words"), OF_ADDRESS)
def test_a_lasting_refusal_of_the_address_is_told_apart(code, words):
    assert is_of_address(smtplib.SMTPRecipientsRefused({"gone@example.com": (code, words)}))


@pytest.mark.parametrize(("code", "words"), OUR_FAULT)
def test_every_other_refusal_is_our_own(code, words):
    assert not is_of_address(smtplib.SMTPRecipientsRefused({"gone@example.com": (code, words)}))
    assert not is_of_address(smtplib.SMTPDataError(code, words))


def test_after_the_words_only_the_enhanced_code_speaks_of_the_address():
    assert is_of_address(smtplib.SMTPDataError(550, b"5.1.1 no such user"))
    assert not is_of_address(smtplib.SMTPDataError(550, b"we do not like it"))
    assert not is_of_address(smtplib.SMTPSenderRefused(550, b"5.1.1 you are nobody", "us@example.com"))
    assert not is_of_address(TimeoutError())


def test_it_is_tried_once_and_leaves_the_health_of_the_outbox_well(refused):
    notice = OutboxNotice.objects.get()
    assert (notice.attempts, notice.next_try_at) == (1, None)
    assert str(notice.state()) == "refused: the mail server knows no such address"
    later = timezone.now() + timedelta(days=3)
    assert not OutboxNotice.objects.failed(later) and not notice.is_failed(later)
    assert not stats.outbox(later).failed and not stats.outbox(later).waiting


def test_it_becomes_the_next_action_and_stands_on_the_case_and_on_today(refused, client):
    inquiry, _code = refused
    assert inquiry.action_due == Inquiry.NextAction.NEW_ADDRESS and inquiry.due_at <= timezone.now()
    ana = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry")
    client.force_login(ana)
    case = Page(client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")).text
    assert "The mail server knows no such address" in case and "Get an email address that works" in case
    assert dashboard.desk(ana, timezone.now())["refused"] == 1
    assert "The email address of 1 person does not work" in Page(client.get("/admin/")).text
    listed = Page(client.get("/admin/inquiries/inquiry/?flag=refused")).text
    assert inquiry.reference in listed and "Email refused" in listed


def test_the_sender_is_asked_for_another_until_they_write(refused, client):
    _inquiry, code = refused
    page = open_with(client, code)
    assert TELLS in Page(page).text and "Now: you" in Page(page).text
    page = press(client, page, "add", words="It is gone2@example.com")
    assert TELLS not in Page(page).text and "Now: our team" in Page(page).text
    inquiry = Inquiry.objects.get()
    assert inquiry.address_refused_at is None and inquiry.action_due != Inquiry.NextAction.NEW_ADDRESS


def test_what_staff_plan_takes_its_place(refused):
    inquiry, _code = refused
    ana = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry")
    inquiry.opened(ana)
    inquiry.set_next("wait", timezone.now() + timedelta(days=1), ana)
    assert inquiry.action_due == Inquiry.NextAction.WAIT


def test_a_refusal_after_it_was_closed_stands_on_its_page_and_plans_nothing(client):
    inquiry, ana = stored_inquiry(**BY_EMAIL), staff_user("inquiries.view_inquiry")
    inquiry.opened(ana)
    inquiry.close("answered", "status-page", ana)
    inquiry.address_refused()
    inquiry.refresh_from_db()
    assert inquiry.due_at is None
    client.force_login(ana)
    assert "knows no such address" in Page(client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")).text


@pytest.mark.parametrize("words", ["554 5.7.1 blocked", "550 5.7.1 relaying denied", "451 later"])
def test_our_own_fault_is_red_at_the_outbox_and_not_on_the_case(settings, words):
    with mail_server("refusing") as server:
        use(settings, server)
        server.refusal = words
        stored_inquiry(**BY_EMAIL)
        mailer.deliver_due()
    notice, inquiry = OutboxNotice.objects.get(), Inquiry.objects.get()
    assert notice.last_error == "SMTPRecipientsRefused" and notice.next_try_at
    assert not dashboard.outbox_line(timezone.now())["is_well"]
    assert inquiry.action_due == Inquiry.NextAction.FIRST_CONTACT and inquiry.failed_try is None


def test_a_refused_address_of_staff_says_nothing_about_the_inquiry(monkeypatch, settings):
    def refuse(self):
        raise smtplib.SMTPRecipientsRefused({"ana@example.com": (550, b"5.1.1 gone")})

    settings.HAS_MAIL_SERVER = True
    monkeypatch.setattr(EmailMessage, "send", refuse)
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    mailer.deliver_due()
    assert OutboxNotice.objects.get().last_error == "SMTPRecipientsRefused"
    assert Inquiry.objects.get().failed_try is None

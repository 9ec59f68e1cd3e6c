"""Whoever types a stranger's address into the form again and again has three receipts sent to it a day, not more."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from inquiries.models import NetworkCount, OutboxNotice
from inquiries.worker import mailer
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, send, without_receipt

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)
STRANGER = "stranger@example.com"


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.HAS_MAIL_SERVER = True


def asked(address=STRANGER, **answers):
    return stored_inquiry(contact_way="email", phone="", email=address, **answers)


def deliver() -> list[str]:
    """Deliver what is due; return to whom."""
    mail.outbox.clear()
    mailer.deliver_due()
    return [address for message in mail.outbox for address in message.to]


def test_one_address_gets_three_receipts_a_day_and_others_get_theirs():
    for number in range(8):
        asked(question=f"{number}?")
    asked("rosa@example.com")
    assert sorted(deliver()) == ["rosa@example.com", *[STRANGER] * 3]
    assert not OutboxNotice.objects.filter(sent_at=None).exists()


def test_the_next_day_there_are_three_again():
    with time_machine.travel(NOON, tick=False):
        for number in range(4):
            asked(question=f"{number}?")
        assert len(deliver()) == 3
    with time_machine.travel(NOON + timedelta(hours=11), tick=False):
        asked(question="later")
        assert deliver() == []
    with time_machine.travel(NOON + timedelta(hours=13), tick=False):
        asked(question="tomorrow")
        assert deliver() == [STRANGER]


@pytest.mark.parametrize(
    ("spelling", "usual"),
    [
        ("STRANGER@example.com", STRANGER), ("stranger+a@Example.com", STRANGER), ("stran.ger@example.com", STRANGER),
        ("stranger@googlemail.com", "stranger@gmail.com"), ("Stran.ger+a@GoogleMail.com", "stranger@gmail.com"),
        ("stranger@münchen.example", "stranger@xn--mnchen-3ya.example"),
    ],
)  # fmt: skip
def test_another_spelling_of_the_same_mailbox_counts_for_it(spelling, usual):
    asked(spelling)
    for number in range(3):
        asked(usual, question=f"{number}?")
    assert len(deliver()) == 3


@pytest.mark.parametrize(
    "address", ["=?utf-8?q?stranger?=@example.com", '"stranger"@example.com', "stranger@ｅxample.com"]
)
def test_an_address_of_before_that_is_mailed_as_another_is_not_written_to(address):
    inquiry = asked(address)
    inquiry.write_message("We will write again.", staff_user())
    assert deliver() == []
    notices = OutboxNotice.objects.filter(kind__in=OutboxNotice.TO_SENDER)
    assert {notice.last_error for notice in notices} == {"AddressNotPlain"} and len(notices) == 2


def test_a_message_of_staff_is_announced_whatever_was_counted():
    for number in range(4):
        inquiry = asked(question=f"{number}?")
    deliver()
    inquiry.write_message("We will write again.", staff_user())
    assert deliver() == [STRANGER]


def test_a_receipt_that_was_not_sent_is_not_counted(monkeypatch):
    for number in range(3):
        asked(question=f"{number}?")
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        assert deliver() == []
    assert [row.count for row in NetworkCount.objects.all()] == [0]
    OutboxNotice.objects.update(next_try_at=timezone.now())
    assert deliver() == [STRANGER] * 3


def refuse(message):
    raise SMTPRecipientsRefused({})


def test_no_address_is_kept_and_the_count_goes_with_the_others():
    asked()
    deliver()
    [row] = NetworkCount.objects.all()
    assert "stranger" not in row.network and len(row.network) == 64
    NetworkCount.objects.forget(row.hour + timedelta(days=1, minutes=1))
    assert not NetworkCount.objects.exists()


def test_the_answer_to_a_form_is_the_same_before_and_after(client):
    """It says nothing of an email: one that would not come must not be promised."""
    answers = {"contact_way": "email", "phone": "", "email": STRANGER}
    pages = [send(client, question=f"{number}?", **answers) for number in range(5)]
    deliver()
    pages.append(send(client, question="again", **answers))
    assert len({without_receipt(page) for page in pages}) == 1
    for words in ("sent you", "an email to", "check your"):
        assert words not in Page(pages[0]).text.casefold()

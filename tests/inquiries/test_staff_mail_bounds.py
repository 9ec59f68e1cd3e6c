"""However much comes in at once, a member of staff gets a bounded number of mails, and no notice is lost in them."""

import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from inquiries.models import Inquiry, OutboxNotice
from inquiries.worker import mailer
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 8, 19, tzinfo=UTC)
REFERENCE = re.compile(r"[A-Z]{2}\d\d-[A-Z]{2}")


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.HAS_MAIL_SERVER = True


@pytest.fixture
def ana():
    return staff_user("inquiries.view_inquiry")


def deliver(at) -> list:
    """Deliver what is due at a moment, in as many passes as that takes; return the mails."""
    mail.outbox.clear()
    with time_machine.travel(at, tick=False):
        while mailer.deliver_due():
            pass
    return list(mail.outbox)


def ask(count):
    with time_machine.travel(NOON, tick=False):
        return [stored_inquiry(question=f"{number}?") for number in range(count)]


def told(mails) -> set[str]:
    return {reference for message in mails for reference in REFERENCE.findall(message.body)}


def test_a_few_go_one_by_one(ana):
    ask(mailer.STAFF_MAILS)
    assert [message.subject[:11] for message in deliver(NOON)] == ["New inquiry"] * mailer.STAFF_MAILS


def test_many_at_once_are_one_mail_to_each(ana):
    other = staff_user("inquiries.view_inquiry")
    ask(60)
    mails = deliver(NOON)
    assert sorted(message.to for message in mails) == sorted([[ana.email], [other.email]])
    assert {message.subject for message in mails} == {"News of 60 inquiries"}
    assert told(mails) == set(Inquiry.objects.values_list("reference", flat=True))
    assert not OutboxNotice.objects.filter(sent_at=None).exists()


def test_what_trickles_in_is_put_off_and_told_together(ana):
    mails = []
    for _ in range(30):
        ask(1)
        mails += deliver(NOON)
    assert len(mails) == mailer.STAFF_MAILS
    assert {notice.state() for notice in OutboxNotice.objects.filter(sent_at=None)} == {"waiting to be sent"}
    assert deliver(NOON + timedelta(minutes=29)) == []
    later = deliver(NOON + timedelta(minutes=30))
    assert len(later) == 1 and later[0].subject == "News of 20 inquiries"
    assert told([*mails, *later]) == set(Inquiry.objects.values_list("reference", flat=True))


def test_changes_and_additions_count_as_well(ana):
    [inquiry] = ask(1)
    deliver(NOON)
    with time_machine.travel(NOON, tick=False):
        for number in range(40):
            inquiry.add_words(f"word {number}")
    assert [message.subject for message in deliver(NOON)] == ["News of 1 inquiry"]


def test_a_mail_of_many_that_fails_is_tried_again_whole(ana, monkeypatch):
    ask(20)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", hang_up)
        with time_machine.travel(NOON, tick=False):
            assert mailer.deliver_due() == 1
    assert sorted(OutboxNotice.objects.values_list("attempts", flat=True)) == [*[0] * 19, 1]
    assert not OutboxNotice.objects.exclude(claimed_until=None).exists()
    mails = deliver(NOON + timedelta(minutes=5))
    assert told(mails) == set(Inquiry.objects.values_list("reference", flat=True)) and len(mails) == 1


def hang_up(message):
    raise SMTPServerDisconnected


def test_what_was_taken_back_meanwhile_is_left_out(ana):
    inquiries = ask(20)
    Inquiry.objects.filter(pk=inquiries[0].pk).update(erased_at=NOON)
    [message] = deliver(NOON)
    assert inquiries[0].reference not in message.body and message.subject == "News of 19 inquiries"


def test_no_word_of_a_sender_stands_in_it(ana):
    ask(20)
    [message] = deliver(NOON)
    for words in ("Rosa", "555-01", "6265550", "?", "IOP", "treatment"):
        assert words not in message.body

"""On a working morning each member of staff gets one mail with numbers, if they want it."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from inquiries.models import ClosedDay, Inquiry, MailChoices
from inquiries.worker import digest
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 8, 16, 5, tzinfo=UTC)  # five past nine in Duarte
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.HAS_MAIL_SERVER = True


@pytest.fixture
def ana():
    return staff_user(*RIGHTS)


def test_it_holds_numbers_and_a_link_and_nothing_else(ana, settings):
    noor = staff_user(*RIGHTS)
    for number, (hours, owner, tries) in enumerate([(-1, ana, 1), (-2, None, 0), (3, ana, 1), (50, noor, 0)]):
        inquiry = stored_inquiry(question=f"{number}?")
        due_at, tried_at = MONDAY + timedelta(hours=hours), MONDAY if tries else None
        Inquiry.objects.filter(pk=inquiry.pk).update(
            due_at=due_at, owner=owner, tries=tries, first_tried_at=tried_at, received_at=MONDAY
        )
    assert digest.send_due(MONDAY) == 2
    [message] = [message for message in mail.outbox if message.to == [ana.email]]
    assert message.subject == "This morning at the desk"
    assert message.body.splitlines()[:4] == [
        "New, and nobody tried to answer yet: 2",
        "Overdue: 2",
        "Due later today: 1",
        "Yours: 2, of which 1 wait for you now",
    ]
    assert f"{settings.SITE_URL}/admin/" in message.body
    text = message.message().as_string()
    references = Inquiry.objects.values_list("reference", flat=True)
    assert not [words for words in ("Rosa", "555-01", "6265550", *references) if words in text]


def test_it_goes_once_a_day(ana):
    times = [MONDAY, MONDAY, MONDAY + timedelta(hours=2), MONDAY + timedelta(days=1)]
    assert [digest.send_due(at) for at in times] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    "at",
    [MONDAY - timedelta(minutes=10), MONDAY + timedelta(hours=9), MONDAY - timedelta(days=1)],
    ids=["before the desk opens", "after it closed", "on a Sunday"],
)
def test_it_goes_only_while_the_desk_is_open(ana, at):
    assert digest.send_due(at) == 0


def test_none_goes_on_a_closed_day(ana):
    ClosedDay.objects.create(day="2026-06-08")
    assert digest.send_due(MONDAY) == 0


def test_none_goes_without_a_mail_server(ana, settings):
    settings.HAS_MAIL_SERVER = False
    assert digest.send_due(MONDAY) == 0 and not MailChoices.objects.exists()


def test_only_who_sees_inquiries_and_wants_it_gets_it(ana):
    staff_user("programs.view_therapy")
    staff_user(*RIGHTS, is_active=False)
    staff_user(*RIGHTS, email="")
    MailChoices.objects.create(user=staff_user(*RIGHTS), digest=False)
    MailChoices.objects.create(user=staff_user(*RIGHTS), overdue=False)
    assert digest.send_due(MONDAY) == 2 and [ana.email] in [message.to for message in mail.outbox]


def test_of_two_workers_one_sends(ana):
    assert MailChoices.objects.claim_digest(ana, MONDAY.date())
    assert not MailChoices.objects.claim_digest(ana, MONDAY.date())


def fail_with(error):
    def send(message):
        raise error

    return send


@pytest.mark.parametrize("error", [SMTPServerDisconnected, SMTPNotSupportedError])
def test_while_the_mail_server_takes_none_it_stays_owed(ana, monkeypatch, error):
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail_with(error()))
        with pytest.raises(error):
            digest.send_due(MONDAY)
    assert digest.send_due(MONDAY + timedelta(minutes=15)) == 1


def test_one_that_fails_is_tried_again_once_the_others_went(ana, monkeypatch):
    noor, send = staff_user(*RIGHTS), EmailMessage.send
    with monkeypatch.context() as broken:
        broken.setattr(
            EmailMessage, "send", lambda one: fail_with(ValueError())(one) if ana.email in one.to else send(one)
        )
        with pytest.raises(ValueError):
            digest.send_due(MONDAY)
    assert [message.to for message in mail.outbox] == [[noor.email]]
    assert digest.send_due(MONDAY + timedelta(minutes=15)) == 1
    assert [message.to for message in mail.outbox] == [[noor.email], [ana.email]]


def test_one_address_that_is_refused_keeps_nobody_from_theirs(ana, monkeypatch):
    noor, send = staff_user(*RIGHTS), EmailMessage.send

    def refuse_one(message):
        if message.to == [ana.email]:
            raise SMTPRecipientsRefused({ana.email: (550, b"no")})
        return send(message)

    monkeypatch.setattr(EmailMessage, "send", refuse_one)
    assert digest.send_due(MONDAY) == 1 and [message.to for message in mail.outbox] == [[noor.email]]
    assert digest.send_due(MONDAY) == 0

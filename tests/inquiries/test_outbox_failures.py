"""What could not be sent is shown and can be tried again; what must not be sent any more never is."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Event, Inquiry, OutboxNotice
from inquiries.models.outbox import MOST_TRIES
from inquiries.worker import mailer
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db

LIST = "admin:inquiries_outboxnotice_changelist"
BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com"}
TRY_AGAIN = {"action": "try_again", "index": "0"}


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.HAS_MAIL_SERVER = True


@pytest.fixture
def desk(client):
    client.force_login(staff_user("inquiries.view_outboxnotice", "inquiries.change_outboxnotice"))
    return client


def waiting_notice(**columns) -> OutboxNotice:
    stored_inquiry(**BY_EMAIL)
    OutboxNotice.objects.update(**columns)
    return OutboxNotice.objects.get()


def failed_notice(**columns) -> OutboxNotice:
    now = timezone.now()
    failed = {"created_at": now - timedelta(days=2), "attempts": 9, "last_error": "TimeoutError"}
    return waiting_notice(**failed | {"next_try_at": now + timedelta(hours=5)} | columns)


@pytest.mark.parametrize("column", ["withdrawn_at", "erased_at"])
def test_nothing_about_what_was_taken_back_or_erased_is_mailed_but_that_it_was(column):
    staff = staff_user("inquiries.view_inquiry")
    inquiry = stored_inquiry(**BY_EMAIL)
    OutboxNotice.objects.bulk_create(
        [
            *OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_AMENDED, inquiry),
            *OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_ADDED, inquiry),
            *OutboxNotice.to_sender(OutboxNotice.Kind.SENDER_MESSAGE, inquiry),
            *OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_WITHDRAWN, inquiry),
        ]
    )
    Inquiry.objects.update(**{column: timezone.now()})
    mailer.deliver_due()
    [message] = mail.outbox
    assert message.to == [staff.email] and "taken back" in message.subject
    assert OutboxNotice.objects.get().kind == OutboxNotice.Kind.STAFF_WITHDRAWN


def test_after_a_day_a_notice_counts_as_failed():
    now = timezone.now()
    notice = failed_notice(created_at=now)
    assert str(notice.state(now + timedelta(hours=23))) == "not sent yet: TimeoutError, tries: 9"
    assert str(notice.state(now + timedelta(hours=24))) == "failed: TimeoutError, tries: 9"
    assert not OutboxNotice.objects.failed(now + timedelta(hours=23))
    assert OutboxNotice.objects.failed(now + timedelta(hours=24)).get() == notice


def test_what_only_waits_did_not_fail():
    notice = waiting_notice(created_at=timezone.now() - timedelta(days=2))
    assert str(notice.state()) == "waiting to be sent" and not OutboxNotice.objects.failed(timezone.now())


def test_after_a_week_of_tries_it_waits_for_staff(monkeypatch):
    def refuse(self):
        raise OSError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    notice, now = waiting_notice(), timezone.now()
    began = now
    while now:
        with time_machine.travel(now, tick=False):
            assert mailer.deliver_due() == 1
        notice.refresh_from_db()
        now, last = notice.next_try_at, now
    assert notice.attempts == MOST_TRIES
    assert timedelta(days=5) < last - began < timedelta(days=8)
    with time_machine.travel(last + timedelta(days=300)):
        assert mailer.deliver_due() == 0
    monkeypatch.undo()
    assert notice.retry(staff_user()) and mailer.deliver_due() == 1


def test_staff_have_it_tried_again_by_a_post(desk):
    notice = failed_notice()
    desk.get(reverse(LIST), TRY_AGAIN | {"_selected_action": [notice.pk]})
    assert not Event.objects.filter(verb="retried").exists() and mailer.deliver_due() == 0
    page = desk.post(reverse(LIST), TRY_AGAIN | {"_selected_action": [notice.pk]}, follow=True)
    assert "1 notice will be sent again." in page.content.decode()
    event = notice.inquiry.events.get(verb="retried")
    assert event.actor.username in page.content.decode()
    assert mailer.deliver_due() == 1 and mail.outbox[0].to == ["rosa@example.com"]


def test_who_may_only_look_cannot(client):
    notice = failed_notice()
    client.force_login(staff_user("inquiries.view_outboxnotice"))
    client.post(reverse(LIST), TRY_AGAIN | {"_selected_action": [notice.pk]})
    assert not Event.objects.filter(verb="retried").exists() and mailer.deliver_due() == 0


def test_what_was_sent_or_is_in_hand_is_left_alone():
    now, staff = timezone.now(), staff_user()
    notice = failed_notice(claimed_until=now + timedelta(minutes=1))
    assert not notice.retry(staff)
    OutboxNotice.objects.update(claimed_until=None, sent_at=now)
    assert not notice.retry(staff)
    assert not Event.objects.filter(verb="retried").exists()
    OutboxNotice.objects.update(claimed_until=now - timedelta(seconds=1), sent_at=None)
    assert notice.retry(staff)


def test_the_list_says_that_there_is_no_mail_server(desk, settings):
    settings.HAS_MAIL_SERVER = False
    waiting_notice()
    assert mailer.deliver_due() == 0
    assert "not sent: no mail server" in desk.get(reverse(LIST)).content.decode()

"""Who is owed which mail, and what stands in the mails about what happens after an inquiry was sent."""

import pytest
from django.core import mail

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import OutboxNotice
from inquiries.worker import mailer
from iop_site.env import SiteUrl
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db

BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com", "question": "About a condition"}
STATUS_URL = "https://guide.example/status-page/"
NEVER = ("Rosa", "rosa@", "condition", "IOP", "treatment", "tratamiento", "health", "salud", "crisis", "program")


@pytest.fixture(autouse=True)
def mail_server(settings, monkeypatch):
    settings.HAS_MAIL_SERVER = True
    settings.SITE_URL = SiteUrl.parse("https://guide.example")
    monkeypatch.setattr(mailer, "status_url", lambda: STATUS_URL)


def deliver(notices) -> list:
    """Deliver only these notices; return the mails."""
    OutboxNotice.objects.all().delete()
    OutboxNotice.objects.bulk_create(notices)
    mailer.deliver_due()
    return mail.outbox


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (OutboxNotice.Kind.STAFF_ADDED, "Something was added to inquiry {}"),
        (OutboxNotice.Kind.STAFF_WITHDRAWN, "Inquiry {} was taken back"),
    ],
)
def test_staff_get_the_reference_and_a_link_and_nothing_else(kind, subject):
    user, inquiry = staff_user("inquiries.view_inquiry"), stored_inquiry(**BY_EMAIL)
    [message] = deliver(OutboxNotice.to_staff(kind, inquiry))
    assert (message.to, message.subject) == ([user.email], subject.format(inquiry.reference))
    assert f"https://guide.example/admin/inquiries/inquiry/{inquiry.pk}/change/" in message.body
    assert not [words for words in NEVER if words in message.message().as_string()]


@pytest.mark.parametrize(("language", "subject"), [("en", "A message for you"), ("es", "Un mensaje para usted")])
def test_a_message_is_announced_in_neutral_words_and_the_language_that_was_chosen(language, subject):
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, **BY_EMAIL, preferred_language=language)
    [message] = deliver(OutboxNotice.to_sender(OutboxNotice.Kind.SENDER_MESSAGE, inquiry))
    assert (message.to, message.subject) == (["rosa@example.com"], subject)
    assert inquiry.reference in message.body and STATUS_URL in message.body
    text = message.message().as_string().replace("To: rosa@example.com", "")
    assert not [words for words in (*NEVER, key.code, key.code[:4]) if words in text]


def test_a_message_is_announced_only_to_who_chose_email():
    assert not OutboxNotice.to_sender(OutboxNotice.Kind.SENDER_MESSAGE, stored_inquiry(email="rosa@example.com"))


def test_the_latest_answers_say_whether_and_where_to_write():
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, **BY_EMAIL)
    stored_inquiry(key, **BY_EMAIL | {"email": "new@example.com"})
    [message] = deliver(OutboxNotice.to_sender(OutboxNotice.Kind.SENDER_MESSAGE, inquiry))
    assert message.to == ["new@example.com"]
    stored_inquiry(key, contact_way="call")
    assert not OutboxNotice.to_sender(OutboxNotice.Kind.SENDER_MESSAGE, inquiry)

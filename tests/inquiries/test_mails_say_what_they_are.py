"""Each mail says that a machine wrote it, whose it is, and what to do without the code; it promises nothing untrue."""

import pytest
from django.core import mail

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import OutboxNotice
from inquiries.worker import mailer
from iop_site.env import Environment, SiteUrl
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db

BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com", "preferred_language": "en"}
DO_NOTHING = {"en": "If you did not ask for this, do nothing.", "es": "Si usted no pidió esto, no haga nada."}


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.HAS_MAIL_SERVER = True
    settings.SITE_URL = SiteUrl.parse("https://guide.example")
    settings.DEFAULT_FROM_EMAIL = Environment({}).sender("EMAIL_FROM", "no-reply@guide.example")


def mails(**answers) -> list:
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, **BY_EMAIL | answers)
    OutboxNotice.objects.bulk_create(OutboxNotice.to_sender(OutboxNotice.Kind.SENDER_MESSAGE, inquiry))
    mailer.deliver_due()
    assert not any(key.code in message.body for message in mail.outbox)
    return mail.outbox


def test_every_mail_says_that_it_was_sent_automatically_and_under_a_name_that_tells_nothing():
    staff_user("inquiries.view_inquiry")
    for message in mails():
        sent = message.message()
        assert sent["Auto-Submitted"] == "auto-generated" and sent["Message-ID"]
        assert sent["From"] == "Dedicato <no-reply@guide.example>"


def test_a_name_that_the_operator_gives_stays():
    given = Environment({"EMAIL_FROM": "Office <office@guide.example>"}).sender("EMAIL_FROM", "")
    assert given == "Office <office@guide.example>"


@pytest.mark.parametrize("language", ["en", "es"])
def test_both_mails_to_the_sender_say_what_to_do_without_the_code_and_who_did_not_ask(language):
    receipt, message = mails(preferred_language=language)
    ask = {"en": "https://guide.example/ask/", "es": "https://guide.example/es/pedir-contacto/"}[language]
    status = {"en": "https://guide.example/status/", "es": "https://guide.example/es/estado/"}[language]
    for text in (receipt.body, message.body):
        assert f"{ask}\n" in text and f"{status}\n" in text and DO_NOTHING[language] in text


def test_the_receipt_says_what_to_do_without_the_code_and_is_plain_text():
    receipt, _message = mails()
    assert "We never send one by email. Send the form again, and you get a new code:" in receipt.body
    assert "&amp;" not in receipt.body and "  " not in receipt.body and "\n\n\n" not in receipt.body

"""Wherever somebody looks who lost the code, it is said what to do, and that nobody sends or tells a code."""

import pytest
from django.core import mail

from inquiries.models import OutboxNotice
from inquiries.worker import mailer
from tests.factories import staff_user
from tests.inquiries.form_pages import PATHS, Page, get_page, send
from tests.inquiries.status_pages import PATH, sent

pytestmark = pytest.mark.django_db

LOST = {"en": "Lost your private code?", "es": "¿Perdió su código privado?"}
NEVER = {"en": "never to someone who calls us", "es": "nunca a quien nos llama"}
AGAIN = {"en": "send the form again", "es": "envíe otra vez el formulario"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_code_page_the_sent_page_and_the_question_form_say_it(client, language):
    pages = [get_page(client, PATH[language]), get_page(client, PATHS["question"][language])]
    pages += [Page(send(client, way, language)) for way in ("me", "loved-one", "refer", "question")]
    for page in pages:
        for words in (LOST, NEVER, AGAIN):
            assert words[language] in page.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_both_mails_say_it_and_hold_no_code(language, settings):
    settings.HAS_MAIL_SERVER = True
    plan = {"preferred_language": language, "contact_way": "email", "email": "r@example.com"}
    inquiry, code = sent(page_language=language, **plan)
    inquiry.write_message("Words", staff_user())
    mailer.deliver_due()
    kinds = (OutboxNotice.Kind.SENDER_RECEIPT, OutboxNotice.Kind.SENDER_MESSAGE)
    assert OutboxNotice.objects.filter(kind__in=kinds, sent_at__isnull=False).count() == 2
    ask = {"en": "/ask/", "es": "/es/pedir-contacto/"}[language]
    said = {"en": "We never send one by email", "es": "Nunca enviamos códigos privados por correo"}[language]
    for letter in mail.outbox:
        assert said in letter.body and f"{settings.SITE_URL}{ask}\n" in letter.body
        assert code not in letter.body.replace(" ", "")

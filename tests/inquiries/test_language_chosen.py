"""Mails and messages are in the language that was chosen last, and the lists of the desk go by it."""

import csv

import pytest
from django.core import mail

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import stats
from inquiries.desk.action_forms import MessageForm
from inquiries.desk.export_formats import table_lines, week_lines
from inquiries.desk.export_whole import as_object
from inquiries.desk.list_filters import FilterForm
from inquiries.models import Event, Inquiry, MessageTemplate
from inquiries.worker import mailer
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db

BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com"}
HELLO = {"en": "Hello,", "es": "Buen día:"}


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.HAS_MAIL_SERVER = True


def corrected(first="en", then="es", **answers) -> Inquiry:
    key = SubmissionKey.new()
    stored_inquiry(key, preferred_language=first, **answers)
    stored_inquiry(key, preferred_language=then, **answers)
    return Inquiry.objects.prefetch_related("texts").get()


@pytest.mark.parametrize(
    ("form", "chosen", "written"), [("en", "es", "es"), ("es", "en", "en"), ("es", "other", "es"), ("es", "", "es")]
)
def test_the_receipt_is_in_the_language_chosen_else_in_that_of_the_form(form, chosen, written):
    stored_inquiry(**BY_EMAIL, page_language=form, preferred_language=chosen)
    mailer.deliver_due()
    assert mail.outbox[0].body.startswith(HELLO[written])


def test_a_professional_is_written_to_in_the_language_of_the_form_and_not_in_the_client_s():
    stored_inquiry(**BY_EMAIL | {"contact_way": "email-work"}, way="refer", preferred_language="es", organization="A")
    mailer.deliver_due()
    assert mail.outbox[0].body.startswith(HELLO["en"])


def test_a_corrected_language_is_that_of_the_mail():
    corrected(**BY_EMAIL)
    mailer.deliver_due()
    assert mail.outbox[0].body.startswith(HELLO["es"])


def test_a_message_begins_in_the_corrected_language():
    template = MessageTemplate.objects.create(title="Hi", body_en="Hello {name}", body_es="Hola {name}")
    form = MessageForm(inquiry=corrected(), user=staff_user(), template=template)
    assert form.initial["body"].startswith("Hola") and form.fields["body"].widget.attrs["lang"] == "es"


def test_a_corrected_language_moves_filter_dashboard_and_files():
    inquiry = corrected()
    assert inquiry in FilterForm({"language": "es"}).narrow(Inquiry.objects.all())
    assert inquiry not in FilterForm({"language": "en"}).narrow(Inquiry.objects.all())
    assert stats.open_now().by_language == {"en": 0, "es": 1, "other": 0}
    lines = list(table_lines([inquiry.pk], notice_first=False))
    [row] = csv.DictReader(lines[1:])
    assert row["preferred_language"] == "Spanish"
    assert list(week_lines([inquiry.pk], notice_first=False))[-1].split(",")[2:] == ['"<11"', '"<11"', '"<11"\r\n']
    assert (inquiry.first("preferred_language"), as_object(inquiry)["preferred_language"]) == ("en", "en")
    assert "preferred_language" in inquiry.events.get(verb=Event.Verb.AMENDED).fields

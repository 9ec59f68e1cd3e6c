"""What is known of a person is put right: what reads the latest answers follows, and no event tells a value."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk.export_formats import table_lines
from inquiries.desk.export_whole import json_lines
from inquiries.models import Event, Inquiry, InvalidTransition, OutboxNotice, trail_texts
from inquiries.worker import mailer
from tests.factories import find, staff_user
from tests.inquiries.form_pages import Page, send
from tests.inquiries.status_pages import sent
from tests.inquiries.test_change_of_plan import case, change, stored

pytestmark = pytest.mark.django_db
VOICEMAIL = {"contact_way": "call-voicemail", "phone": "+16265550142"}
LIST = "admin:inquiries_inquiry_changelist"
WHY = "She spelled it on the phone."


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")
    client.force_login(user)
    return user


def path(inquiry) -> str:
    return reverse("admin:inquiries_inquiry_correct", args=[inquiry.pk])


def known(client, inquiry) -> dict:
    """What the page holds when it is opened, as a browser would send it."""
    form = client.get(path(inquiry)).context["form"]
    return {field.html_name: field.value() or "" for field in form}


def correct(client, inquiry, **answers):
    return client.post(path(inquiry), {**known(client, inquiry), "reason": WHY, **answers})


def test_the_page_holds_what_is_known(client, ana):
    inquiry, _code = sent(**VOICEMAIL, good_times="morning evening", topics="cost")
    page = Page(client.get(path(inquiry)))
    assert (page.value("name"), page.value("phone")) == ("Rosa Peña", "(626) 555-0142")
    assert page.chosen("contact_way") == ["call-voicemail"] and page.chosen("preferred_language") == ["es"]
    assert page.chosen("good_times") == ["morning", "evening"] and page.chosen("topics") == ["cost"]
    assert all(field["autocomplete"] == "off" for field in page.all("input", type="tel"))


def test_every_list_card_and_table_shows_the_newest(client, ana):
    inquiry, _code = sent(**VOICEMAIL)
    answers = {
        "name": "Rosalía Peña",
        "contact_way": "email",
        "email": "rosalia@example.com",
        "good_times": ["morning"],
    }
    answers |= {"preferred_language": "other", "other_language": "Armenian", "topics": ["family"]}
    answers["good_times"] = ["morning"]
    response = correct(client, inquiry, **answers)
    assert response.url == reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
    page = case(client)
    assert "How to reach Rosalía safely" in page and "rosalia@example.com" in page and "Armenian" in page
    assert "mailto:rosalia@example.com" in page and "tel:" not in page
    listed = client.get(reverse(LIST)).content.decode()
    assert "Rosalía Peña" in listed and "Email only" in listed and "voicemail" not in listed
    assert inquiry.reference in client.get(reverse(LIST), {"tab": "open", "language": "other"}).content.decode()
    assert inquiry.reference not in client.get(reverse(LIST), {"tab": "open", "language": "es"}).content.decode()
    assert inquiry.reference in find(client, reverse(LIST), "rosalia@example.com").content.decode()
    [header, row] = csv.reader(io.StringIO("".join(table_lines([inquiry.pk], notice_first=False)).lstrip("\ufeff")))
    told = dict(zip(header, row, strict=True))
    assert [told[name] for name in ("name", "contact_way", "phone", "email", "other_language", "topics")] == [
        "Rosalía Peña", "Email only.", "", "rosalia@example.com", "Armenian", "Support for a family",
    ]  # fmt: skip
    assert "Rosalía" in "".join(json_lines([inquiry.pk], notice_first=False))
    assert stored().name == "Rosa Peña" and "Rosa Peña" in page  # what was said first stays


def test_mail_goes_to_the_corrected_address(client, ana, settings):
    settings.HAS_MAIL_SERVER = True
    inquiry, _code = sent(contact_way="email", phone="", email="old@example.com")
    correct(client, inquiry, email="new@example.com")
    mailer.deliver_due()
    assert {to for message in mail.outbox for to in message.to} - {ana.email} == {"new@example.com"}


def test_the_timeline_names_the_fields_and_no_value(client, ana):
    inquiry, _code = sent(**VOICEMAIL)
    correct(client, inquiry, name="Rosalía", phone="626 555 0199")
    event = inquiry.events.get(verb=Event.Verb.CORRECTED)
    assert (event.fields, event.detail, event.actor) == ("contact_way email name phone", "", ana)
    text = Page(client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]))).text
    assert "Corrected what is known by Ana: how to reach this person, email, name, phone" in text
    assert WHY in text
    assert not list(trail_texts.faults())
    assert not OutboxNotice.objects.filter(kind=OutboxNotice.Kind.STAFF_AMENDED).exists()


def test_what_is_kept_of_it_is_sealed_and_goes_with_the_inquiry(client, ana):
    inquiry, _code = sent(**VOICEMAIL)
    correct(client, inquiry, name="Rosalía")
    cells = [str(cell) for row in (Inquiry, Event) for values in row.objects.values_list() for cell in values]
    bodies = [text.__dict__["body"] for text in inquiry.texts.all().only("body")]
    assert len(bodies) == 2 and "Rosal" not in " ".join(map(str, [*cells, *bodies]))
    Inquiry.objects.get().erase()
    assert not inquiry.texts.exists()


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"phone": "12"}, {"phone": ""}, {"name": ""}])
def test_without_a_reason_or_with_half_an_answer_nothing_changes(client, ana, wrong):
    inquiry, _code = sent(**VOICEMAIL)
    page = Page(correct(client, inquiry, **{"name": "Rosalía"} | wrong))
    assert page.title.startswith("Error: ") and not inquiry.texts.exists()


def test_what_is_known_already_is_no_correction(client, ana):
    inquiry, _code = sent(**VOICEMAIL)
    response = correct(client, inquiry)
    assert response.status_code == 409 and "This says what is known already." in response.content.decode()
    assert not inquiry.texts.exists()


def test_a_later_change_of_the_sender_goes_before_an_older_correction(client, ana):
    inquiry, code = sent(**VOICEMAIL)
    correct(client, inquiry, name="Rosalía", contact_way="text", phone="626 555 0111")
    change(client, code, contact_way="call", phone="626 555 0177")
    now = stored()
    assert [now.latest(name) for name in ("name", "contact_way", "phone")] == ["Rosalía", "call", "+16265550177"]


def test_a_page_that_was_drawn_before_the_sender_s_change_cannot_undo_it(client, ana):
    inquiry, code = sent(**VOICEMAIL)
    page = {**known(client, inquiry), "reason": WHY, "name": "Rosalía"}
    change(client, code, contact_way="status-page")
    assert client.post(path(inquiry), page).status_code == 409
    stored().read_words(ana)
    again = client.post(path(inquiry), {**page, "version": stored().version})
    assert again.status_code == 409 and "The answers were changed since" in again.content.decode()
    assert stored().reach_way == "status-page"


def test_new_words_are_read_before_the_page_shows_what_is_known(client, ana):
    inquiry, _code = sent(**VOICEMAIL)
    inquiry.add_words("Do not call this number any more.")
    page = client.get(path(inquiry)).content.decode()
    assert "Read the new words first" in page and "555-01" not in page
    with pytest.raises(InvalidTransition, match="Read the new words first"):
        stored().correct({"name": "Rosalía"}, WHY, ana)


def test_the_form_sent_again_undoes_no_correction_and_other_answers_of_it_say_so(client, ana):
    key = SubmissionKey.new()
    send(client, token=key.token(), contact_way="call-voicemail")
    correct(client, stored(), contact_way="call")
    send(client, token=key.token(), contact_way="call-voicemail")
    assert stored().reach_way == "call" and len(stored().kept_digests()) == 1
    send(client, token=key.token(), contact_way="call-voicemail", question="Anything else?")
    assert stored().reach_way == "call-voicemail"
    assert "contact_way" in stored().events.get(verb=Event.Verb.AMENDED).fields.split()


def test_a_number_that_did_not_work_is_told_until_it_is_corrected(client, ana):
    inquiry, _code = sent(**VOICEMAIL, received_at=timezone.now() - timedelta(days=1))
    plan = {"next_action": "contact-again", "due_at": timezone.now() + timedelta(days=1)}
    stored().log_try("dead-number", ana, **plan)
    correct(client, inquiry, name="Rosalía")
    assert "This did not work" in case(client)
    correct(client, inquiry, phone="626 555 0199")
    assert "This did not work" not in case(client)


def test_an_address_that_was_refused_is_no_next_action_once_it_is_corrected(client, ana):
    inquiry, _code = sent(contact_way="email", phone="", email="old@example.com")
    stored().address_refused()
    correct(client, inquiry, name="Rosalía")
    assert stored().address_refused_at
    correct(client, inquiry, email="new@example.com")
    assert stored().address_refused_at is None


def test_a_professional_keeps_phone_and_email(client, ana):
    send(client, "refer", token=SubmissionKey.new().token())
    inquiry = stored()
    assert [code for code, _label in client.get(path(inquiry)).context["form"].fields["contact_way"].choices] == [
        "call-work", "email-work",
    ]  # fmt: skip
    correct(client, inquiry, contact_way="email-work", phone="626 555 0142", email="kim@example.com")
    assert (stored().reach_way, stored().latest("phone")) == ("email-work", "+16265550142")
    assert stored().latest("organization") == "A made-up clinic"


def test_staff_without_the_right_correct_nothing(client):
    inquiry, _code = sent(**VOICEMAIL)
    client.force_login(staff_user("inquiries.view_inquiry"))
    assert client.get(path(inquiry)).status_code == 403

"""Only what the chosen way of contact needs is read, shown and kept; the check page says what is dropped."""

import pytest

from inquiries.models import Inquiry
from tests.inquiries.form_pages import Page, post, send

pytestmark = pytest.mark.django_db

BOTH = {"phone": "626 555 0142", "email": "rosa@example.com"}
EMAIL_FOR_CALL = "You also typed an email. We do not need it for a call, so we will not keep it."
EMAIL_FOR_TEXT = "You also typed an email. We do not need it for a text, so we will not keep it."
PHONE_FOR_EMAIL = "You also typed a phone number. We do not need it for an email, so we will not keep it."
WAYS = [
    ("call-voicemail", "phone", EMAIL_FOR_CALL, "We will call. We may leave a voicemail."),
    ("call", "phone", EMAIL_FOR_CALL, "We will call. We will not leave a voicemail."),
    ("text", "phone", EMAIL_FOR_TEXT, "We will send a text message."),
    ("email", "email", PHONE_FOR_EMAIL, "We will send an email."),
]
SPANISH_PLANS = [
    ("call-voicemail", "Le vamos a llamar. Podemos dejar un mensaje de voz."),
    ("call", "Le vamos a llamar. No dejaremos mensaje de voz."),
    ("text", "Le vamos a mandar un mensaje de texto."),
    ("email", "Le vamos a mandar un correo electrónico."),
]


@pytest.mark.parametrize(("way", "kept", "dropped", "plan"), WAYS)
def test_the_check_page_shows_what_is_kept_and_says_what_is_not(client, way, kept, dropped, plan):
    page = Page(post(client, "check", contact_way=way, **BOTH))
    assert page.texts_of("p", class_="note") == [dropped]
    assert page.texts_of("p", class_="plan") == [plan]
    shown = page.texts_of("dd")
    assert ("(626) 555-0142" in shown, "rosa@example.com" in shown) == (kept == "phone", kept == "email")


@pytest.mark.parametrize(("way", "kept", "dropped", "plan"), WAYS)
def test_only_the_needed_address_is_stored(client, way, kept, dropped, plan):
    page = Page(send(client, contact_way=way, **BOTH))
    inquiry = Inquiry.objects.get()
    assert (bool(inquiry.phone), bool(inquiry.email)) == (kept == "phone", kept == "email")
    assert plan in page.text


@pytest.mark.parametrize(("way", "plan"), SPANISH_PLANS)
def test_the_plan_stands_in_spanish_too(client, way, plan):
    assert plan in Page(send(client, "me", "es", contact_way=way, **BOTH)).text


def test_a_text_to_an_extension_is_asked_about(client):
    page = Page(post(client, "check", contact_way="text", phone="626 555 0142 x12"))
    assert "Enter a phone number without one, or choose a call" in page.text
    assert "(626) 555-0142 ext. 12" in Page(post(client, "check", contact_way="call", phone="626 555 0142 x12")).text


def test_what_is_not_needed_may_be_anything(client):
    assert send(client, contact_way="call", phone="626 555 0142", email="x" * 5000).status_code == 200
    assert Inquiry.objects.get().email == ""


def test_nothing_typed_beside_means_no_word_about_it(client):
    assert not Page(post(client, "check", email=" \u200b")).texts_of("p", class_="note")


def test_empty_answers_are_not_listed(client):
    page = Page(post(client, "check", good_times=[], topics=[], question=""))
    assert "When is a good time?" not in page.text
    assert page.texts_of("dt") == [
        "What should we call you?",
        "What is a safe way to reach you?",
        "Phone number",
        "Which language do you prefer?",
    ]


def test_a_professional_is_called_when_there_is_a_phone(client):
    send(client, "refer", phone="626 555 0199 ext. 12", email="kim@example.com")
    inquiry = Inquiry.objects.get()
    assert (inquiry.contact_way, inquiry.phone) == ("call-work", "+16265550199 x12")
    assert list(Inquiry.objects.found_by("(626) 555-0199")) == [inquiry]


def test_a_professional_is_written_to_when_there_is_only_an_email(client):
    page = Page(send(client, "refer", phone="", email="kim@example.com"))
    inquiry = Inquiry.objects.get()
    assert (inquiry.contact_way, inquiry.phone, inquiry.email) == ("email-work", "", "kim@example.com")
    assert "We will write to your work email." in page.text


def test_a_professional_agrees_that_the_client_knows(client):
    assert "Your client knows about this request." in Page(post(client, "check", "refer")).text
    assert "Your client knows" not in Page(post(client, "check", "me")).text

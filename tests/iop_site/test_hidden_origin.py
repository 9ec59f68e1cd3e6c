"""A form of the desk whose browser hides where it is from is taken if it is vouched for, else told what to do."""

import pytest
from django.test import Client
from django.urls import reverse

from inquiries.models import InquiryText
from iop_site.env import SiteUrl
from tests.factories import staff_in, stored_inquiry

pytestmark = pytest.mark.django_db
WORDS = "Call after six"
OURS = {"origin": "null", "sec-fetch-site": "same-origin"}
STRANGERS = [
    {"origin": "null"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {"origin": "null", "sec-fetch-site": "same-site"},
    {"origin": "null", "sec-fetch-site": "none"},
    {"origin": "NULL", "sec-fetch-site": "same-origin"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
]


@pytest.fixture
def desk():
    """A supervisor's browser, its token, and a case."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff_in("Supervisor"))
    client.get(reverse("admin:password_change"))
    return client


def note(client, inquiry, headers, token=None):
    address = reverse("admin:inquiries_inquiry_note", args=[inquiry.pk])
    token = client.cookies["csrftoken"].value if token is None else token
    typed = {"note": WORDS, "version": inquiry.version, "csrfmiddlewaretoken": token}
    return address, client.post(address, typed, headers=headers)


def test_the_desk_takes_a_form_that_its_browser_says_is_ours(desk):
    _address, answer = note(desk, stored_inquiry(), OURS)
    assert answer.status_code == 302 and InquiryText.objects.get().body == WORDS


def test_over_https_too_where_nothing_else_tells_the_origin(desk, settings):
    settings.SITE_URL = SiteUrl.parse("https://testserver")
    inquiry = stored_inquiry()
    address = reverse("admin:inquiries_inquiry_note", args=[inquiry.pk])
    token = desk.cookies["csrftoken"].value
    typed = {"note": WORDS, "version": inquiry.version, "csrfmiddlewaretoken": token}
    assert desk.post(address, typed, headers=OURS, secure=True).status_code == 302


@pytest.mark.parametrize("headers", STRANGERS, ids=str)
def test_nobody_else_is_taken_for_us(desk, headers):
    _address, answer = note(desk, stored_inquiry(), headers)
    assert answer.status_code == 403 and not InquiryText.objects.exists()


@pytest.mark.parametrize("token", ["", "x", 32 * "a", 64 * "a"])
def test_the_token_is_asked_for_as_ever(desk, token):
    _address, answer = note(desk, stored_inquiry(), OURS, token)
    assert answer.status_code == 403 and not InquiryText.objects.exists()


def test_the_sign_in_takes_it_too():
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("admin:login"))
    typed = {"username": "x", "password": "y", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(reverse("admin:login"), typed, headers=OURS).status_code == 200


def test_a_browser_that_hides_it_is_told_what_to_do_and_the_words_are_there_again(desk):
    address, answer = note(desk, stored_inquiry(), {"origin": "null"})
    page = answer.content.decode()
    assert "“referrer”" in page and "another browser" in page and 'lang="es"' in page and 'href="tel:988"' in page
    assert WORDS not in page
    assert WORDS in desk.get(address).content.decode()


def test_a_form_of_another_site_plants_no_words_in_a_page_of_ours(desk):
    address, answer = note(desk, stored_inquiry(), {"origin": "https://evil.example"})
    assert "referrer" not in answer.content.decode()
    assert WORDS not in desk.get(address).content.decode()


def test_nobody_in_particular_has_nothing_kept(client):
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(reverse("admin:login"), {"username": "typed"}, headers={"origin": "null"})
    assert answer.status_code == 403 and "sessionid" not in stranger.cookies

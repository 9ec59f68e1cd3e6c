"""A form from another site stores nothing; the words come back with a new key."""

import pytest

from inquiries.models import Inquiry
from inquiries.receipts import SubmissionKey
from iop_site.env import SiteUrl
from tests.inquiries.form_pages import ANSWERS, PATHS, Page

pytestmark = pytest.mark.django_db

PATH = PATHS["me"]["en"]


def send_from(client, origin, **headers):
    token = SubmissionKey.new().token()
    data = {**ANSWERS["me"], "token": token, "step": "send"}
    return token, client.post(PATH, data, headers={"origin": origin, **headers})


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "", "http://testserver:8080", "https://testserver", "testserver"]
)
def test_a_foreign_origin_is_refused_with_the_words_kept(client, origin):
    token, response = send_from(client, origin)
    page = Page(response)
    assert response.status_code == 403
    assert not Inquiry.objects.exists()
    assert page.value("name") == "Rosa Fictitious"
    assert page.value("question") == "Is it at night?"
    assert page.texts_of("p", id="problem") == [
        "We could not tell where this form came from. Press “Check my answers” again."
    ]
    # Whoever sent the form in a visitor's name must not share the key of what the visitor then sends.
    assert SubmissionKey.from_token(page.token) != SubmissionKey.from_token(token)


@pytest.mark.parametrize("origin", ["http://testserver", "HTTP://TESTSERVER"])
def test_our_own_origin_is_taken(client, origin):
    assert send_from(client, origin)[1].status_code == 200
    assert Inquiry.objects.count() == 1


def test_the_public_address_is_an_own_origin(client, settings):
    settings.SITE_URL = SiteUrl.parse("https://guide.example")
    assert send_from(client, "https://guide.example")[1].status_code == 200


def test_no_origin_is_taken_with_a_good_token(client):
    data = {**ANSWERS["me"], "token": SubmissionKey.new().token(), "step": "send"}
    assert client.post(PATH, data).status_code == 200
    assert Inquiry.objects.count() == 1

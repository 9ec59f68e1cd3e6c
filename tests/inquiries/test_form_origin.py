"""A form from another site stores nothing; the words come back with a new key."""

import pytest

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry
from iop_site.env import SiteUrl
from programs.models import SiteProfile
from tests.inquiries.form_pages import ANSWERS, PATHS, Page
from tests.inquiries.status_pages import sent

pytestmark = pytest.mark.django_db

PATH = PATHS["me"]["en"]


def send_from(client, origin, **headers):
    token = SubmissionKey.new().token()
    data = {**ANSWERS["me"], "token": token, "step": "send"}
    return token, client.post(PATH, data, headers={"origin": origin, **headers})


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "", "http://testserver:8080", "https://testserver", "testserver"]
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


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none", "same-origin, cross-site", "Same-Origin"])
def test_a_hidden_origin_that_nobody_vouches_for_is_told_what_to_do(client, site):
    _token, response = send_from(client, "null", **({"sec-fetch-site": site} if site else {}))
    page = Page(response)
    [told] = page.texts_of("p", id="problem")
    assert response.status_code == 403 and not Inquiry.objects.exists()
    assert "“referrer”" in told and "another browser" in told and "Press" not in told
    assert page.value("name") == "Rosa Fictitious" and page.value("question") == "Is it at night?"


def test_a_hidden_origin_is_offered_the_phone_where_there_is_one(client, guide):
    SiteProfile.objects.update(phone="626-555-0100")
    page = Page(send_from(client, "null")[1])
    assert page.texts_of("p", id="problem")[0].endswith("Or call us: 626-555-0100")


def test_a_hidden_origin_is_taken_where_the_browser_says_that_it_is_ours(client):
    assert send_from(client, "null", **{"sec-fetch-site": "same-origin"})[1].status_code == 200
    assert Inquiry.objects.count() == 1


def test_a_browser_that_says_so_vouches_for_no_other_origin(client):
    assert send_from(client, "https://evil.example", **{"sec-fetch-site": "same-origin"})[1].status_code == 403
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(("site", "status"), [("same-origin", 200), ("cross-site", 403), (None, 403)])
def test_the_status_page_takes_a_hidden_origin_by_the_same_rule(client, site, status):
    _inquiry, code = sent()
    headers = {"origin": "null", **({"sec-fetch-site": site} if site else {})}
    answer = client.post("/status/", {"code": code, "step": "open", "words": "Call after six"}, headers=headers)
    page = Page(answer)
    assert answer.status_code == status and page.value("words") == "Call after six"
    if status == 403:
        assert "“referrer”" in page.texts_of("p", id="problem")[0] and page.value("code") == code


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

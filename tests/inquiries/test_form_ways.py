"""Each way of asking, from the empty form to the stored inquiry, in both languages."""

import pytest

from inquiries.models import Inquiry
from tests.inquiries.form_pages import ANSWERS, PATHS, Page, get_page, reference_in, send

pytestmark = [pytest.mark.once, pytest.mark.django_db]

STORED = {
    "me": {
        "name": "Rosa Fictitious",
        "contact_way": "call",
        "phone": "+16265550142",
        "preferred_language": "es",
        "good_times": "afternoon evening",
        "topics": "cost",
        "question": "Is it at night?",
    },
    "loved-one": {
        "name": "Rosa Fictitious",
        "contact_way": "call",
        "phone": "+16265550142",
        "preferred_language": "es",
        "relationship": "sibling",
        "person_knows": "not-sure",
    },
    "refer": {
        "name": "Kim Fictitious",
        "organization": "A made-up clinic",
        "contact_way": "call-work",
        "phone": "+16265550199",
        "client_reference": "case 7",
    },
    "question": {
        "name": "Rosa Fictitious",
        "contact_way": "email",
        "email": "rosa@example.com",
        "preferred_language": "es",
        "question": "How long?",
    },
}
TITLES = {
    "en": ["Contact form – Dedicato", "Check before you send – Dedicato", "Message sent – Dedicato"],
    "es": ["Formulario de contacto – Dedicato", "Revise antes de enviar – Dedicato", "Mensaje enviado – Dedicato"],
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("way", PATHS)
def test_from_the_empty_form_to_the_stored_inquiry(client, way, language):
    path = PATHS[way][language]
    form = get_page(client, path)
    answers = {**ANSWERS[way], "token": form.token}
    check = Page(client.post(path, {**answers, "step": "check"}))
    assert not Inquiry.objects.exists()
    response = client.post(path, check.pressing("send"))
    inquiry = Inquiry.objects.get()
    assert (response.status_code, reference_in(response)) == (200, inquiry.reference)
    assert inquiry.answers() == {"way": way, **STORED[way]}
    assert (inquiry.page_language, inquiry.screening_reasons) == (language, "")
    assert [page.title for page in (form, check, Page(response))] == TITLES[language]


@pytest.mark.parametrize("way", PATHS)
def test_nothing_is_answered_beforehand(client, way):
    page = get_page(client, PATHS[way]["en"])
    assert not [e for e in page.all("input") if "checked" in e]
    assert not [e for e in page.all("input") if e["type"] not in ("hidden", "radio", "checkbox") and e.get("value")]


def test_the_chooser_leads_to_the_four_ways(client):
    for language, path in (("en", "/ask/"), ("es", "/es/pedir-contacto/")):
        links = [link["href"] for link in get_page(client, path).all("a")]
        assert {PATHS[way][language] for way in PATHS} <= set(links)


def test_the_chooser_says_in_words_whom_each_way_is_for(client):
    text = get_page(client, "/ask/").text
    for words in ("Who needs support?", "I do", "Someone I love", "Get help for a family member or friend"):
        assert words in text
    text = get_page(client, "/es/pedir-contacto/").text
    for words in ("¿Quién necesita apoyo?", "Yo", "Pedir ayuda para un familiar o un amigo", "Tengo una pregunta"):
        assert words in text


def test_a_get_stores_nothing_whatever_it_carries(client):
    client.get(PATHS["me"]["en"], {**ANSWERS["me"], "step": "send"})
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/ask/", "/ask/me/"])
def test_other_methods_are_refused(client, path, method):
    response = getattr(client, method)(path)
    assert (response.status_code, response["Cache-Control"]) == (405, "no-store")


def test_fields_that_nobody_asked_for_change_nothing(client):
    send(client, stage="started", kind="referral", reference="AA22-AA", id="7", way="refer", screening_reasons="x")
    inquiry = Inquiry.objects.get()
    assert (inquiry.way, inquiry.kind, inquiry.stage, inquiry.screening_reasons) == ("me", "contact", "received", "")
    assert inquiry.reference != "AA22-AA"


def test_of_a_field_sent_twice_the_last_one_counts(client):
    send(client, name=["First Fictitious", "Second Fictitious"])
    assert Inquiry.objects.get().name == "Second Fictitious"


def test_every_answer_may_not_be_kept_and_sets_no_cookie(client):
    for response in (client.get("/ask/"), client.get("/ask/me/"), client.post("/ask/me/"), send(client)):
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
        assert not client.cookies

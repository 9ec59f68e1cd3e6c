"""Another language loses nothing: it is the same step, with every word and the code, from any page with a form."""

import pytest
import time_machine
from django.db import OperationalError, connection

from inquiries.crypto.tokens import StatusKey, SubmissionKey
from inquiries.intake import rate_limits
from inquiries.models import Event, Inquiry, InquiryText, KeyCheck, NetworkCount
from tests.factories import stored_inquiry
from tests.inquiries.form_pages import ANSWERS, PATHS, Page, get_page, post, send
from tests.inquiries.other_language import button_of, fields_of, in_other_language

pytestmark = [pytest.mark.once, pytest.mark.django_db]

STATUS = {"en": "/status/", "es": "/es/estado/"}
TYPED = {**ANSWERS["me"], "email": "typed beside", "question": "Line one\n<b>& line two", "remark": "trap"}


def away(*_args, **_options):
    raise OperationalError("gone")


@pytest.fixture
def key():
    return SubmissionKey.new()


@pytest.fixture
def inquiry(key):
    return stored_inquiry(key)


def old(key) -> str:
    with time_machine.travel("2026-01-01", tick=False):
        return key.token()


def form_with_errors(client, key, _inquiry, _monkeypatch):
    return post(client, "check", **TYPED | {"phone": "626 555 01"}, token=key.token())


def form_to_change(client, key, _inquiry, _monkeypatch):
    return post(client, "change", **TYPED, token=key.token())


def form_open_too_long(client, key, _inquiry, _monkeypatch):
    return send(client, **TYPED, token=old(key))


def form_from_elsewhere(client, key, _inquiry, _monkeypatch):
    data = {**TYPED, "token": key.token(), "step": "check"}
    return client.post(PATHS["me"]["en"], data, headers={"Origin": "https://example.com"})


def check_page(client, _key, _inquiry, _monkeypatch):
    return post(client, "check", **TYPED)


def check_page_of_what_was_sent(client, key, _inquiry, _monkeypatch):
    send(client, **TYPED, token=key.token())
    return post(client, "check", **TYPED, token=key.token())


def check_page_of_changes(client, key, _inquiry, _monkeypatch):
    return post(client, "check", **TYPED, token=key.token())


def not_confirmed(client, key, _inquiry, monkeypatch):
    monkeypatch.setattr(Inquiry, "submit", away)
    return send(client, **TYPED, token=key.token())


def flood(client, _key, _inquiry, monkeypatch):
    monkeypatch.setattr(rate_limits, "is_flood", lambda count: True)
    return send(client, **TYPED)


def sent_page(client, _key, _inquiry, _monkeypatch):
    return send(client, **TYPED)


def sent_page_of_changes(client, key, _inquiry, _monkeypatch):
    return send(client, **TYPED, token=key.token())


def erased_form(client, key, inquiry, _monkeypatch):
    inquiry.withdraw()
    return send(client, **TYPED, token=key.token())


def wrong_code(client, _key, _inquiry, _monkeypatch):
    return client.post(STATUS["en"], {"code": "1234 5678 1234 5678", "step": "open"})


def too_many_codes(client, _key, _inquiry, monkeypatch):
    monkeypatch.setattr(NetworkCount.objects, "current", lambda *args, **options: 99)
    return wrong_code(client, None, None, None)


def code_not_looked_up(client, _key, _inquiry, monkeypatch):
    monkeypatch.setattr(KeyCheck.objects, "verify_once", away)
    return wrong_code(client, None, None, None)


def code_asked_again(client, _key, inquiry, _monkeypatch):
    with time_machine.travel("2026-01-01", tick=False):
        token = StatusKey.new(inquiry.uid, inquiry.code_digest).token()
    return client.post(STATUS["en"], {"token": token, "words": "Mornings", "step": "add"})


def code_from_elsewhere(client, key, _inquiry, _monkeypatch):
    return client.post(STATUS["en"], {"code": key.code, "step": "open"}, headers={"Origin": "https://example.com"})


def pressed(client, inquiry, step, words=""):
    token = StatusKey.new(inquiry.uid, inquiry.code_digest).token()
    return client.post(STATUS["en"], {"token": token, "words": words, "step": step})


def request_page(client, key, _inquiry, _monkeypatch):
    return client.post(STATUS["en"], {"code": key.code, "step": "open"})


def request_with_words(client, _key, inquiry, _monkeypatch):
    return pressed(client, inquiry, "show", "Please call before noon")


def request_with_errors(client, _key, inquiry, _monkeypatch):
    return pressed(client, inquiry, "add", "x" * 1001)


def request_without_words(client, _key, inquiry, _monkeypatch):
    return pressed(client, inquiry, "add")


def request_with_added_words(client, _key, inquiry, _monkeypatch):
    return pressed(client, inquiry, "add", "Mornings")


def question_before_erasing(client, _key, inquiry, _monkeypatch):
    return pressed(client, inquiry, "ask", "Words not sent yet")


def status_not_confirmed(step):
    def at_once(client, _key, inquiry, monkeypatch):
        monkeypatch.setattr(KeyCheck.objects, "verify_once", away)
        return pressed(client, inquiry, step, "Words that wait")

    at_once.__name__ = f"not_confirmed_{step}"
    return at_once


def erased_request(client, _key, inquiry, _monkeypatch):
    return pressed(client, inquiry, "withdraw")


PAGES = [
    *(form_with_errors, form_to_change, form_open_too_long, form_from_elsewhere),
    *(check_page, check_page_of_what_was_sent, check_page_of_changes, not_confirmed, flood),
    *(sent_page, sent_page_of_changes, erased_form),
    *(wrong_code, too_many_codes, code_not_looked_up, code_from_elsewhere),
    *(request_page, request_with_words, request_with_errors, request_without_words, request_with_added_words),
    *(question_before_erasing, erased_request, *map(status_not_confirmed, ("add", "withdraw", "show"))),
]


@pytest.mark.parametrize("open_page", PAGES, ids=lambda open_page: open_page.__name__)
def test_there_and_back_again_is_the_same_page_with_the_same_words(client, monkeypatch, key, inquiry, open_page):
    first = open_page(client, key, inquiry, monkeypatch)
    was = kept()
    spanish = in_other_language(client, first)
    again = in_other_language(client, spanish)
    assert '<html lang="es">' in spanish.content.decode()
    assert Page(again).text == Page(first).text
    for other in (spanish, again):
        assert without_tokens(other) == without_tokens(first)
        assert other["Cache-Control"] == "no-store" and not other.cookies
    assert kept() == was


def without_tokens(response) -> dict:
    return {name: values for name, values in fields_of(Page(response)).items() if name != "token"}


def kept():
    return [*Inquiry.objects.values(), *InquiryText.objects.values(), *Event.objects.values("verb", "text")]


def test_words_that_wait_for_the_code_wait_for_it_in_the_other_language(client, key, inquiry):
    spanish = in_other_language(client, code_asked_again(client, key, inquiry, None))
    again = in_other_language(client, spanish)
    assert fields_of(Page(again))["words"] == ["Mornings"]
    assert "This page was open a long time. Type your private code again. What you wrote is kept." in Page(again).text


@pytest.mark.parametrize("way", PATHS)
def test_what_was_typed_into_a_form_just_opened_comes_along(client, way):
    path = PATHS[way]
    button, token = button_of(get_page(client, path["en"])), get_page(client, path["en"]).token
    assert button["formaction"] == f"{path['es']}#problem"
    typed = {**ANSWERS[way], "name": "Rosa typed this", button["name"]: button["value"], "token": token}
    page = Page(client.post(path["es"], typed))
    assert page.value("name") == "Rosa typed this" and page.token == token and not page.problems
    assert page.text.count("“opcional”") == 1


@pytest.mark.parametrize("path", STATUS.values())
def test_a_code_just_typed_comes_along(client, path):
    button = button_of(get_page(client, path))
    page = Page(client.post(button["formaction"].partition("#")[0], {"code": "12", button["name"]: button["value"]}))
    assert page.value("code") == "12" and not page.problems and not page.texts_of("p", id="problem")


def test_the_code_is_on_the_sent_page_of_the_other_language(client, key):
    sent = send(client, **TYPED, token=key.token())
    page = Page(in_other_language(client, sent))
    assert key.code in page.text.replace(" ", "")
    assert Inquiry.objects.get().page_language == "en" and not InquiryText.objects.exists()


def test_enter_in_a_field_checks_the_answers_or_opens_the_code_and_is_not_the_language(client, key, inquiry):
    for path in (PATHS["me"]["en"], STATUS["es"]):
        first, language = [e for e in get_page(client, path).all("button") if e.get("form") == "answers"]
        assert "hidden" in first and "name" not in first and "lang" in language
    assert Page(client.post(STATUS["es"], {"code": key.code})).texts_of("h1") == ["Su solicitud"]
    assert Page(post(client, "", **TYPED)).texts_of("h1") == ["Check before you send"]


@pytest.mark.parametrize("path", ["/ask/", "/es/pedir-contacto/", "/"])
def test_a_page_without_a_form_keeps_its_link(client, path):
    page = get_page(client, path)
    assert not [e for e in page.all("button") if "lang" in e]
    assert [link for link in page.all("a") if link.get("hreflang")]


def test_the_button_knows_its_address_while_the_database_is_away(client):
    page = get_page(client, PATHS["me"]["en"])
    with connection.execute_wrapper(away):
        response = send(client, **TYPED, token=page.token)
        spanish = in_other_language(client, response)
    assert "No pudimos confirmar que llegó" in Page(spanish).text
    assert Page(spanish).value("question") == TYPED["question"]

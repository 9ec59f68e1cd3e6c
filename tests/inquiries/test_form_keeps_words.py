"""No answer of the form loses a word that was typed, whatever went wrong."""

from datetime import timedelta

import pytest
import time_machine
from django.db import InterfaceError, OperationalError

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry, NetworkCount
from tests.inquiries.form_pages import ANSWERS, PATHS, Page, get_page, post, reference_in, send

pytestmark = [pytest.mark.once, pytest.mark.django_db]

OPENED_LONG_AGO = "This page was open a long time. Check your answers and send again."
AWKWARD = {
    "quotes": "\"double\" 'single' `back` &amp; &quot;",
    "markup": "</textarea><script>alert(1)</script><!-- -->",
    "lines": "one\n\n two\n\tthree ",
    "first line empty": "\n\nsecond",
    "emoji": "👩🏽\u200d⚕️ 🏳️\u200d🌈 née 𝔛 ﷽",
    "right to left": "مرحبا \u202eabc\u202c שלום",
    "template": "{{ token }} {% now %} ${x} %s \\n",
}
TYPED = {**ANSWERS["me"], "email": "typed beside", "name": 'Rosa "R" <Fictitious>', "remark": "trap"}


def stands_again(page, answers):
    """Whether the form shows every answer as it was sent."""
    assert page.value("name") == answers["name"]
    assert page.value("phone") == answers["phone"]
    assert page.value("email") == answers["email"]
    assert page.value("question") == answers["question"]
    assert page.value("remark") == answers["remark"]
    assert page.chosen("contact_way") == [answers["contact_way"]]
    assert page.chosen("good_times") == answers["good_times"]
    assert page.chosen("topics") == answers["topics"]
    assert page.chosen("agree") == ["on"]
    return True


def carries(page, answers) -> bool:
    """Whether the check page carries every answer in hidden fields."""
    wanted = [(name, v) for name, value in answers.items() for v in (value if isinstance(value, list) else [value])]
    return sorted(page.hidden) == sorted(wanted)


def test_on_an_error(client):
    answers = TYPED | {"phone": "626 555 01"}
    page = Page(post(client, "check", **answers))
    assert page.problems and stands_again(page, answers)


def test_on_change(client):
    key = SubmissionKey.new()
    page = Page(post(client, "change", **TYPED, token=key.token()))
    assert not page.problems and stands_again(page, TYPED)
    assert SubmissionKey.from_token(page.token) == key


def test_on_change_even_of_wrong_answers(client):
    page = Page(post(client, "change", **TYPED | {"phone": "1"}))
    assert not page.problems and page.value("phone") == "1"


@pytest.mark.parametrize("step", ["check", "send"])
def test_when_the_page_was_open_too_long(client, step):
    key = SubmissionKey.new()
    with time_machine.travel("2026-01-01", tick=False):
        old = key.token()
    response = post(client, step, **TYPED, token=old)
    page = Page(response)
    assert stands_again(page, TYPED) and not page.problems
    assert page.texts_of("p", id="problem") == [OPENED_LONG_AGO]
    assert not Inquiry.objects.exists()
    assert SubmissionKey.from_token(page.token) == key
    assert send(client, **TYPED, token=page.token).status_code == 200


def test_a_form_that_was_sent_before_it_grew_too_old_is_not_stored_twice(client):
    token = SubmissionKey.new().token()
    first = reference_in(send(client, token=token))
    with time_machine.travel(timedelta(days=8)):
        again = Page(send(client, token=token))
        assert reference_in(send(client, token=again.token)) == first
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("token", ["", "forged", "AAAA:1abc:xyz", "é:ü:ß", "a" * 5000])
def test_when_the_token_is_missing_or_forged(client, token):
    page = Page(send(client, **TYPED, token=token))
    assert stands_again(page, TYPED)
    assert not Inquiry.objects.exists()
    assert SubmissionKey.from_token(page.token)
    assert send(client, **TYPED, token=page.token).status_code == 200
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_when_it_could_not_be_stored(client, monkeypatch, error):
    def fail(*args):
        raise error("disk I/O error")

    token = SubmissionKey.new().token()
    monkeypatch.setattr(Inquiry, "submit", fail)
    response = send(client, **TYPED, token=token)
    page = Page(response)
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert carries(page, TYPED) and page.token == token
    assert page.texts_of("h1") == ["We could not confirm it"]
    assert "Your answers are still here. Press Send again. It will not be sent twice." in page.text
    assert "not sent" not in page.text.lower() and "nothing has been sent" not in page.text.lower()
    assert [link["href"] for link in page.all("a", href="tel:988")]
    monkeypatch.undo()
    assert reference_in(send(client, **TYPED, token=token)) == Inquiry.objects.get().reference


def test_when_it_could_not_be_stored_in_spanish(client, monkeypatch):
    monkeypatch.setattr(Inquiry, "submit", lambda *args: (_ for _ in ()).throw(OperationalError()))
    text = Page(send(client, "me", "es")).text
    assert "No pudimos confirmar que llegó" in text
    assert "Sus respuestas siguen aquí. Oprima Enviar otra vez. No se enviará dos veces." in text


def test_when_a_network_sends_a_flood(client, settings, monkeypatch):
    settings.INQUIRY_LIMIT_PER_HOUR = 1
    monkeypatch.setattr(NetworkCount.objects, "add", lambda network: 11)
    response = send(client, **TYPED)
    page = Page(response)
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert carries(page, TYPED)
    assert "Too many tries" in page.text and [link["href"] for link in page.all("a", href="tel:911")]


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_the_hidden_fields_carry_any_text_exactly(client, text):
    # Browsers end lines with CRLF when they send, and read CRLF as LF in a page.
    sent = {"name": text.replace("\n", " "), "question": text.replace("\n", "\r\n")}
    page = Page(post(client, "check", **sent))
    hidden = {name: value.replace("\r\n", "\n") for name, value in page.hidden}
    assert (hidden["name"], hidden["question"]) == (text.replace("\n", " "), text)
    again = Page(client.post(PATHS["me"]["en"], page.pressing("change")))
    assert again.value("question").replace("\r\n", "\n") == text
    assert "<script>alert" not in client.post(PATHS["me"]["en"], {**sent, "step": "check"}).content.decode()


def test_a_form_may_be_opened_again_and_again_without_end(client):
    tokens = {get_page(client, PATHS["me"]["en"]).token for _ in range(3)}
    assert len(tokens) == 3

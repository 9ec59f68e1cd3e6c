"""The language changed at every step, Back at every step, and what leads on from the sent page, in three engines."""

from contextlib import suppress

import pytest

from inquiries.models import Inquiry, InquiryText
from tests.browser.engines.protocol import DriverError
from tests.browser.test_leave import NAME, PHONE, WORDS, change_language, fill, go, move

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "[...document.querySelectorAll('b.code')].at(-1).innerText.replace(/\\s+/g, ' ')"
CHECKED = "document.querySelectorAll('input:checked').length"
CLAIMS = (
    "Nothing has been sent",
    "has not been sent",
    "Nothing was sent",
    "no se ha enviado",
    "No se ha enviado",
    "No se envió",
    "no se envió",
)
BEGUN = {
    "en": ("/ask/me/", "Nothing is sent until you press Send.", "We already have this request", "We got your request"),
    "es": (
        "/es/pedir-contacto/yo/",
        "No se envía nada hasta que usted oprima Enviar.",
        "Ya tenemos esta solicitud",
        "Recibimos su solicitud",
    ),
}


@pytest.fixture
def guide():
    """None of these tests reads the guide."""


@pytest.fixture(
    params=[pytest.param(True, id="with script"), pytest.param(False, id="without script", marks=pytest.mark.long)]
)
def any_tab(request, new_tab):
    return new_tab(javascript=request.param)


def language(tab) -> str:
    return tab.evaluate("document.documentElement.lang")


def assert_form_is_filled(tab):
    assert [tab.value(f"#id_{field}") for field in ("name", "phone", "question")] == [NAME, PHONE, WORDS]
    assert tab.evaluate(CHECKED) == 3


def change_twice(tab, look):
    """Change the language and change it back; what ``look`` finds is the same each time."""
    first = look()
    for expected in {"en": ("es", "en"), "es": ("en", "es")}[language(tab)]:
        change_language(tab)
        assert (language(tab), look()) == (expected, first)


def test_the_language_changes_at_every_step_and_no_word_and_no_code_is_lost(any_tab):
    tab = any_tab
    fill(tab)
    change_language(tab)
    assert language(tab) == "es" and "/pedir-contacto/yo/" in tab.url
    assert_form_is_filled(tab)
    go(tab, "check")
    change_twice(tab, lambda: NAME in tab.text("dl.summary-list") and WORDS in tab.text("dl.summary-list"))
    go(tab, "send")
    code = tab.evaluate(CODE)
    change_twice(tab, lambda: tab.evaluate(CODE) == code)
    inquiry = Inquiry.objects.get()
    assert inquiry.page_language == "es" and not InquiryText.objects.exists()
    go(tab, "open")
    assert inquiry.reference in tab.text("strong.reference") and "/estado/" in tab.url
    tab.fill("#id_words", WORDS)
    change_twice(tab, lambda: tab.value("#id_words") == WORDS)
    go(tab, "ask")
    change_twice(tab, lambda: tab.value("[name=words]") == WORDS)
    go(tab, "show")
    assert tab.value("#id_words") == WORDS
    assert code not in tab.url and "?" not in tab.url


def test_errors_stay_in_the_other_language_and_every_word_with_them(any_tab):
    tab = any_tab
    fill(tab)
    tab.fill("#id_phone", "626 555 01")
    go(tab, "check")
    change_twice(tab, lambda: (tab.value("#id_phone"), tab.value("#id_question"), tab.text("title").split(":")[0]))
    assert tab.evaluate("document.activeElement.id") == "problem"


def test_enter_in_a_field_checks_the_answers_and_opens_the_code(any_tab):
    tab = any_tab
    fill(tab)
    with tab.arriving():
        tab.type("#id_name", "\ue007")
    assert language(tab) == "en" and NAME in tab.text("dl.summary-list")
    tab.goto("/es/estado/")
    tab.fill("#id_code", "1234")
    with tab.arriving():
        tab.type("#id_code", "\ue007")
    assert language(tab) == "es" and tab.value("#id_code") == "1234"
    assert tab.evaluate("document.activeElement.id") == "problem"


def test_what_is_changed_after_sending_is_the_same_request(any_tab):
    tab = any_tab
    fill(tab)
    go(tab, "check")
    go(tab, "send")
    code, inquiry = tab.evaluate(CODE), Inquiry.objects.get()
    go(tab, "change")
    assert_form_is_filled(tab)
    tab.check("[name=contact_way][value=text]")
    go(tab, "check")
    assert f"We already have your request {inquiry.reference}" in tab.text()
    go(tab, "send")
    assert tab.evaluate(CODE) == code
    assert "We will send a text message." in tab.text("p.plan")
    assert Inquiry.objects.prefetch_related("texts").get().reach_way == "text"


@pytest.mark.parametrize("begun_in", ["en", pytest.param("es", marks=pytest.mark.long)])
def test_back_at_every_step_says_nothing_that_is_not_true(any_tab, engine, begun_in):
    """Chromium and Firefox ask before they send a page again; Chromium does so when it is loaded anew."""
    tab = any_tab
    path, before_send, already, got = BEGUN[begun_in]
    fill(tab, path)
    go(tab, "check")
    assert before_send in tab.text()
    go(tab, "send")
    steps = [tab.back, tab.reload, tab.back, tab.forward, tab.reload] if engine == "chromium" else [tab.back] * 2
    seen = []
    for step in steps:
        move(tab, step)
        with suppress(DriverError):
            seen.append(tab.text())
    assert not [claim for claim in CLAIMS for text in seen if claim in text]
    if engine == "chromium":
        assert already in seen[1] and already in seen[-1]
        go(tab, "send")
        assert got in tab.text("h1")
    assert Inquiry.objects.count() == 1 and not InquiryText.objects.exists()

"""“Leave this site” in Chromium, Firefox and WebKit: the ways out, and what Back and Forward show afterwards."""

from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.browser.engines.programs import wait_until
from tests.browser.engines.protocol import DriverError

pytestmark = pytest.mark.django_db(transaction=True)

NAME, PHONE, WORDS = "Ana José", "626-555-0142", "Please do not tell him"
TYPED = (NAME, "555-0142", WORDS, "3 chosen")
# Whatever is written in the page and stands in its fields, unless none of it can be seen yet.
EVERYTHING = """
    getComputedStyle(document.documentElement).visibility === "hidden" ? "hidden" :
    [document.documentElement.outerHTML, ...[...document.querySelectorAll("input, textarea")].map((box) => box.value),
     document.querySelectorAll("input:checked").length + " chosen"].join("\\n")
"""


@pytest.fixture
def guide():
    """None of these tests reads the guide."""


class DullPage(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Dull</title><p>The weather is fine.")

    def log_message(self, *_line):
        pass


@pytest.fixture(autouse=True)
def dull_page(settings):
    """A page of another site, on this machine, for the way out to end at."""
    with ThreadingHTTPServer(("127.0.0.1", 0), DullPage) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.LEAVE_URL = f"http://127.0.0.1:{server.server_port}/"
        yield
        server.shutdown()


def wait_till_away(tab):
    tab.wait_for("document.title === 'Dull' && document.readyState === 'complete'")


def leave(tab):
    tab.click(".leave-link")
    wait_till_away(tab)


def go(tab, step: str):
    """Press a button of a public form."""
    with tab.arriving():
        tab.click(f"button[value={step}]")


def change_language(tab):
    with tab.arriving():
        tab.click("header button[lang]")


def fill(tab, path="/ask/me/"):
    tab.goto(path)
    tab.fill("#id_name", NAME)
    tab.check("[name=contact_way][value=call]")
    tab.fill("#id_phone", PHONE)
    tab.check("[name=preferred_language][value=en]")
    tab.fill("#id_question", WORDS)
    tab.check("#id_agree")


def send(tab) -> str:
    """Send a filled form; return the private code in the groups in which it is shown."""
    fill(tab)
    go(tab, "check")
    go(tab, "send")
    return tab.evaluate("[...document.querySelectorAll('.code')].at(-1).innerText.replace(/\\s+/g, ' ')")


def move(tab, step):
    """Take a step in the history and wait for what it brings; at either end there is nothing more to come."""
    before = tab.evaluate("performance.timeOrigin")
    with suppress(DriverError, TimeoutError):  # so says Firefox that the answer to a POST is there no more
        step()
        tab.wait_for("performance.timeOrigin !== arguments[0]", before, patience=1)


def assert_nothing_comes_back(tab, *secrets: str, places=3):
    """Go to the start of the history of the tab, so many places back, to its end, and load places anew."""
    for step in [tab.back] * places + [tab.forward] * places + [tab.back, tab.reload] * 2:
        move(tab, step)
        everything = tab.wait_for(EVERYTHING)
        assert [secret for secret in secrets if secret in everything] == [], tab.url
        tab.wait_for("!document.querySelector('.leave-link')")  # none of our pages stays


@pytest.fixture(params=[True, False], ids=["pages kept", "pages loaded anew"])
def own_tab(request, new_tab):
    """With and without the memory of whole pages that makes Back fast."""
    return new_tab(keeps_pages=request.param)


def test_after_leaving_the_check_page_nothing_typed_comes_back(tab):
    fill(tab)
    go(tab, "check")
    leave(tab)
    assert_nothing_comes_back(tab, *TYPED)


@pytest.mark.long
@pytest.mark.parametrize("path", ["/ask/loved-one/", "/ask/question/", "/ask/refer/"])
def test_after_leaving_any_other_way_nothing_typed_comes_back(tab, path):
    """Also from a page that came back with errors."""
    tab.goto(path)
    if path != "/ask/refer/":
        tab.check("[name=contact_way][value=call]")
    tab.fill("#id_name", NAME)
    tab.fill("#id_phone", PHONE)
    tab.fill("#id_question", WORDS)
    go(tab, "check")
    assert tab.value("#id_question") == WORDS
    leave(tab)
    assert_nothing_comes_back(tab, NAME, "555-0142", WORDS)


# Firefox never keeps what was typed into a page that it may not store.
@pytest.mark.long
@pytest.mark.parametrize("engine", ["chromium", "webkit"], indirect=True)
def test_back_from_the_check_page_keeps_every_word_until_one_leaves(own_tab):
    fill(own_tab)
    go(own_tab, "check")
    own_tab.back()
    own_tab.wait_for("document.querySelector('#id_agree')?.checked")
    assert [own_tab.value(f"#id_{field}") for field in ("name", "phone", "question")] == [NAME, PHONE, WORDS]
    assert own_tab.evaluate("document.querySelectorAll('input:checked').length") == 3
    leave(own_tab)
    move(own_tab, own_tab.forward)
    assert_nothing_comes_back(own_tab, *TYPED)


@pytest.mark.long
def test_after_leaving_the_sent_page_no_code_comes_back(tab):
    code = send(tab)
    leave(tab)
    assert_nothing_comes_back(tab, code, code[:9], *TYPED)


@pytest.mark.long
def test_after_leaving_the_status_page_neither_code_nor_added_words_come_back(tab):
    code = send(tab)
    tab.goto("/status/")
    tab.fill("#id_code", code)
    go(tab, "open")
    tab.fill("#id_words", WORDS)
    go(tab, "ask")
    leave(tab)
    assert_nothing_comes_back(tab, code, code[:9], *TYPED, "strong class")


def refuse_a_code(tab, code):
    """The code page with an error: what was typed stands in it, here a whole code and one digit more."""
    tab.goto("/status/")
    tab.fill("#id_code", f"{code} 7")
    go(tab, "open")
    assert tab.value("#id_code").startswith(code)


def open_request(tab, code):
    tab.goto("/status/")
    tab.fill("#id_code", code)
    go(tab, "open")
    tab.fill("#id_words", WORDS)


def change_the_plan(tab, code):
    """The page of the plan with an error, its fields filled and the words carried along."""
    open_request(tab, code)
    go(tab, "plan")
    tab.check("[name=contact_way][value=call]")
    tab.fill("#id_phone", "626 555 01")
    go(tab, "change-plan")
    assert tab.value("#id_phone") == "626 555 01"


def take_back(tab, code):
    open_request(tab, code)
    go(tab, "ask")
    assert tab.value("[name=words]") == WORDS


@pytest.mark.long
@pytest.mark.parametrize("come_to", [refuse_a_code, change_the_plan, take_back])
def test_after_leaving_a_page_behind_the_code_nothing_comes_back(tab, come_to):
    code = send(tab)
    come_to(tab, code)
    leave(tab)
    assert_nothing_comes_back(tab, code, code[:9], *TYPED, "626 555 01", "strong class", places=5)


@pytest.mark.long
@pytest.mark.parametrize("engine", ["chromium", "webkit"], indirect=True)
def test_who_comes_back_by_the_address_finds_an_empty_form_that_works_as_before(tab):
    fill(tab)
    leave(tab)
    fill(tab)
    go(tab, "check")
    assert NAME in tab.text("dl.summary-list")
    tab.back()
    tab.wait_for("document.querySelector('#id_agree')?.checked")
    assert tab.value("#id_question") == WORDS


@pytest.mark.long
def test_after_leaving_nothing_typed_comes_back_in_either_language(tab):
    fill(tab)
    change_language(tab)
    go(tab, "check")
    change_language(tab)
    leave(tab)
    assert_nothing_comes_back(tab, *TYPED)


@pytest.mark.long
def test_after_leaving_what_the_sent_page_leads_to_neither_code_nor_words_come_back(tab):
    code = send(tab)
    change_language(tab)
    go(tab, "change")
    leave(tab)
    assert_nothing_comes_back(tab, code, code[:9], *TYPED, places=4)


@pytest.mark.long
def test_after_leaving_the_status_page_that_the_sent_page_opened_no_code_comes_back(tab):
    code = send(tab)
    go(tab, "open")
    change_language(tab)
    leave(tab)
    assert_nothing_comes_back(tab, code, code.replace(" ", ""), *TYPED, "strong class", places=4)


# WebKit sends the check page once more, and its driver may lose the session while it does.
@pytest.mark.long
@pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True)
def test_without_script_the_way_out_works_and_neither_the_question_nor_a_choice_comes_back_in_the_form(new_tab):
    """Name and phone may: their fields say what they are for, and browsers fill such fields again."""
    tab = new_tab(javascript=False, keeps_pages=False)
    fill(tab)
    go(tab, "check")
    leave(tab)
    for place in ("/ask/me/#problem", "/ask/me/"):
        with suppress(DriverError):  # Chromium and Firefox show a page of their own instead of the check page
            tab.back()
        wait_until(lambda place=place: tab.url.endswith(place), f"back at {place}")
    tab.wait_for("document.querySelector('#id_name') && document.readyState === 'complete'")
    for _while_the_browser_may_still_fill_fields in range(5):
        assert tab.value("#id_question") == ""
        assert tab.evaluate("document.querySelectorAll('input:checked').length") == 0


def test_the_page_that_is_left_is_not_in_the_history(tab):
    tab.goto("/ask/")
    tab.goto("/ask/me/")
    leave(tab)
    tab.back()
    tab.wait_for("location.pathname === '/ask/' && document.readyState === 'complete'")


def test_shift_three_times_leads_away(tab):
    tab.goto("/ask/")
    tab.press("Shift", "Shift", "Shift")
    wait_till_away(tab)


# An on-screen keyboard tells of its capitals and symbols as Shift, without naming a key.
ON_SCREEN = """
    [...Array(3)].forEach(() => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Shift", bubbles: true })))
"""


def shift_and_click(tab):
    for _ in range(3):
        tab.click("#id_question", holding="Shift")


def write(tab):
    tab.press("Shift+A", "Shift+B", "Shift+C")


def change_ones_mind(tab):
    tab.press("a", "Shift", "Shift", "Shift")


def choose_with_arrows(tab):
    tab.press("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft")


def press_on_the_screen(tab):
    tab.evaluate(ON_SCREEN)


OFTEN = [shift_and_click, change_ones_mind, press_on_the_screen]
SELDOM = [pytest.param(do, marks=pytest.mark.long) for do in (write, choose_with_arrows)]


@pytest.mark.parametrize("do", [*OFTEN, *SELDOM])
def test_shift_while_writing_or_choosing_does_not(tab, do):
    tab.goto("/ask/me/")
    tab.click("#id_question")
    do(tab)
    tab.press("x", "y", "z")
    tab.wait_for("document.querySelector('#id_question')?.value.endsWith('xyz')")
    assert tab.evaluate("sessionStorage.getItem('left')") is None

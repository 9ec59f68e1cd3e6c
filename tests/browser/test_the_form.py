"""The form in a browser: errors that are found, tiles that are clicked, and everything without script too."""

import re

import pytest

from inquiries.models import Inquiry
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE, press
from tests.browser.paths import FORMS

pytestmark = pytest.mark.django_db(transaction=True)

TABLET = {"width": 768, "height": 1024}


@pytest.mark.parametrize("path", FORMS)
def test_a_form_with_errors_is_sound_in_both_schemes(open_page, path):
    page, ear = open_page(path)
    press(page, "check")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "problem"
    assert checks.manners(page, ear) == []
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert checks.structure(page) + checks.axe(page) == []
    for size in (TABLET, NARROW):
        page.set_viewport_size(size)
        assert checks.structure(page) + checks.overflow(page) == []


@pytest.mark.parametrize("path", FORMS)
def test_every_link_of_the_error_summary_leads_to_a_control(open_page, path):
    page, _ear = open_page(path)
    press(page, "check")
    links = page.locator("#problem a")
    assert links.count() >= 2
    for place in range(links.count()):
        links.nth(place).click()
        assert page.evaluate("document.activeElement.matches('input, select, textarea')")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize(
    ("path", "name"), [("/ask/me/", "Rosa Fictitious"), ("/es/pedir-contacto/yo/", "Rosa Ficticia")]
)
def test_from_the_form_to_the_reference(open_page, path, name, script):
    page, ear = open_page(path, size=PHONE, java_script_enabled=script)
    page.fill("[name=name]", name)
    page.locator(".choice", has=page.locator("[name=contact_way][value=call]")).click()
    page.fill("[name=phone]", "626 555 0142")
    page.locator(".choice", has=page.locator("[name=preferred_language][value=es]")).click()
    page.locator(".choice", has=page.locator("[name=agree]")).click()
    press(page, "check")
    assert "(626) 555-0142" in page.inner_text("main")
    press(page, "send")
    inquiry = Inquiry.objects.get()
    text = page.inner_text("main")
    assert inquiry.reference in text
    assert name not in text and "5550142" not in re.sub(r"\D", "", text)
    assert page.url.split("#")[0].endswith(path)
    assert not ear.foreign and not page.context.cookies()


def test_the_check_and_sent_pages_are_sound_in_both_schemes(open_page):
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page, ear = open_page("/ask/question/", scheme=scheme, size=size)
        page.fill("[name=name]", "Kim Fictitious")
        page.check("[name=contact_way][value=email]", force=True)
        page.fill("[name=email]", "kim@example.com")
        page.check("[name=preferred_language][value=en]", force=True)
        page.fill("[name=question]", "Is there an evening group?")
        page.check("[name=agree]", force=True)
        for step in ("check", "send"):
            press(page, step)
            assert checks.manners(page, ear) == []
            assert checks.structure(page) == []
            assert checks.axe(page) == []


def test_the_trap_is_neither_seen_nor_reached(open_page):
    page, _ear = open_page("/ask/me/")
    trap = page.locator(".trap input")
    box = trap.bounding_box()
    assert box["x"] + box["width"] < 0 or box["y"] + box["height"] < 0 or box["width"] <= 1
    assert trap.get_attribute("tabindex") == "-1"


@pytest.mark.parametrize("path", ["/ask/question/", "/es/pedir-contacto/pregunta/"])
def test_what_became_of_an_old_form_is_said_first_and_nothing_lies_over_it(open_page, path):
    page, _ear = open_page(path, size=PHONE)
    page.fill("[name=question]", "Is there an evening group?")
    page.evaluate("document.querySelector('[name=token]').value = 'an old one'")
    press(page, "check")
    notice, heading, leave = (page.locator(place).bounding_box() for place in ("#problem", "h1", ".leave-link"))
    assert leave["y"] + leave["height"] <= notice["y"] < heading["y"]
    assert page.input_value("[name=question]") == "Is there an evening group?"


def test_the_characters_left_are_counted_and_too_many_are_told(open_page):
    page, _ear = open_page("/ask/me/")
    told = page.locator("[data-longest]")
    assert told.inner_text() == ""
    for length, words in ((990, "10 characters left"), (1003, "3 characters too many")):
        page.fill("[name=question]", "x" * length)
        page.wait_for_function("words => document.querySelector('[data-longest]').innerText === words", arg=words)

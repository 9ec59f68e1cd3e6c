"""How high the form is on a phone, and which fields a choice shows, in three engines."""

import pytest

from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

HIGHEST = {  # CSS pixels at a width of 360
    "/ask/me/": 2600,
    "/es/pedir-contacto/yo/": 2600,
    "/ask/loved-one/": 3200,
    "/es/pedir-contacto/ser-querido/": 3200,
}
SHOWN = {"call-voicemail": ["phone"], "call": ["phone"], "text": ["phone"], "email": ["email"], "status-page": []}
HEIGHT = "document.documentElement.scrollHeight"


def test_the_form_is_as_short_as_was_promised_whatever_way_is_chosen(open_page):
    for path, highest in HIGHEST.items():
        page, ear = open_page(path, size=PHONE)
        heights = {"": page.evaluate(HEIGHT)}
        for way in SHOWN:
            page.check(f"[name=contact_way][value={way}]", force=True)
            heights[way] = page.evaluate(HEIGHT)
        assert {way: height for way, height in heights.items() if height > highest} == {}, path
        assert checks.structure(page) + checks.axe(page) + checks.manners(page, ear) == []
        page.set_viewport_size(NARROW)
        assert checks.overflow(page) == []


def test_only_what_the_chosen_way_needs_is_shown(new_tab):
    tab = new_tab(javascript=False)
    tab.goto("/ask/me/")
    for way, needed in {"": [], **SHOWN}.items():
        if way:
            tab.check(f"[name=contact_way][value={way}]")
        seen = [
            name for name in ("phone", "email") if tab.evaluate(f"document.querySelector('[name={name}]').offsetHeight")
        ]
        assert seen == needed


def test_a_parent_in_spanish_needs_few_taps_without_script(open_page):
    """From the home page to the status page: every press of a link, a choice, a field or a button is a tap."""
    page, _ear = open_page("/es/", size=PHONE, java_script_enabled=False)
    taps = 0

    def tap(where: str):
        nonlocal taps
        taps += 1
        page.locator(where).first.click()

    tap("main a.button")
    tap("main a[href$='/ser-querido/']")
    tap("[name=name]")
    page.keyboard.type("Ana Ficticia")
    tap(".choice:has([name=person_knows][value=yes])")
    tap(".choice:has([name=contact_way][value=call])")
    tap("[name=phone]")
    page.keyboard.type("626 555 0142")
    tap(".choice:has([name=preferred_language][value=es])")
    tap(".choice:has([name=agree])")
    tap("[name=step][value=check]")
    tap("[name=step][value=send]")
    tap("[name=step][value=open]")
    assert page.locator(".tracker").count() == 1
    assert taps <= 14

"""Every page a visitor can open, and those of the desk, in Firefox and WebKit: sound, and whole at every size.

Ten pages by day in each run; all of them, and the ten by night, among the long checks: colours are weighed in Chromium.
"""

import pytest

from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.paths import PUBLIC
from tests.browser.test_desk import PAGES

pytestmark = [
    pytest.mark.once,
    pytest.mark.parametrize("engine", ["firefox", "webkit"], indirect=True),
]
TEN = [
    "/",
    "/programs/",
    "/crisis/",
    "/using-this-site-safely/",
    "/typical-week/?days=3&part=evening&hours=3",
    "/search/?q=costs",
    "/status/",
    "/es/",
    "/es/pedir-contacto/",
    "/es/pedir-contacto/yo/",
]
BY_DAY = [path if path in TEN else pytest.param(path, marks=pytest.mark.long) for path in PUBLIC]
assert set(TEN) <= set(PUBLIC)
KEPT = "document.cookie || localStorage.length + sessionStorage.length"


def resize(page, size):
    page.resize(size["width"], size["height"])


@pytest.mark.parametrize("path", BY_DAY)
def test_a_page_is_sound_and_whole_at_every_size(reading_tab, path):
    page = reading_tab(path)
    assert not page.evaluate(KEPT)
    resize(page, WIDE)
    assert checks.structure(page) + checks.axe(page) == []
    resize(page, NARROW)
    assert checks.structure(page) + checks.overflow(page) == []
    checks.add_style(page, checks.TEXT_SPACING)
    assert checks.overflow(page) + checks.clipped(page) == []
    checks.add_style(page, "html { font-size: 200% !important; }")
    for size in ({"width": 640, "height": 360}, WIDE):
        resize(page, size)
        assert checks.overflow(page) + checks.clipped(page) == []


@pytest.mark.long
@pytest.mark.parametrize("path", TEN)
def test_a_page_is_sound_at_night(reading_tab, path):
    page = reading_tab(path, dark=True)
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    resize(page, PHONE)
    assert checks.axe(page) == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", PAGES)
def test_a_desk_page_is_sound_and_fits(desk_tab, name):
    page = desk_tab(PAGES[name]())
    for size in (WIDE, PHONE):
        resize(page, size)
        assert page.evaluate(checks.IDS) + checks.axe(page) + checks.overflow(page) == []

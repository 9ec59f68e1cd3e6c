"""Every page a visitor can open: sound, quiet, and usable in both schemes, small, large and by keyboard."""

import pytest

from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.paths import PUBLIC

pytestmark = pytest.mark.django_db(transaction=True)
# The browser itself reports a page that is not found.
NOT_FOUND = ("404 (Not Found)",)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_is_sound_in_both_schemes(open_page, path):
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page, ear = open_page(path, scheme=scheme, size=size)
        assert checks.manners(page, ear, NOT_FOUND) == []
        assert checks.structure(page) == []
        assert checks.axe(page) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_fits_small_screens_large_text_and_wide_spacing(open_page, path):
    page, _ear = open_page(path, size=NARROW)
    assert checks.overflow(page) == []
    checks.add_style(page, checks.TEXT_SPACING)
    assert checks.overflow(page) + checks.clipped(page) == []
    page.set_viewport_size(WIDE)
    checks.add_style(page, "html { font-size: 200% !important; }")
    assert checks.overflow(page) + checks.clipped(page) == []
    page.set_viewport_size({"width": 640, "height": 360})
    assert checks.overflow(page) == []

"""Every page a visitor can open: sound, quiet, and usable in both schemes, small, large and widely spaced."""

import pytest

from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.paths import PUBLIC

# The browser itself reports a page that is not found.
NOT_FOUND = ("404 (Not Found)",)
# In Spanish but for the first page among the long checks: same templates, other words.
EACH = [pytest.param(path, marks=[pytest.mark.long] if path[:4] == "/es/" != path else []) for path in PUBLIC]


@pytest.mark.parametrize("path", EACH)
def test_a_page_is_sound_in_both_schemes_and_at_every_size(read_page, path):
    page, ear = read_page(path)
    assert checks.manners(page, ear, NOT_FOUND) == []
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert checks.structure(page) + checks.axe(page) == []
    page.set_viewport_size(NARROW)
    assert checks.overflow(page) == []
    checks.add_style(page, checks.TEXT_SPACING)
    assert checks.overflow(page) + checks.clipped(page) == []
    page.set_viewport_size({"width": 640, "height": 360})
    checks.add_style(page, "html { font-size: 200% !important; }")
    assert checks.overflow(page) + checks.clipped(page) == []
    page.set_viewport_size(WIDE)
    assert checks.overflow(page) + checks.clipped(page) == []

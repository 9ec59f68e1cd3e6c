"""A page is used by keyboard in the order it is read, and the focus is always seen."""

from contextlib import suppress

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.browser.paths import PUBLIC

FOCUSED = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const tile = e.closest('.choice');
    const rings = [style, ...(tile ? [getComputedStyle(tile)] : []),
                   ...(e.nextElementSibling ? [getComputedStyle(e.nextElementSibling, '::before')] : [])];
    const all = [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, [tabindex]')];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        place: all.indexOf(e),
        html: e.outerHTML.slice(0, 100),
        isRinged: rings.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2),
        isShown: box.bottom > 0 && box.top < innerHeight,
        isCovered: !!top && top !== e && !e.contains(top) && !top.contains(e) && !!top.closest('.leave-link'),
    };
}"""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", ["/", "/therapies/", "/crisis/", "/ask/", "/ask/me/", "/es/pedir-contacto/yo/"])
def test_tab_walks_the_page_in_order_and_the_focus_is_seen(read_page, path, size):
    assert path in PUBLIC
    page, _ear = read_page(path, size=size)
    places = []
    for _press in range(120):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        if focus is None or (places and focus["place"] <= places[0]):
            break
        assert focus["isRinged"], focus["html"]
        assert focus["isShown"] and not focus["isCovered"], focus["html"]
        places.append(focus["place"])
    assert len(places) > 5
    assert places == sorted(places)


GUIDE = ("/", "/therapies/", "/crisis/", "/ask/")
FORMS = ("/ask/me/", "/es/pedir-contacto/yo/")
# WebKit under its driver does not scroll from a group of radio buttons to the field below: docs/accessibility.md.
WALKS = [("firefox", path) for path in GUIDE + FORMS] + [("webkit", path) for path in GUIDE]


@pytest.mark.long
@pytest.mark.parametrize(("engine", "path"), WALKS, indirect=["engine"])
def test_tab_walks_the_page_in_other_engines(reading_tab, path):
    page, places = reading_tab(path), []
    page.resize(1280, 900)
    for _press in range(120):
        page.press("Tab")
        with suppress(TimeoutError):  # WebKit scrolls a moment after it has moved the focus
            page.wait_for(f"(({FOCUSED})() ?? {{ isShown: true }}).isShown", patience=2)
        focus = page.evaluate(FOCUSED)
        if focus is None or (places and focus["place"] <= places[0]):
            break
        assert focus["isRinged"] and focus["isShown"] and not focus["isCovered"], focus["html"]
        places.append(focus["place"])
    assert len(places) > 5
    assert places == sorted(places)


def test_the_first_tab_is_the_skip_link_and_leads_into_the_page(read_page):
    page, _ear = read_page("/therapies/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")

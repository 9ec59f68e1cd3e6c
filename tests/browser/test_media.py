"""Paper, forced colours, and a wish for stillness."""

import pytest

from tests.browser.conftest import PHONE, WIDE

SHOWN = "selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).length"


@pytest.mark.parametrize("path", ["/", "/therapies/", "/crisis/", "/ask/me/", "/print/", "/es/"])
def test_paper_begins_with_the_crisis_numbers_and_has_no_menu(read_page, path):
    page, _ear = read_page(path, scheme="dark")
    page.emulate_media(media="print", color_scheme="light")
    text = page.inner_text("body").strip()
    assert "988" in text[:300] and "911" in text[:300]
    for hidden in ("header nav", ".skip-link", ".prev-next", "footer nav", ".leave-link"):
        assert page.evaluate(SHOWN, hidden) == 0, hidden
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


def test_forced_colours_keep_borders_marks_and_focus(read_page):
    page, _ear = read_page("/ask/me/", size=PHONE, forced_colors="active")
    for selector in ("[name=name]", ".choice", "[name=step][value=check]"):
        edge = page.evaluate(
            "s => { const c = getComputedStyle(document.querySelector(s));"
            " return [c.borderTopStyle, c.borderTopWidth]; }",
            selector,
        )
        assert edge[0] == "solid" and float(edge[1].removesuffix("px")) >= 1, selector
    page.focus("[name=name]")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_nothing_moves_for_who_wants_stillness(read_page):
    page, _ear = read_page("/", size=WIDE, reduced_motion="reduce")
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || s.transitionDuration.split(',').some(d => parseFloat(d) > 0); }).length"
    )
    assert moving == 0


@pytest.mark.parametrize("path", ["/", "/es/", "/therapies/", "/ask/me/"])
def test_without_script_a_page_is_whole(read_page, path):
    page, ear = read_page(path, size=PHONE, java_script_enabled=False)
    assert page.locator("main h1").is_visible()
    assert page.locator("a[href='tel:988']").first.is_visible()
    assert page.locator("a[href='#menu']").is_visible()
    assert page.locator("#menu a").count() > 10
    assert not ear.foreign

"""Paper, forced colours, and a wish for stillness."""

import re

import pytest

from tests.browser.conftest import PHONE, WIDE

pytestmark = pytest.mark.long

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


@pytest.mark.parametrize("path", ["/", "/es/", "/therapies/", "/ask/"])
def test_without_script_a_page_is_whole(read_page, path):
    page, ear = read_page(path, size=PHONE, java_script_enabled=False)
    assert page.locator("main h1").is_visible()
    assert page.locator("a[href='tel:988']").first.is_visible()
    page.locator(".menu summary").click()
    links = page.locator(".menu a")
    assert links.count() >= 10 and all(link.is_visible() for link in links.all())
    assert all(link.bounding_box()["height"] >= 44 for link in links.all())
    assert not ear.foreign


@pytest.mark.parametrize(("path", "whole"), [("/crisis/", 3), ("/es/crisis/", 2)])  # AYUDA takes a line of its own
def test_on_a_phone_the_ways_to_call_stand_above_the_fold_each_on_one_line(read_page, path, whole):
    page, _ear = read_page(path, size=PHONE)
    buttons = page.locator(".care-buttons a")
    boxes = [buttons.nth(place).bounding_box() for place in range(3)]  # 911, call 988, text 988
    assert all(box["y"] + box["height"] <= PHONE["height"] for box in boxes[:whole])
    assert boxes[2]["y"] < PHONE["height"] and all(box["height"] < 60 for box in boxes)


def test_in_spanish_the_strip_of_a_phone_uses_its_whole_width(read_page):
    page, _ear = read_page("/es/", size=PHONE)
    box = page.locator(".crisis-strip a").last.bounding_box()
    assert box["x"] + box["width"] > PHONE["width"] - 24


def test_letters_twice_as_large_fit_a_phone_on_the_page_of_the_week(read_page):
    page, _ear = read_page("/es/una-semana-tipica/?days=5&part=evening&hours=3", size=PHONE, bypass_csp=True)
    page.add_style_tag(content=":root { font-size: 200% }")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("path", ["/programs/", "/cost-and-insurance/", "/es/como-empezar/", "/print/"])
def test_what_people_take_along_has_a_button_to_print_it(read_page, path):
    page, _ear = read_page(path)
    page.evaluate("() => { window.print = () => document.body.dataset.printed = 'yes' }")
    page.click("[data-print]")
    assert page.get_attribute("body", "data-printed") == "yes"


def test_the_whole_guide_on_paper_is_one_book(read_page):
    page, _ear = read_page("/print/", bypass_csp=True)
    chapters = page.locator(".printed-page")
    assert page.locator(".printed-contents a").count() == chapters.count() > 10
    assert (
        page.locator(".printed-page h2").count() == chapters.count() and page.locator(".printed-page h3").count() > 20
    )
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= 30

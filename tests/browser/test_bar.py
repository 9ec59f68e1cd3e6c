"""The bar of the desk: whole on a wide page, one row of links on a phone, opened by keyboard and without script."""

import pytest

from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.test_desk import sound
from tests.browser.test_keyboard import FOCUSED
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db(transaction=True)
FOLDED = ["Notices", "Guide", "Claims", "Audit", "Staff", "My account"]


def link(page, name: str):
    return page.locator("#header").get_by_role("link", name=name, exact=True)


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
@pytest.mark.parametrize("prefix", ["", "/es"], ids=["English", "Spanish"])
def test_on_a_phone_the_bar_is_two_low_rows(desk_page, size, prefix):
    stored_inquiry()
    page, ear = desk_page(f"{prefix}/admin/account/", size=size)
    assert page.locator("#header").bounding_box()["height"] <= 112
    tops = page.locator(".desk-nav > ul > li > a, .desk-more > summary").evaluate_all(
        "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
    )
    assert len(tops) == 3 and len(set(tops)) == 1
    assert checks.overflow(page) == []
    page.click(".desk-more > summary")
    assert sound(page, ear) == [] and checks.overflow(page) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_is_folded_on_a_phone_is_reached_by_keyboard(desk_page, script):
    page, ear = desk_page("/admin/account/", size=PHONE, java_script_enabled=script)
    assert not any(link(page, name).is_visible() for name in FOLDED)
    page.locator(".desk-more > summary").focus()
    page.keyboard.press("Enter")
    assert all(link(page, name).is_visible() for name in FOLDED)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["isShown"] and link(page, "Notices").evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/inquiries/outboxnotice/")
    assert ear.messages == []


def test_on_a_wide_page_nothing_is_folded(desk_page):
    page, ear = desk_page("/admin/account/", size=WIDE)
    assert all(link(page, name).is_visible() for name in FOLDED)
    assert not page.locator(".desk-more > summary").is_visible()
    assert page.locator("#header").bounding_box()["height"] <= 72
    assert sound(page, ear) == []

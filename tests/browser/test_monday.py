"""A Monday at the desk: what came in is read, tried, planned, moved on and closed, by keyboard alone too."""

import pytest

from inquiries.models import Event, Inquiry
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_desk import sound
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db(transaction=True)
AHEAD = 60  # stops of the tab key within which the next thing to do is


def go_to(page, role: str, name: str):
    """Move with the tab key until the named control has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    for _stop in range(AHEAD):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by keyboard")


def press(page, role: str, name: str):
    go_to(page, role, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page, name: str):
    """Choose a radio button: the tab key enters its group, an arrow moves in it."""
    wanted = page.get_by_role("radio", name=name).first
    group = page.locator(f"[name={wanted.get_attribute('name')}]")
    for _stop in range(AHEAD):
        if group.evaluate_all("all => all.includes(document.activeElement)"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _stop in range(group.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} cannot be chosen by keyboard")


def plan(page, what: str):
    """Say what comes next, tomorrow or when the day is."""
    choose(page, what)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")


@pytest.mark.parametrize(("size", "script"), [(WIDE, True), (PHONE, False)], ids=["laptop", "phone without script"])
def test_from_the_first_page_to_the_closed_case_by_keyboard(desk_page, size, script):
    inquiry = stored_inquiry(name="Rosa Fictitious", contact_way="call", good_times="any")
    page, ear = desk_page("/admin/", size=size, java_script_enabled=script)
    assert page.locator("#next-person").inner_text() == "Next: Rosa Fictitious"
    assert page.locator(".desk-nav .count").inner_text().startswith("1")
    press(page, "link", f"Open {inquiry.reference}")
    press(page, "link", "Log a contact try")
    choose(page, "No answer")
    plan(page, "Contact again")
    press(page, "button", "Save the try")
    press(page, "link", "Set next action")
    plan(page, "Do the assessment")
    press(page, "button", "Save the next action")
    press(page, "link", "Move on")
    plan(page, "Do the assessment")
    press(page, "button", "Move on")
    press(page, "link", "Close")
    choose(page, "Question answered")
    choose(page, "On their status page")
    press(page, "button", "Close this inquiry")
    inquiry.refresh_from_db()
    assert (inquiry.stage, inquiry.outcome) == (Inquiry.Stage.ASSESSMENT, Inquiry.Outcome.ANSWERED)
    done = [event.verb for event in inquiry.events.order_by("pk") if event.verb != Event.Verb.OPENED]
    wanted = ["received", "tried", "next-set", "next-set", "moved-on", "next-set", "closed"]
    assert done == wanted
    assert ear.messages == [] and ear.foreign == []


def test_an_inquiry_is_found_from_every_page(desk_page):
    inquiry = stored_inquiry(name="Rosa Fictitious")
    page, ear = desk_page("/admin/inquiries/closedday/add/")
    page.get_by_label("Find an inquiry").fill(inquiry.reference.lower())
    page.keyboard.press("Enter")
    page.get_by_role("link", name=inquiry.reference).wait_for()
    assert page.get_by_role("search").count() == 1
    assert ear.messages == []


def test_all_on_a_page_are_chosen_at_once(desk_page):
    for number in range(3):
        stored_inquiry(name=f"Rosa {number}")
    page, _ear = desk_page("/admin/inquiries/inquiry/")
    page.get_by_label("Choose all on this page").check()
    assert page.locator("[name=chosen]:checked").count() == 3
    page.locator("[name=chosen]").first.uncheck()
    assert page.get_by_label("Choose all on this page").evaluate("box => box.indeterminate") is True


NEW = ("closedday", "weeklyhours", "messagetemplate")


def test_what_a_supervisor_sets_is_sound_in_both_schemes(desk_page):
    page, ear = desk_page("/admin/")
    for name in NEW:
        page.goto(f"{ear.origin}/admin/inquiries/{name}/add/")
        for scheme, size in (("light", WIDE), ("dark", PHONE)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert sound(page, ear) == []

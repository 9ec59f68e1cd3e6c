"""A Monday at the desk: what came in is read, tried, planned, moved on and closed, by keyboard alone too."""

import csv

import pytest

from inquiries.models import Event, Inquiry
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_desk import sound
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = (Event.Verb.OPENED, Event.Verb.SEEN)
AHEAD = 12  # stops of the tab key within which the next thing to do is, on the pages of a case


@pytest.fixture
def guide():
    """No test here looks at the guide."""


def go_to(page, role: str, name: str, ahead=AHEAD):
    """Move with the tab key until the named control has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    wanted.wait_for()
    page.wait_for_function("!document.querySelector('[autofocus]') || document.activeElement !== document.body")
    for _stop in range(ahead):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by keyboard")


def press(page, role: str, name: str, ahead=AHEAD):
    go_to(page, role, name, ahead)
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


def test_from_the_first_page_to_the_closed_case_by_keyboard(desk_page):
    inquiry = stored_inquiry(name="Rosa Fictitious", contact_way="call", good_times="any")
    page, ear = desk_page("/admin/")
    assert page.locator("#next-person").inner_text() == "Next: Rosa Fictitious"
    assert page.locator(".desk-nav .count").inner_text().startswith("1")
    press(page, "link", f"Open {inquiry.reference}", ahead=20)  # past the bar
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
    done = [event.verb for event in inquiry.events.order_by("pk") if event.verb not in LOOKS]
    wanted = ["received", "claimed", "tried", "next-set", "next-set", "moved-on", "next-set", "closed"]
    assert done == wanted
    assert ear.messages == [] and ear.foreign == []


def test_one_whole_inquiry_is_worked_by_keyboard_on_a_phone_without_script(desk_page):
    """From finding it to the next person; after each press the focus stands where one goes on."""
    other = stored_inquiry(name="Lupe Invented", phone="+16265550143")
    inquiry = stored_inquiry(name="Rosa Fictitious", contact_way="call", good_times="any")
    page, ear = desk_page("/admin/", size=PHONE, java_script_enabled=False)
    page.locator(".desk-nav summary").press("Enter")  # on a phone the box is behind "More"
    page.get_by_label("Find an inquiry").focus()
    page.keyboard.type(inquiry.reference)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "link", inquiry.reference, ahead=1)  # what was found has the focus
    press(page, "button", "Take")
    press(page, "link", "Log a contact try")
    press(page, "button", "Save the try")
    assert page.locator(".errors-box").evaluate("box => box === document.activeElement")
    choose(page, "We spoke")
    plan(page, "Do the assessment")
    press(page, "button", "Save and move on to Assessment", ahead=4)
    plan(page, "Do the assessment")
    press(page, "button", "Move on", ahead=2)
    press(page, "link", "Move on")
    plan(page, "Settle referral and insurance")
    press(page, "button", "Move on", ahead=2)
    press(page, "button", "Referral is settled")
    press(page, "button", "Insurance is settled")
    plan(page, "Start the program")
    press(page, "button", "Save the next action", ahead=2)
    press(page, "link", "Close")
    choose(page, "Started a program")
    choose(page, "On a call")
    press(page, "button", "Close this inquiry", ahead=3)
    press(page, "link", "Next person", ahead=3)  # after Undo
    assert other.reference in page.title()
    inquiry.refresh_from_db()
    assert inquiry.outcome == Inquiry.Outcome.STARTED and inquiry.is_settled
    assert ear.messages == [] and ear.foreign == []


def test_a_supervisor_takes_a_month_out_of_the_desk(desk_page, tmp_path):
    """The file as the browser keeps it: notice, quotes, no formula; and the record of it."""
    stored_inquiry(name="Rosa Fictitious", question='=HYPERLINK("x"), said "Ana"')
    page, ear = desk_page("/admin/inquiries/inquiry/?tab=open")
    page.get_by_role("link", name="Export this list").click()
    page.get_by_role("button", name="Export").click()
    page.locator(".errornote").wait_for()
    assert page.evaluate("document.activeElement.innerText.trim()") == "Say why you export them"
    page.get_by_label("Why do you export them?").fill("The numbers of the month")
    page.get_by_label("Received from").fill("2020-01-01")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    notice, head, row = csv.reader(file.open(encoding="utf-8-sig", newline=""))
    assert "prohibits" in notice[0] and dict(zip(head, row, strict=True))["question"] == '\'=HYPERLINK("x"), said "Ana"'
    page.goto(f"{ear.origin}/admin/inquiries/event/")
    assert page.get_by_role("cell", name="Exported").count() == 2  # the export, and in it the inquiry
    assert ear.messages == []


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


SET = ("closedday/add", "weeklyhours", "messagetemplate/add")


def test_what_a_supervisor_sets_is_sound_in_both_schemes(desk_page):
    page, ear = desk_page("/admin/")
    for name in SET:
        page.goto(f"{ear.origin}/admin/inquiries/{name}/")
        for scheme, size in (("light", WIDE), ("dark", PHONE)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert sound(page, ear) == []

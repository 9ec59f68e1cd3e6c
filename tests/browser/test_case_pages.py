"""The page of one inquiry and its verbs in the browser: sound in both schemes, narrow, by keyboard, without script."""

import pytest

from inquiries.models import Inquiry
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.test_desk import sound
from tests.browser.test_keyboard import FOCUSED
from tests.factories import stored_inquiry

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
VERB_PAGES = ["try", "next", "move-on", "close", "message", "hand-over", "link", "hold", "set-aside", "take", "sheet"]


@pytest.fixture
def guide():
    """No test here looks at the guide."""


def busy_inquiry() -> Inquiry:
    """One with everything the page can show."""
    inquiry = stored_inquiry(way="loved-one", person_knows="no", good_times="evening")
    stored_inquiry(question="Another")
    inquiry.amend(Inquiry(way="loved-one", name="Rosa", contact_way="call", phone="+16265550142", answers_digest="x"))
    inquiry.add_words("Por favor, después de la una.")
    Inquiry.objects.filter(pk=inquiry.pk).update(stage="paperwork")
    return inquiry


def check_in_both_schemes(page, ear):
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert sound(page, ear) == []
        assert page.evaluate(checks.HEADINGS) == []
    page.set_viewport_size(NARROW)
    assert checks.overflow(page) == []


def test_the_case_is_sound_open_and_closed(desk_page):
    page, ear = desk_page("/admin/")
    inquiry = busy_inquiry()
    page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    page.click("summary.verb")
    check_in_both_schemes(page, ear)
    Inquiry.objects.get(pk=inquiry.pk).erase()
    page.reload()
    check_in_both_schemes(page, ear)


@pytest.mark.long
def test_the_pages_of_the_verbs_are_sound_also_with_errors(desk_page):
    page, ear = desk_page("/admin/")
    inquiry = busy_inquiry()
    for name in VERB_PAGES:
        page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/{name}/")
        check_in_both_schemes(page, ear)
    page.set_viewport_size(WIDE)
    page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/try/")
    page.click("[name=save]")
    page.locator(".errors-box").wait_for()
    check_in_both_schemes(page, ear)


def test_a_call_is_logged_without_script_and_by_keyboard(desk_page):
    page, ear = desk_page("/admin/", java_script_enabled=False)
    inquiry = stored_inquiry()
    page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    page.get_by_role("link", name="Log a contact try").press("Enter")
    page.get_by_label("No answer").press("Space")
    page.get_by_label("Contact again").press("Space")
    page.locator("[name=when]").nth(1).press("Space")
    page.get_by_role("button", name="Save the try").press("Enter")
    page.get_by_text("The try is logged.").wait_for()
    assert Inquiry.objects.get().tries == 1


def test_tab_walks_the_case_in_order_and_the_focus_is_seen(desk_page):
    page, ear = desk_page("/admin/")
    inquiry = busy_inquiry()
    page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    places = []
    for _press in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        if focus is None or (places and focus["place"] >= 0 and focus["place"] <= places[0]):
            break
        assert focus["isRinged"] and focus["isShown"], focus["html"]
        if focus["place"] >= 0:  # a summary is none of the elements that are counted
            places.append(focus["place"])
    assert len(places) > 15 and places == sorted(places)

"""A call is taken down and what is known is corrected, in the browser: sound in both schemes, and without script."""

import pytest

from inquiries.models import Inquiry
from tests.browser.test_case_pages import check_in_both_schemes
from tests.factories import stored_inquiry

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def guide():
    """No test here looks at the guide."""


def test_a_call_is_taken_down_without_script(desk_page):
    page, ear = desk_page("/admin/inquiries/inquiry/", java_script_enabled=False)
    page.locator(".list-head").get_by_role("link", name="New from a call, visit or letter").click()
    page.get_by_role("link", name="For themselves").click()
    page.get_by_label("Phone call").check()
    page.get_by_label("What should we call you?").fill("Rosa")
    page.get_by_label("Call me. A voicemail is OK").check()
    page.get_by_label("Phone number").fill("626 555 0142")
    page.get_by_label("English").check()
    page.get_by_label("They agree").check()
    page.get_by_role("button", name="Save and show the private code").click()
    page.get_by_role("heading", name="It is taken down").wait_for()
    inquiry = Inquiry.objects.get()
    assert inquiry.reference in page.content() and inquiry.name == "Rosa"


@pytest.mark.long
def test_the_pages_are_sound_also_with_errors(desk_page):
    page, ear = desk_page("/admin/")
    at = f"{ear.origin}/admin/inquiries/inquiry/"
    page.goto(f"{at}new/")
    check_in_both_schemes(page, ear)
    for way in ("me", "refer"):
        page.goto(f"{at}new/{way}/")
        check_in_both_schemes(page, ear)
        page.click("[name=save]")
        page.locator(".errors-box").wait_for()
        check_in_both_schemes(page, ear)
    inquiry = stored_inquiry(good_times="morning", topics="cost")
    page.goto(f"{at}{inquiry.pk}/correct/")
    check_in_both_schemes(page, ear)
    page.click("[name=save]")
    page.locator(".errors-box").wait_for()
    check_in_both_schemes(page, ear)


@pytest.mark.long
def test_the_page_of_the_code_is_sound_and_prints_the_slip_alone(desk_page):
    page, ear = desk_page("/admin/inquiries/inquiry/new/me/")
    page.get_by_label("Visit").check()
    page.get_by_label("What should we call you?").fill("Rosa")
    page.get_by_label("Do not contact me").check()
    page.get_by_label("Español").check()
    page.get_by_label("They agree").check()
    page.click("[name=save]")
    page.get_by_role("heading", name="It is taken down").wait_for()
    check_in_both_schemes(page, ear)
    page.emulate_media(media="print")
    assert page.locator(".slip").is_visible() and not page.locator("h1").is_visible()
    assert not page.locator(".verbs").first.is_visible()

"""The number of one's own that wait renews itself, in the bar and in the title, and goes once the session has ended."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from inquiries.models import Inquiry
from iop_site.staff.models import Session
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.test_desk import sound
from tests.factories import stored_inquiry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
ACCOUNT = "/admin/account/"


@pytest.fixture
def guide():
    """No test here looks at the guide."""


def wait_for_me():
    inquiry = stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(owner=get_user_model().objects.get(), due_at=timezone.now())


def test_it_renews_itself_in_bar_and_title_and_goes_with_the_session(desk_page):
    page, ear = desk_page("/admin/login/")
    page.clock.install()
    page.goto(f"{ear.origin}{ACCOUNT}")
    title = page.title()
    assert page.locator("[data-for-me]").is_hidden() and not title.startswith("(")
    wait_for_me()
    page.clock.run_for(61_000)
    page.locator("[data-for-me]", has_text="1").wait_for()
    assert page.title() == f"(1) {title}"
    Session.objects.all().delete()
    page.clock.run_for(61_000)
    page.locator("[data-for-me]").wait_for(state="hidden")
    assert page.title() == title


@pytest.mark.parametrize("prefix", ["", "/es"], ids=["English", "Spanish"])
@pytest.mark.parametrize("size", [NARROW, PHONE, WIDE], ids=["narrow", "phone", "wide"])
def test_the_bar_is_as_low_with_it_as_without(desk_page, prefix, size):
    page, ear = desk_page("/admin/login/", size=size)
    wait_for_me()
    page.goto(f"{ear.origin}{prefix}{ACCOUNT}")
    assert page.locator("[data-for-me]").is_visible()
    assert checks.overflow(page) == [] and sound(page, ear) == []
    height = page.locator("#header").bounding_box()["height"]
    page.evaluate("document.querySelector('[data-for-me]').hidden = true")
    assert height == page.locator("#header").bounding_box()["height"]

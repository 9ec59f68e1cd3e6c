"""Undo is in the message where the keyboard goes on, and in the timeline; on every size nothing sticks out."""

import pytest

from inquiries.models import Inquiry
from tests.browser.checks import axe, overflow
from tests.factories import stored_inquiry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def guide():
    """No test here looks at the guide."""


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, {"width": 320, "height": 700}])
def test_a_wrong_take_is_undone_by_keyboard(desk_page, size):
    page, ear = desk_page("/admin/", size=size)
    inquiry = stored_inquiry()
    page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    page.get_by_role("button", name="Take", exact=True).click()
    page.locator(".messagelist").wait_for()
    assert Inquiry.objects.get().owner
    found = [*axe(page), *overflow(page)]
    page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    found += [*axe(page), *overflow(page)]
    page.get_by_role("button", name="Undo Took it").press("Enter")
    page.get_by_text("Undone: Took it").wait_for()
    assert Inquiry.objects.get().owner is None
    assert [*found, *axe(page), *overflow(page), *ear.messages] == []

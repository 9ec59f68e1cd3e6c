"""Pressing the number claims the case before the phone dials; without an answer the phone dials all the same."""

import re

import pytest

from inquiries.models import Inquiry
from tests.factories import stored_inquiry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
NUMBER = "a.reach-way[data-claim]"
# Chromium without a phone goes nowhere on tel:, but the navigation is told before it is tried.
TELL = """() => navigation.addEventListener("navigate", (event) => { window.dialled = event.destination.url; })"""
DIALLED = "() => (window.dialled || '').startsWith('tel:')"


@pytest.fixture
def guide():
    """No test here looks at the guide."""


@pytest.fixture
def case(desk_page):
    page, ear = desk_page("/admin/")
    inquiry = stored_inquiry()
    page.goto(f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    page.evaluate(TELL)
    return page, inquiry


def test_a_press_claims_before_it_dials(case):
    page, inquiry = case
    page.click(NUMBER)
    page.wait_for_function(DIALLED)
    assert Inquiry.objects.get(pk=inquiry.pk).claimed_by is not None


def test_what_a_colleague_took_meanwhile_is_told_and_not_dialled(case, django_user_model):
    page, inquiry = case
    inquiry.claim("call", django_user_model.objects.create_user("noor"))
    page.click(NUMBER)
    page.get_by_text(re.compile("has this person in hand since")).first.wait_for()
    assert not page.evaluate(DIALLED)


def test_without_an_answer_the_phone_dials(case):
    page, inquiry = case
    page.route("**/*", lambda route: route.abort())
    page.click(NUMBER)
    page.wait_for_function(DIALLED)
    assert Inquiry.objects.get(pk=inquiry.pk).claimed_by is None

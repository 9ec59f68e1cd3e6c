"""Where it is a good time to call nobody, the list says from when on it is, and for how many."""

from datetime import UTC, datetime, timedelta

import pytest

from inquiries.desk.list_page import ListPage
from inquiries.models import Inquiry
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
EARLY, NOON = (datetime(2026, 6, 8, hour, tzinfo=UTC) for hour in (15, 19))  # on a Monday, in Duarte


def empty(now=EARLY, **filters) -> str:
    Inquiry.objects.update(due_at=EARLY - timedelta(days=1))
    page = ListPage({"now": "True", **filters}, staff_user(), now)
    assert page.rows == []
    return page.empty


def test_the_first_hour_and_how_many_then():
    for number in range(3):
        stored_inquiry(good_times="morning" if number else "afternoon", question=f"{number}")
    assert empty() == "Nobody before 9:00 AM, then 2."


def test_another_day_is_named():
    stored_inquiry(good_times="morning")
    assert empty(NOON) == "Nobody before tomorrow, 9:00 AM, then 1."


def test_other_filters_count_too():
    stored_inquiry(good_times="afternoon", way="me")
    stored_inquiry(good_times="afternoon", way="question", question="Other")
    assert "then 1." in empty(way="question")


def test_whom_nobody_may_call_is_not_waited_for():
    stored_inquiry(contact_way="email", phone="", email="rosa@example.com", good_times="afternoon")
    assert empty() == "No inquiry fits."


def test_without_that_filter_it_says_what_it_said():
    page = ListPage({"way": "refer"}, staff_user(), EARLY)
    assert page.empty == "No inquiry fits."

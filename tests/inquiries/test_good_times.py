"""Good times lie within the hours of the center: what is called good now, what "When" offers, what the case says."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from inquiries.business_hours import DEFAULT, Calendar
from inquiries.contact_plans import Plan
from inquiries.models import ClosedDay, WeeklyHours
from tests.factories import staff_in, stored_inquiry
from tests.inquiries.form_pages import Page

MONDAY, SUNDAY = 8, 14  # of June 2026
LATE = Calendar({day: (time(12, 30), time(19)) for day in range(6)})


def at(day: int, clock: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"2026-06-{day:02}T{clock}"))


def plan(*good_times, way="call") -> Plan:
    return Plan(way, "en", good_times)


def good_hours(plan: Plan, day=MONDAY, calendar=DEFAULT) -> set[int]:
    return {hour for hour in range(24) if plan.is_good_to_reach(at(day, f"{hour:02}:45"), calendar)}


@pytest.mark.parametrize(
    ("good_times", "hours", "late_hours"),
    [
        ((), range(9, 17), range(12, 19)),
        (("any",), range(9, 17), range(12, 19)),
        (("morning", "any"), range(9, 17), range(12, 19)),
        (("morning",), range(9, 12), ()),
        (("afternoon",), range(12, 17), range(12, 17)),
        (("evening",), (), range(17, 19)),
        (("morning", "evening"), range(9, 12), range(17, 19)),
        (("morning", "afternoon"), range(9, 17), range(12, 17)),
        (("afternoon", "evening"), range(12, 17), range(12, 19)),
    ],
)
@pytest.mark.parametrize("way", ["call", "call-voicemail", "text", "email", "call-work", "email-work"])
def test_it_is_good_in_the_parts_they_chose_while_the_center_is_open(good_times, hours, late_hours, way):
    asked = plan(*good_times, way=way)
    assert good_hours(asked) == set(hours)
    assert good_hours(asked, calendar=LATE) == set(late_hours)
    assert good_hours(asked, SUNDAY) == set()
    called = {hour for hour in range(24) if asked.is_good_to_call(at(MONDAY, f"{hour:02}:45"))}
    assert called == (set(hours) if way.startswith("call") else set())


@pytest.mark.parametrize("way", ["status-page", "at-odds", ""])
def test_it_is_never_good_to_reach_whom_nobody_may_reach(way):
    assert good_hours(plan("any", way=way)) == set()


@pytest.mark.parametrize(
    ("good_times", "now", "times"),
    [
        (("any",), "08:00", ["08 09:00", "09 10:00", "11 10:00"]),
        (("morning",), "13:00", ["09 09:00", "11 09:00"]),
        (("morning", "afternoon"), "08:00", ["08 09:00", "09 09:00", "11 09:00"]),
        (("evening",), "10:00", ["08 16:00", "09 16:00", "11 16:00"]),
        (("evening",), "16:30", ["09 16:00", "11 16:00"]),
    ],
)
def test_when_offers_moments_in_the_hours_of_the_center(good_times, now, times):
    ready = plan(*good_times).ready_times(at(MONDAY, now))
    assert [f"{timezone.localtime(moment):%d %H:%M}" for moment in ready] == times


@pytest.mark.parametrize("good_times", [(), ("morning",), ("afternoon",), ("evening",), ("morning", "evening")])
@pytest.mark.parametrize("calendar", [DEFAULT, LATE, Calendar({0: (time(7), time(8)), 5: (time(20), time(20, 30))})])
def test_whatever_the_hours_no_moment_lies_outside_or_behind(good_times, calendar):
    for hours in range(0, 7 * 24, 5):
        now = at(MONDAY, "00:10") + timedelta(hours=hours)
        for moment in plan(*good_times).ready_times(now, calendar):
            opens, closes = calendar.hours_of(timezone.localtime(moment).date())
            assert opens <= moment < closes and moment > now


@contextmanager
def at_desk(client, moment):
    with time_machine.travel(moment, tick=False):
        client.force_login(staff_in("Intake"))
        yield


SAYS = [
    ("afternoon", MONDAY, "10:00", "It is 10:00 AM. Their good time starts at 12:00 PM."),
    ("morning", MONDAY, "10:00", "This is a good time."),
    ("morning", MONDAY, "14:00", "Their good time is over for today."),
    ("evening", MONDAY, "10:00", "Their good time is outside our hours."),
    ("any", SUNDAY, "10:00", "The center is closed today."),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("good_times", "day", "clock", "says"), SAYS)
def test_the_case_says_whether_it_is_a_good_time(client, good_times, day, clock, says):
    inquiry = stored_inquiry(good_times=good_times, contact_way="text")
    with at_desk(client, at(day, clock)):
        assert says in Page(client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")).text


@pytest.mark.django_db
def test_the_hours_that_a_supervisor_set_count_on_the_list_the_first_page_and_the_case(client):
    stored_inquiry(good_times="evening", contact_way="email", email="rosa@example.com", phone="")

    def shown():
        return Page(client.get("/admin/inquiries/inquiry/")).texts_of("b", class_="now")

    with at_desk(client, at(MONDAY, "18:00")):
        assert shown() == []
        assert "starts at" not in Page(client.get("/admin/")).text
        WeeklyHours.objects.replace({0: (time(12), time(19))})
        assert shown() == ["now"]
        assert "starts at" not in Page(client.get("/admin/")).text
        ClosedDay.objects.create(day=at(MONDAY, "18:00").date())
        assert shown() == []
    with at_desk(client, at(MONDAY + 7, "12:30")):
        assert "Evening starts at 5:00 PM" in Page(client.get("/admin/")).text


@pytest.mark.django_db
def test_the_form_says_so_where_no_moment_suits(client):
    inquiry = stored_inquiry(good_times="evening")
    path, says = f"/admin/inquiries/inquiry/{inquiry.pk}/next/", "Their good time is outside our hours."
    with at_desk(client, at(MONDAY, "10:00")):
        assert says in Page(client.get(path)).text
        WeeklyHours.objects.replace(LATE.hours)
        assert says not in Page(client.get(path)).text

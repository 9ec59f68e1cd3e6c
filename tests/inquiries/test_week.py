"""The hours of the week are one table: what is in force stands in it, and it is saved as a whole."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from inquiries.business_hours import DEFAULT_HOURS
from inquiries.models import ClosedDay, Event, WeeklyHours
from tests.factories import staff_in, stored_inquiry
from tests.inquiries.form_pages import Page

pytestmark = pytest.mark.django_db
PATH = "/admin/inquiries/weeklyhours/"
MONDAY = timezone.make_aware(datetime(2026, 6, 8, 10))
NINE, FIVE = time(9), time(17)


@pytest.fixture
def chief(client):
    client.force_login(staff_in("Supervisor"))
    return client


def table(client) -> dict:
    """What a browser would send of the table as it stands."""
    page, found = Page(client.get(PATH)), {}
    for day in range(7):
        if page.chosen(f"open_{day}"):
            found[f"open_{day}"] = "on"
        found |= {name: page.value(name) for name in (f"opens_{day}", f"closes_{day}")}
    return found


def stored() -> dict:
    return {row.weekday: (row.opens_at, row.closes_at) for row in WeeklyHours.objects.all()}


def test_the_default_is_shown_and_adding_saturday_closes_no_monday(chief):
    page = Page(chief.get(PATH))
    assert "Nobody set hours yet: these are in force" in page.text
    shown = table(chief)
    assert [day for day in range(7) if f"open_{day}" in shown] == list(DEFAULT_HOURS)
    assert (shown["opens_0"], shown["closes_4"], shown["opens_5"]) == ("09:00", "17:00", "")
    saturday = {"open_5": "on", "opens_5": "10:00", "closes_5": "13:00"}
    assert chief.post(PATH, shown | saturday).status_code == 302
    assert stored() == DEFAULT_HOURS | {5: (time(10), time(13))}
    assert "These hours are in force" in Page(chief.get(PATH)).text
    assert table(chief) == shown | saturday


def test_a_day_whose_tick_is_taken_away_is_closed_and_others_stay(chief):
    WeeklyHours.objects.replace(DEFAULT_HOURS)
    shown = table(chief)
    del shown["open_4"]
    chief.post(PATH, shown | {"closes_0": "12:30"})
    assert stored() == {0: (NINE, time(12, 30)), 1: (NINE, FIVE), 2: (NINE, FIVE), 3: (NINE, FIVE)}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"open_5": "on", "opens_5": "", "closes_5": "12:00"}, "Say when, or take the tick of the day away"),
        ({"opens_0": "17:00"}, "The day must close after it opens."),
        ({"closes_0": "noon"}, "Enter a valid time."),
        ({f"open_{day}": "" for day in range(7)}, "Leave at least one day open"),
    ],
)
def test_a_week_that_makes_no_sense_comes_back_as_it_was_typed(chief, changes, error):
    typed = {name: text for name, text in (table(chief) | changes).items() if text}
    page = Page(chief.post(PATH, typed))
    assert error in page.text and not stored()
    assert page.value("closes_1") == "17:00"


def test_it_is_told_in_the_audit_once_and_moves_what_is_due_once(client):
    with time_machine.travel(MONDAY, tick=False):
        client.force_login(staff_in("Supervisor"))
        inquiry = stored_inquiry()
        ClosedDay.objects.create(day=date(2026, 12, 25), name="Holiday")
        events = Event.objects.count()
        client.post(PATH, {"open_3": "on", "opens_3": "11:00", "closes_3": "13:00"})
        inquiry.refresh_from_db()
        assert timezone.localtime(inquiry.due_at) == MONDAY + timedelta(days=10, hours=1)
        new = list(Event.objects.order_by("pk").values_list("verb", flat=True))[events:]
        assert sorted(new) == ["changed", "due-moved"]
        client.post(PATH, table(client))
        assert Event.objects.filter(verb="changed").count() == 1
        assert "Closed besides: December 25 (Holiday)." in Page(client.get(PATH)).text


def test_only_a_supervisor_sees_or_sets_it_and_rows_have_no_pages(client):
    client.force_login(staff_in("Intake"))
    assert client.get(PATH).status_code == client.post(PATH).status_code == 403
    client.force_login(staff_in("Supervisor"))
    assert client.get(f"{PATH}add/").status_code == 404

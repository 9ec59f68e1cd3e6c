"""The first contact is due by the hours in which the center works, in its local time, also when clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from inquiries.business_hours import DEFAULT, Calendar, first_contact_due
from inquiries.models import ClosedDay, Inquiry, WeeklyHours
from tests.factories import stored_inquiry

DUARTE = ZoneInfo("America/Los_Angeles")


def at(day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=DUARTE)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (("2026-06-08", "10:00"), ("2026-06-09", "10:00")),  # Monday
        (("2026-06-05", "16:30"), ("2026-06-08", "16:30")),  # Friday
        (("2026-06-06", "12:00"), ("2026-06-09", "09:00")),  # Saturday
        (("2026-06-08", "03:00"), ("2026-06-09", "09:00")),
        (("2026-06-08", "17:00"), ("2026-06-10", "09:00")),
        (("2026-03-06", "10:00"), ("2026-03-09", "10:00")),  # clocks go forward on the Sunday between
        (("2026-10-30", "10:00"), ("2026-11-02", "10:00")),  # and back
    ],
)
def test_one_day_is_the_same_local_time_on_the_next_working_day(received, due):
    assert first_contact_due(at(*received)) == at(*due)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        (("2026-06-08", "10:00"), 4, ("2026-06-08", "14:00")),
        (("2026-06-08", "15:00"), 4, ("2026-06-09", "11:00")),
        (("2026-06-05", "16:30"), 1, ("2026-06-08", "09:30")),
        (("2026-06-06", "12:00"), 8, ("2026-06-08", "17:00")),
        (("2026-06-08", "09:00"), 20, ("2026-06-10", "13:00")),
    ],
)
def test_hours_are_counted_while_the_center_works(received, hours, due, settings):
    settings.FIRST_CONTACT_TARGET = (hours, "hours")
    assert first_contact_due(at(*received)) == at(*due)


def test_hours_over_a_change_of_clocks_are_real_hours():
    nights = Calendar({6: (time(0), time(6))})  # Sundays only, and this one has no hour from 2 to 3
    assert nights.after_hours(at("2026-03-08", "00:00"), 3) == datetime(2026, 3, 8, 11, tzinfo=UTC)


def test_holidays_do_not_count():
    calendar = Calendar(DEFAULT.hours, frozenset({date(2026, 6, 9)}))
    assert first_contact_due(at("2026-06-08", "10:00"), calendar) == at("2026-06-10", "10:00")


def test_a_calendar_without_a_working_day_still_gives_a_due_time():
    assert Calendar({}).after_days(at("2026-06-08", "10:00"), 1) == at("2026-06-09", "10:00")
    assert Calendar({}).after_hours(at("2026-06-08", "10:00"), 2) == at("2026-06-08", "12:00")


@pytest.mark.django_db
def test_the_calendar_of_the_supervisor_is_used_when_an_inquiry_is_sent():
    WeeklyHours.objects.create(weekday=6, opens_at=time(10), closes_at=time(12))
    ClosedDay.objects.create(day=date(2026, 6, 14), name="A holiday")
    stored_inquiry(received_at=at("2026-06-10", "08:00"))
    assert Inquiry.objects.get().due_at == at("2026-06-28", "10:00")


@pytest.mark.django_db
def test_reading_the_calendar_takes_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert WeeklyHours.objects.calendar(at("2026-06-08", "10:00")) == DEFAULT


@pytest.mark.django_db
def test_a_day_closes_after_it_opens():
    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyHours.objects.create(weekday=1, opens_at=time(12), closes_at=time(9))


@pytest.mark.django_db
def test_the_database_itself_keeps_every_open_inquiry_due():
    stored_inquiry()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.update(due_at=None)

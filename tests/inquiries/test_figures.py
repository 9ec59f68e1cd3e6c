"""Rolling figures: each event counts once, with the seal over it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inquiries import business_hours
from inquiries.desk import stats
from inquiries.models import Event, EventSeal, Figure, Inquiry
from inquiries.models.figures import rounded_up, working_minutes
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
MONDAY_NINE = datetime(2026, 6, 8, 16, tzinfo=UTC)  # 9 in Duarte
TODAY = date(2026, 6, 12)


def seal():
    EventSeal.objects.seal_up_to(Event.objects.order_by("-pk").first().pk)


def figures() -> dict:
    return {(row.kind, row.size): row.count for row in Figure.objects.all()}


def contacted(after: timedelta):
    inquiry = stored_inquiry(received_at=MONDAY_NINE)
    at = MONDAY_NINE + after
    inquiry.log_try("no-answer", staff_user(), next_action="", due_at=None, now=at)
    return inquiry


def test_an_inquiry_counts_on_its_day_and_once():
    stored_inquiry(received_at=MONDAY_NINE)
    seal()
    seal()
    assert list(Figure.objects.values_list("day", "kind", "count")) == [(date(2026, 6, 8), "received", 1)]


def test_only_the_first_try_counts_and_in_working_minutes():
    inquiry = contacted(timedelta(hours=2))
    seal()
    inquiry.log_try("no-answer", staff_user(), next_action="", due_at=None, now=MONDAY_NINE + timedelta(hours=5))
    seal()
    assert figures() == {("received", 0): 1, ("contacted", 120): 1, ("on-time", 0): 1}


def test_a_late_try_is_not_on_time():
    contacted(timedelta(days=3))
    seal()
    assert ("on-time", 0) not in figures() and figures()["contacted", 1440] == 1


def test_the_site_s_own_tests_and_robots_do_not_count():
    stored_inquiry(is_canary=True)
    stored_inquiry().set_aside(staff_user())
    seal()
    assert figures() == {}


def test_median_and_nine_of_ten_are_read_off():
    for hours in (1, 1, 1, 1, 1, 2, 2, 3, 4, 7):
        contacted(timedelta(hours=hours))
    seal()
    found = Figure.objects.first_contact(TODAY)
    assert (found.median, found.nine_of_ten, found.on_time, found.count) == (60, 240, 100, 10)


def test_without_any_contact_there_is_no_median():
    assert Figure.objects.first_contact(TODAY) is None


def test_weeks_begin_on_monday_and_the_running_one_is_last():
    stored_inquiry(received_at=MONDAY_NINE)
    stored_inquiry(received_at=MONDAY_NINE - timedelta(days=1))
    seal()
    weeks = stats.new_per_week(TODAY)
    assert len(weeks) == 12 and weeks[-1] == (date(2026, 6, 8), 1) and weeks[-2] == (date(2026, 6, 1), 1)


@pytest.mark.parametrize(
    ("end", "minutes"),
    [
        (timedelta(minutes=30), 30),
        (timedelta(hours=12), 480),
        (timedelta(days=1, hours=1), 540),
        (timedelta(days=7), 2400),
    ],
)
def test_only_working_time_counts(end, minutes):
    assert working_minutes(business_hours.DEFAULT, MONDAY_NINE, MONDAY_NINE + end) == minutes


@pytest.mark.parametrize(("minutes", "size"), [(0, 0), (0.2, 1), (60, 60), (61, 70), (1200, 1200), (1201, 1260)])
def test_a_time_is_rounded_up(minutes, size):
    assert rounded_up(minutes) == size


def test_open_inquiries_are_counted_up_to_a_bound(monkeypatch):
    for _number in range(3):
        stored_inquiry()
    assert stats.open_now().by_stage["received"] == 3 and not stats.open_now().is_cut
    monkeypatch.setattr(stats, "MOST_READ", 2)
    assert stats.open_now().by_stage["received"] == 2 and stats.open_now().is_cut


def test_a_worker_that_does_not_run_is_noticed():
    stored_inquiry()
    now = Event.objects.get().at
    assert stats.unsealed_since(now + timedelta(minutes=9)) is None
    assert stats.unsealed_since(now + timedelta(minutes=11)) == now
    seal()
    assert stats.unsealed_since(now + timedelta(minutes=11)) is None


def test_moving_on_to_started_counts():
    inquiry, user = stored_inquiry(received_at=MONDAY_NINE), staff_user()
    Inquiry.objects.update(stage="paperwork", referral_settled_at=MONDAY_NINE, insurance_settled_at=MONDAY_NINE)
    inquiry.refresh_from_db()
    later = MONDAY_NINE + timedelta(hours=1)
    inquiry.move_on(user, next_action="start", due_at=later + timedelta(days=1), now=later)
    seal()
    assert stats.started_since(date(2026, 6, 1)) == 1 and stats.started_since(date(2026, 7, 1)) == 0

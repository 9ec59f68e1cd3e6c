"""What is closed because another inquiry is worked on comes back when that one ends: no list would show its sender."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.desk import timeline
from inquiries.intake import status_progress
from inquiries.models import Inquiry, InquiryPair, InvalidTransition
from inquiries.promises import answer_by, is_over
from inquiries.worker import retention
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
LATER = timedelta(days=5)


@pytest.fixture
def ana():
    return staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")


@pytest.fixture
def pair(ana):
    """Two of one request; the newer is closed because of the older."""
    older, newer = stored_inquiry(), stored_inquiry()
    older.opened(ana)
    newer.same_request(older, ana)
    return stored(older), stored(newer)


def stored(inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def is_on_desk(inquiry) -> bool:
    return Inquiry.objects.open().needs_work(timezone.now()).filter(pk=inquiry.pk).exists()


def withdraw(older, _ana):
    older.withdraw()


def close(older, ana):
    older.close("not-now", "status-page", ana)


def close_as_same_person(older, ana):
    older.close("same-person", "status-page", ana, other=stored_inquiry(question="Another"))


def set_aside(older, ana):
    older.set_aside(ana)


def not_real(older, ana):
    Inquiry.objects.filter(pk=older.pk).update(set_aside_at=timezone.now(), due_at=None)
    older.not_real(ana)


def erase_by_age(older, _ana):
    Inquiry.objects.filter(pk=older.pk).update(closed_at=timezone.now() - timedelta(days=181), due_at=None)
    retention.purge(timezone.now())
    assert stored(older).erased_at


def say_it_is_another(older, ana):
    other = Inquiry.objects.exclude(pk=older.pk).get()
    older.not_same(other, ana)


def say_it_is_another_from_its_page(older, ana):
    other = Inquiry.objects.exclude(pk=older.pk).get()
    other.not_same(older, ana, version=other.version)
    assert not other.closed_at, "the instance holds what is stored"


ENDS = [withdraw, close, close_as_same_person, set_aside, not_real, erase_by_age, say_it_is_another,
        say_it_is_another_from_its_page]  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("outcome", ["repeat", "same-person"])
def test_however_the_work_on_the_older_ends_the_newer_is_due_again(ana, pair, end, outcome):
    older, newer = pair
    Inquiry.objects.filter(pk=newer.pk).update(outcome=outcome)
    assert not is_on_desk(newer)
    end(older, ana)
    newer = stored(newer)
    assert (newer.closed_at, newer.outcome, newer.told, newer.next_action) == (None, "", "", "first-contact")
    assert is_on_desk(newer) and newer.due_at <= timezone.now()
    assert newer.events.filter(verb="reopened").count() == 1


def test_the_timeline_tells_staff_why(ana, pair):
    older, newer = pair
    older.withdraw()
    [(_day, entries)] = timeline.timeline(stored(newer), timezone.now())
    assert (entries[0].what, entries[0].more) == ("Reopened", f"The work on {older.reference} ended.")


def test_the_older_of_two_of_one_person_comes_back_as_well(ana):
    first, second = stored_inquiry(), stored_inquiry(question="Another")
    for inquiry in (first, second):
        inquiry.opened(ana)
    first.close("same-person", "status-page", ana, other=second)
    stored(second).close("answered", "status-page", ana)
    assert is_on_desk(first)


def test_the_end_of_the_newer_leaves_the_older_as_it_is(ana, pair):
    older, newer = pair
    version = older.version
    newer.withdraw()
    assert (stored(older).version, older.events.filter(verb="reopened").count()) == (version, 0)


def test_what_only_belongs_together_and_was_closed_for_itself_stays_closed(ana):
    older, newer = stored_inquiry(), stored_inquiry(question="Another")
    newer.opened(ana)
    newer.link(older, ana)
    newer.close("answered", "status-page", ana)
    older.withdraw()
    assert stored(newer).closed_at


def test_of_three_none_is_lost_when_the_middle_one_is_said_to_be_the_first(ana):
    first, second, third = stored_inquiry(), stored_inquiry(), stored_inquiry()
    third.same_request(second, ana)
    stored(second).same_request(stored(first), ana)
    assert is_on_desk(third)
    stored(third).same_request(stored(first), ana)
    stored(first).withdraw()
    assert is_on_desk(second) and is_on_desk(third)


def test_the_end_of_a_newer_one_brings_back_no_older_repeat(ana):
    first, second, third = stored_inquiry(), stored_inquiry(), stored_inquiry()
    third.same_request(second, ana)
    stored(second).same_request(stored(first), ana)
    stored(third).withdraw()
    assert stored(second).closed_at and is_on_desk(first)


def test_new_words_stay_the_first_thing_to_answer(ana, pair):
    older, newer = pair
    newer.add_words("Mornings are better.")
    due_at = stored(newer).due_at
    older.withdraw()
    assert stored(newer).due_at == due_at and stored(newer).must_be_answered


def test_new_words_are_answered_before_their_inquiry_is_closed_because_of_another(ana):
    other, inquiry = stored_inquiry(question="Another"), stored_inquiry()
    inquiry.opened(ana)
    inquiry.add_words("Mornings are better.")
    with pytest.raises(InvalidTransition, match="Answer their new words first"):
        inquiry.close("same-person", "not-told", ana, note="Same.", other=other)
    assert is_on_desk(stored(inquiry))


@pytest.mark.parametrize("column", ["closed_at", "set_aside_at", "erased_at"])
def test_nothing_is_closed_because_of_one_that_ended(ana, column):
    other, inquiry = stored_inquiry(question="Another"), stored_inquiry()
    inquiry.opened(ana)
    Inquiry.objects.filter(pk=other.pk).update(**{column: timezone.now(), "due_at": None})
    with pytest.raises(InvalidTransition, match="must be open"):
        inquiry.close("same-person", "status-page", ana, other=other)
    assert not stored(inquiry).closed_at and not InquiryPair.objects.exists()


def test_what_comes_back_changes_nothing_that_its_sender_sees(ana, pair):
    older, newer = pair
    before = shown(newer)
    assert before[1]
    older.withdraw()
    assert shown(newer) == before


def shown(inquiry) -> tuple:
    inquiry = stored(inquiry)
    return status_progress.who_acts(inquiry), answer_by(inquiry), is_over(inquiry)


@pytest.mark.parametrize("action", ["wait", "assess", "contact-again"])
@pytest.mark.parametrize("end", ["same_request", "same_person"])
def test_who_acts_and_the_day_stay_whatever_was_planned(ana, action, end):
    older, newer = stored_inquiry(), stored_inquiry()
    newer.opened(ana)
    newer.set_next(action, timezone.now() + LATER, ana)
    before = shown(newer)
    assert bool(before[1]) == (action != "wait")
    if end == "same_request":
        newer.same_request(older, ana)
    else:
        newer.close("same-person", "status-page", ana, other=older)
    assert stored(newer).closed_at and shown(newer) == before
    older.withdraw()
    assert not stored(newer).closed_at and shown(newer) == before


def test_a_day_on_which_staff_stop_waiting_is_never_told(ana):
    older, newer = stored_inquiry(), stored_inquiry()
    told_first = stored(newer).first_due_at
    newer.set_next("wait", timezone.now() + LATER, ana)
    newer.same_request(older, ana)
    assert stored(newer).first_due_at == told_first


def test_what_a_release_before_stored_keeps_its_day(ana):
    older, newer = stored_inquiry(), stored_inquiry()
    Inquiry.objects.update(first_due_at=None)
    before = shown(newer)
    assert before[1]
    newer.same_request(older, ana)
    assert shown(newer) == before


def test_what_a_release_before_set_aside_shows_the_day_of_any_other():
    robots = stored_inquiry(screening_reasons="trap fast")
    before = shown(robots)
    assert robots.set_aside_at and before[1]
    Inquiry.objects.update(first_due_at=None)
    assert shown(robots) == before


@pytest.mark.parametrize("outcome", ["repeat", "same-person"])
def test_it_is_not_erased_by_its_age_while_the_other_is_open(pair, outcome):
    older, newer = pair
    half_a_year = timezone.now() + timedelta(days=181)
    Inquiry.objects.filter(pk=newer.pk).update(outcome=outcome)
    assert retention.purge(half_a_year) == 0
    InquiryPair.objects.update(is_linked=False)
    assert retention.purge(half_a_year) == 1
    assert stored(newer).erased_at and not stored(older).erased_at


def test_one_of_the_same_person_is_kept_while_a_later_one_is_open(ana):
    first, second = stored_inquiry(), stored_inquiry(question="Another")
    first.opened(ana)
    first.close("same-person", "status-page", ana, other=second)
    assert retention.purge(timezone.now() + timedelta(days=181)) == 0


def test_an_end_of_its_own_is_erased_by_its_age_whatever_it_is_linked_to(ana):
    first, second = stored_inquiry(), stored_inquiry(question="Another")
    second.opened(ana)
    second.link(first, ana)
    second.close("answered", "status-page", ana)
    assert retention.purge(timezone.now() + timedelta(days=181)) == 1


@pytest.mark.parametrize("place", [0, 1])
def test_two_colleagues_at_the_two_pages_lock_the_pair_in_one_order(ana, place):
    pair = stored_inquiry(), stored_inquiry()
    with CaptureQueriesContext(connection) as made:
        pair[place].same_request(pair[1 - place], ana)
    both = f"IN ({pair[place].pk}, {pair[1 - place].pk})"
    [lock] = [query["sql"] for query in made if both in query["sql"] and '"inquiries_inquiry"."uid"' in query["sql"]
              and "texts" not in query["sql"] and "inquirytext" not in query["sql"]]  # fmt: skip
    assert 'ORDER BY "inquiries_inquiry"."id" ASC' in lock
    assert ("FOR UPDATE" in lock) == connection.features.has_select_for_update

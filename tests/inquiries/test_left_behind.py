"""What is closed because another inquiry goes on is taken up when none does, whoever closed it and whenever."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from inquiries.desk import timeline
from inquiries.intake import status_progress
from inquiries.models import Event, Inquiry, InquiryPair, InvalidTransition
from inquiries.promises import answer_by, is_over
from inquiries.worker import left_behind
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OLD_END = {"closed_at": NOW, "told": "call", "due_at": None, "next_action": "", "first_due_at": None}


@pytest.fixture(params=["older", "newer"])
def left(request):
    """(left, other): closed as an earlier release did, because of the other, which ended without a word of it."""
    pair = stored_inquiry(), stored_inquiry(question="Another")
    InquiryPair.objects.create(first=pair[0], second=pair[1], is_linked=True)
    left, other = pair if request.param == "older" else reversed(pair)
    return old_end(left, "same-person"), old_end(other, "answered")


def old_end(inquiry, outcome, **columns) -> Inquiry:
    Inquiry.objects.filter(pk=inquiry.pk).update(**OLD_END | {"outcome": outcome} | columns)
    return stored(inquiry)


def stored(inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def is_on_desk(inquiry) -> bool:
    return Inquiry.objects.open().needs_work(timezone.now()).filter(pk=inquiry.pk).exists()


def shown(inquiry) -> tuple:
    inquiry = stored(inquiry)
    return status_progress.who_acts(inquiry), answer_by(inquiry), is_over(inquiry)


def test_it_is_on_the_list_again_with_its_event_and_its_sender_sees_no_change(left):
    inquiry, other = left
    before = shown(inquiry)
    assert before[0] == "Now: our team" and not is_on_desk(inquiry)
    assert left_behind.take_up(timezone.now()) == 1
    assert is_on_desk(inquiry) and shown(inquiry) == before and stored(other).closed_at
    row = stored(inquiry)
    assert (row.outcome, row.told, row.next_action) == ("", "", "first-contact")
    [(_day, entries)] = timeline.timeline(row, timezone.now())
    assert (entries[0].what, entries[0].who, entries[0].more) == (
        "Reopened", "", f"The work on {other.reference} ended.",
    )  # fmt: skip


@pytest.mark.parametrize("outcome", Inquiry.UNSEEN_ENDS)
@pytest.mark.parametrize("end", [
    {"closed_at": NOW, "due_at": None}, {"set_aside_at": NOW, "due_at": None},
    {"closed_at": NOW, "due_at": None, "erased_at": NOW}, {"closed_at": NOW, "due_at": NOW, "sender_wrote_at": NOW},
])  # fmt: skip
def test_however_the_other_ended(outcome, end):
    older, newer = stored_inquiry(), stored_inquiry()
    InquiryPair.objects.create(first=older, second=newer, is_linked=True)
    old_end(newer, outcome)
    assert left_behind.take_up(NOW) == 0 and not is_on_desk(newer)
    Inquiry.objects.filter(pk=older.pk).update(**end)
    assert left_behind.take_up(NOW) == 1 and is_on_desk(newer)


@pytest.mark.parametrize("outcome", Inquiry.UNSEEN_ENDS)
def test_also_when_an_earlier_process_said_that_they_are_not_the_same(outcome):
    older, newer = stored_inquiry(), stored_inquiry()
    InquiryPair.objects.create(first=older, second=newer, is_linked=False)
    old_end(newer, outcome)
    assert left_behind.take_up(NOW) == 1 and is_on_desk(newer)
    assert newer.events.filter(verb="reopened").get().detail == ""


def test_a_repeat_does_not_go_on_in_a_newer_one():
    older, newer = stored_inquiry(), stored_inquiry()
    InquiryPair.objects.create(first=older, second=newer, is_linked=True)
    old_end(older, "repeat")
    assert left_behind.take_up(NOW) == 1 and is_on_desk(older)


def test_held_ones_and_new_words_come_back_and_stay_what_they_are(left):
    inquiry, _other = left
    Inquiry.objects.filter(pk=inquiry.pk).update(held_at=NOW)
    inquiry.add_words("Mornings are better.")
    due_at = stored(inquiry).due_at
    assert left_behind.take_up(timezone.now()) == 1
    row = stored(inquiry)
    assert (row.due_at, row.held_at, row.closed_at) == (due_at, NOW, None) and row.sender_wrote_at


@pytest.mark.parametrize("columns", [
    {"outcome": outcome} for outcome in Inquiry.Outcome.values if outcome not in Inquiry.UNSEEN_ENDS
] + [{"erased_at": NOW}, {"withdrawn_at": NOW}])  # fmt: skip
def test_what_its_sender_saw_end_and_what_is_gone_stays_closed(columns):
    inquiry = old_end(stored_inquiry(), columns.get("outcome", "same-person"))
    Inquiry.objects.filter(pk=inquiry.pk).update(**columns)
    before = Inquiry.objects.values().get(pk=inquiry.pk)
    assert left_behind.take_up(NOW) == 0
    assert Inquiry.objects.values().get(pk=inquiry.pk) == before


def test_a_second_time_nothing_is_left_to_do(left):
    inquiry, _other = left
    assert [left_behind.take_up(NOW) for _time in range(3)] == [1, 0, 0]
    assert inquiry.events.filter(verb="reopened").count() == 1


def test_who_is_second_changes_nothing(left):
    inquiry, _other = left
    stored(inquiry).reopen(staff_user(), "assess", NOW + timedelta(days=1))
    before = stored(inquiry).version
    with pytest.raises(InvalidTransition, match="took this up already"):
        inquiry.take_up_as_left(NOW)
    assert stored(inquiry).version == before and inquiry.events.filter(verb="reopened").count() == 1


def test_two_who_list_the_same_take_each_up_once(left, monkeypatch):
    """The other process is done between the list of this one and its deed."""
    listed, calls = left_behind.left_behind, []

    def listed_then_taken_up():
        calls.append(1)
        if len(calls) == 2:
            assert left_behind._take_up_one(left[0].pk, NOW)
        return listed()

    monkeypatch.setattr(left_behind, "left_behind", listed_then_taken_up)
    assert left_behind.take_up(NOW) == 0
    assert left[0].events.filter(verb="reopened").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_each_up_once():
    inquiries = [old_end(stored_inquiry(), "same-person") for _number in range(12)]
    barrier, taken_up = Barrier(2), []

    def work():
        barrier.wait(30)
        try:
            taken_up.append(left_behind.take_up(NOW))
        finally:
            connection.close()

    workers = [Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(taken_up) == 2 and sum(taken_up) == len(inquiries)
    assert Event.objects.filter(verb="reopened").count() == len(inquiries)


def test_many_are_taken_up_a_bounded_number_at_a_time(monkeypatch):
    monkeypatch.setattr(left_behind, "MOST", 2)
    for _number in range(5):
        old_end(stored_inquiry(), "same-person")
    assert [left_behind.take_up(NOW) for _time in range(4)] == [2, 2, 1, 0]


def test_it_is_found_by_an_index_and_not_among_all_that_was_closed():
    inquiries = [stored_inquiry() for _number in range(20)]
    Inquiry.objects.filter(pk__in=[one.pk for one in inquiries]).update(**OLD_END, outcome="answered")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table this small is read whole
            cursor.execute("ANALYZE inquiries_inquiry")
    assert "inquiries_inquiry_outcome" in left_behind.left_behind().values_list("pk", flat=True)[:200].explain()


def test_every_verb_that_ends_the_work_leaves_nothing_to_take_up():
    ana = staff_user()
    older, newer = stored_inquiry(), stored_inquiry()
    older.opened(ana)
    newer.same_request(older, ana)
    assert left_behind.take_up(NOW) == 0
    stored(older).close("answered", "status-page", ana)
    assert is_on_desk(newer) and left_behind.take_up(NOW) == 0

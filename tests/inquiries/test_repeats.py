"""The same answers under another key within a day are one inquiry, and its private code stays with the first sender."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from inquiries.models import Event, Inquiry, OutboxNotice, RecentAnswers, recent
from inquiries.receipts import SubmissionKey
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, reference_in, send

pytestmark = pytest.mark.django_db
PARALLEL = 8
LONG_QUESTION = "Do you have a group in the evening, and how long does it take?"


@pytest.fixture(autouse=True)
def a_day_of_memory(monkeypatch, no_haste_and_no_memory):
    monkeypatch.setattr(recent, "REPEAT_WITHIN", timedelta(days=1))


def test_the_second_sender_sees_the_same_reference_and_is_told_so(client):
    first, second = send(client), send(client)
    assert reference_in(first) == reference_in(second) == Inquiry.objects.get().reference
    assert "We got your request" in Page(first).texts_of("h1")
    assert Page(second).texts_of("h1") == ["We already have this request"]
    assert Page(send(client, "me", "es")).texts_of("h1") == ["Ya tenemos esta solicitud"]


def test_only_another_key_makes_a_repeat():
    key = SubmissionKey.new()
    assert [stored_inquiry(key).is_repeat, stored_inquiry(key).is_repeat, stored_inquiry().is_repeat] == [
        False,
        False,
        True,
    ]


def test_a_repeat_is_one_event_for_each_key_and_tells_staff_nothing_new():
    staff_user("inquiries.view_inquiry")
    inquiry, key = stored_inquiry(), SubmissionKey.new()
    for repeat_key in (key, key, SubmissionKey.new()):
        stored_inquiry(repeat_key)
    assert [event.verb for event in inquiry.events.order_by("id")] == ["received", "repeated", "repeated"]
    assert OutboxNotice.objects.count() == 1


def test_who_repeats_cannot_amend_the_first_senders_inquiry():
    inquiry, key = stored_inquiry(), SubmissionKey.new()
    stored_inquiry(key)
    other = stored_inquiry(key, question="Changed?")
    assert other.pk != inquiry.pk and not other.is_repeat
    assert not inquiry.texts.exists()


def test_other_answers_are_another_inquiry():
    for change in ({}, {"name": "Rosa Peñas"}, {"phone": "+16265550143"}, {"question": ""}, {"way": "question"}):
        assert not stored_inquiry(**change).is_repeat
    assert Inquiry.objects.count() == 5


def test_after_a_day_the_same_answers_are_asked_anew():
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        stored_inquiry()
    with time_machine.travel(now + timedelta(hours=23, minutes=59), tick=False):
        assert stored_inquiry().is_repeat
    with time_machine.travel(now + timedelta(hours=24), tick=False):
        assert not stored_inquiry().is_repeat


@pytest.mark.parametrize("column", ["withdrawn_at", "erased_at", "closed_at"])
def test_what_is_over_is_asked_anew(column):
    first = stored_inquiry()
    Inquiry.objects.filter(pk=first.pk).update(**{column: timezone.now()})
    again = stored_inquiry()
    assert again.pk != first.pk and not again.is_repeat


def test_what_was_changed_is_repeated_by_its_latest_answers_only():
    key = SubmissionKey.new()
    stored_inquiry(key)
    stored_inquiry(key, question="Changed?")
    assert stored_inquiry(question="Changed?").is_repeat
    assert not stored_inquiry().is_repeat


def test_changing_to_what_another_sent_is_an_amendment():
    key = SubmissionKey.new()
    stored_inquiry(question="Changed?")
    mine = stored_inquiry(key)
    assert stored_inquiry(key, question="Changed?") == mine
    assert mine.texts.count() == 1


def test_the_hashes_go_after_a_day():
    stored_inquiry()
    RecentAnswers.objects.forget(timezone.now())
    assert RecentAnswers.objects.count() == 1
    RecentAnswers.objects.forget(timezone.now() + timedelta(days=1))
    assert not RecentAnswers.objects.exists()


@pytest.mark.parametrize(
    ("question", "is_copy"),
    [(LONG_QUESTION, True), (LONG_QUESTION.upper() + " ", True), (LONG_QUESTION + " Now?", False), ("Why?", False)],
)
def test_the_same_long_question_in_another_name_is_doubted(client, question, is_copy):
    send(client, question=LONG_QUESTION)
    send(client, question="Why?", name="Second")
    send(client, question=question, name="Third")
    assert Inquiry.objects.order_by("-id")[0].screening_reasons == ("copy" if is_copy else "")


@pytest.mark.django_db(transaction=True)
def test_the_same_answers_sent_at_once_under_other_keys_are_one_inquiry():
    staff_user("inquiries.view_inquiry")
    start, answers = Barrier(PARALLEL), []

    def send_at_once():
        start.wait()
        answers.append(send(Client(), token=SubmissionKey.new().token()))
        connections.close_all()

    threads = [Thread(target=send_at_once) for _ in range(PARALLEL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [200] * PARALLEL
    assert {reference_in(answer) for answer in answers} == {Inquiry.objects.get().reference}
    assert sorted(Page(answer).texts_of("h1")[0] for answer in answers) == [
        *["We already have this request"] * (PARALLEL - 1),
        "We got your request",
    ]
    assert OutboxNotice.objects.count() == 1
    assert Event.objects.filter(verb="repeated").count() == PARALLEL - 1

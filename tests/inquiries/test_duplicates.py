"""The same answers under another key are a request of their own: nothing its sender meets tells of the older one.

Who knows a first name and a phone number could else ask whether somebody asked.
"""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, Inquiry, OutboxNotice, RecentAnswers, resubmissions
from inquiries.worker import mailer
from programs.models import SiteProfile
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, post, reference_in, send, without_receipt
from tests.inquiries.status_pages import open_with, press

pytestmark = pytest.mark.django_db
PARALLEL = 8
LONG_QUESTION = "Do you have a group in the evening, and how long does it take?"
BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com"}
CODE = re.compile(r"(?:\d{4} ){3}\d{4}")


@pytest.fixture(autouse=True)
def a_day_of_memory(monkeypatch, no_haste_and_no_memory):
    monkeypatch.setattr(resubmissions, "REMEMBERED", timedelta(days=1))


def statements(ask) -> tuple:
    """Return what ``ask`` answers, and the kind and table of each statement it made, but for the look at the version of
    the guide once a second."""
    with CaptureQueriesContext(connection) as made:
        answer = ask()
    kinds = [re.match(r"(\w+)(?:[^\"]*\"(inquiries_\w+|programs_\w+))?", query["sql"]).groups() for query in made]
    return answer, [kind for kind in kinds if kind != ("SELECT", "programs_contentversion")]


def same_request():
    """Return two requests that say the same, the newer closed by staff as the same, and the code of the newer."""
    key, actor = SubmissionKey.new(), staff_user()
    older, newer = stored_inquiry(), stored_inquiry(key)
    newer.opened(actor)
    newer.same_request(older, actor)
    return older, newer, key.code


def test_the_second_sender_gets_a_reference_and_a_code_of_their_own(client):
    first, second = send(client), send(client)
    assert reference_in(first) != reference_in(second)
    assert CODE.search(Page(first).text)[0] != CODE.search(Page(second).text)[0]
    assert without_receipt(first) == without_receipt(second)
    assert Page(second).texts_of("h1") == ["We got your request"]


def test_the_same_key_still_gets_the_same_answer(client):
    token = SubmissionKey.new().token()
    send(client)
    first, second = send(client, token=token), send(client, token=token)
    assert first.content == second.content and Inquiry.objects.count() == 2


@pytest.mark.parametrize("question", ["Is it at night?", LONG_QUESTION])
def test_a_send_makes_the_same_statements_whether_a_copy_exists_or_not(client, question):
    send(client, name="Somebody else")  # the first form of an hour begins a count
    alone, without_copy = statements(lambda: send(client, question=question))
    beside, with_copy = statements(lambda: send(client, question=question))
    assert without_copy == with_copy
    assert without_receipt(alone) == without_receipt(beside)


def test_a_check_makes_the_same_statements_whether_a_copy_exists_or_not(client):
    post(client, "check")  # the frame of the page is remembered from here on
    _page, without_copy = statements(lambda: post(client, "check"))
    send(client)
    assert statements(lambda: post(client, "check"))[1] == without_copy


def test_each_of_two_that_say_the_same_gets_its_mails(settings):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry")
    stored_inquiry(**BY_EMAIL), stored_inquiry(**BY_EMAIL)
    assert mailer.deliver_due() == 4
    assert [message.to for message in mail.outbox].count(["rosa@example.com"]) == 2


def test_the_copy_is_a_flag_for_staff_and_weighs_nothing():
    """A receipt that is kept back, because the other reason and this one set it aside, would tell of the other."""
    stored_inquiry(question=LONG_QUESTION)
    for reasons in ("trap copy", "fast copy", "many copy", "links copy"):
        assert stored_inquiry(screening_reasons=reasons).set_aside_at is None


def test_words_and_withdrawal_reach_the_request_they_were_sent_to():
    key = SubmissionKey.new()
    older, newer = stored_inquiry(), stored_inquiry(key)
    assert stored_inquiry(key, question="Changed?") == newer
    newer.withdraw()
    older.refresh_from_db()
    assert (older.erased_at, older.texts.count(), older.question) == (None, 0, "Is there an evening group?")


class TestSameRequest:
    """After staff said that both are one request, the sender of the newer one sees what anybody would see."""

    def test_the_status_page_and_its_statements_stay_as_they_were(self, client):
        key = SubmissionKey.new()
        older, newer = stored_inquiry(), stored_inquiry(key)
        open_with(client, key.code)
        before, made_before = statements(lambda: open_with(client, key.code))
        newer.same_request(older, staff_user())
        after, made_after = statements(lambda: open_with(client, key.code))
        assert made_before == made_after
        assert Page(before).text == Page(after).text
        assert "Now: our team" in Page(after).text and "closed" not in Page(after).text
        assert older.reference not in after.content.decode()

    def test_the_day_it_was_promised_for_stays_as_well(self, client, guide):
        SiteProfile.objects.update(response_time_en="Within one business day", response_time_es="En un día hábil")
        key = SubmissionKey.new()
        older, newer = stored_inquiry(), stored_inquiry(key)
        before = Page(open_with(client, key.code)).text
        assert re.search(r"Now: our team, by \w+day, ", before)
        newer.same_request(older, staff_user())
        assert Page(open_with(client, key.code)).text == before

    def test_nobody_is_mailed(self, settings):
        settings.HAS_MAIL_SERVER = True
        staff_user("inquiries.view_inquiry")
        older, newer = stored_inquiry(**BY_EMAIL), stored_inquiry(**BY_EMAIL)
        OutboxNotice.objects.all().delete()
        newer.same_request(older, staff_user())
        assert not OutboxNotice.objects.exists()

    def test_a_receipt_that_is_still_owed_goes_out(self, settings):
        settings.HAS_MAIL_SERVER = True
        older, newer = stored_inquiry(**BY_EMAIL), stored_inquiry(**BY_EMAIL)
        newer.same_request(older, staff_user())
        assert mailer.deliver_due() == 2 and len(mail.outbox) == 2

    def test_words_that_are_added_come_to_staff(self, client):
        _older, newer, code = same_request()
        response = press(client, open_with(client, code), "add", words="Mornings are better.")
        assert "We have what you wrote." in Page(response).text
        newer.refresh_from_db()
        assert newer.sender_wrote_at and newer.due_at and newer.closed_at
        assert newer in Inquiry.objects.needs_work(timezone.now())

    def test_answers_that_are_sent_again_come_to_staff(self):
        key = SubmissionKey.new()
        older, newer = stored_inquiry(), stored_inquiry(key)
        newer.same_request(older, staff_user())
        stored_inquiry(key, question="Changed?")
        assert newer in Inquiry.objects.needs_work(timezone.now())

    def test_taking_it_back_erases_it_and_leaves_the_older_one_alone(self, client):
        older, newer, code = same_request()
        press(client, press(client, open_with(client, code), "ask"), "withdraw")
        for inquiry in (older, newer):
            inquiry.refresh_from_db()
        assert newer.erased_at and newer.withdrawn_at and not newer.name
        assert older.name and older.due_at and not older.closed_at

    def test_it_can_be_reopened(self):
        _older, newer, _code = same_request()
        newer.reopen(staff_user(), "contact-again", timezone.now() + timedelta(days=1))
        assert newer.due_at and not newer.closed_at and not newer.outcome


@pytest.mark.parametrize("outcome", ["same-person", "not-now"])
def test_an_end_because_of_another_inquiry_is_never_shown(client, outcome):
    key, actor = SubmissionKey.new(), staff_user()
    older, newer = stored_inquiry(question="Another"), stored_inquiry(key)
    newer.opened(actor)
    newer.close(outcome, "not-told", actor, note="why", other=older if outcome == "same-person" else None)
    assert ("closed" in Page(open_with(client, key.code)).text) == (outcome == "not-now")


def test_the_hashes_go_after_a_day_and_do_not_tell_whether_a_question_was_long():
    stored_inquiry(question="Why?")
    stored_inquiry(question="Why?")
    stored_inquiry(question=LONG_QUESTION)
    RecentAnswers.objects.forget(timezone.now())
    digests = set(RecentAnswers.objects.values_list("question_digest", flat=True))
    assert len(digests) == 3 and {len(digest) for digest in digests} == {64}
    assert not RecentAnswers.objects.has_copy_of("Why?", "another")
    RecentAnswers.objects.forget(timezone.now() + timedelta(days=1))
    assert not RecentAnswers.objects.exists()


def test_a_question_that_was_changed_is_remembered_as_it_was_sent_last():
    key = SubmissionKey.new()
    stored_inquiry(key, question=LONG_QUESTION)
    stored_inquiry(key, question=LONG_QUESTION + " And when?")
    assert not RecentAnswers.objects.has_copy_of(LONG_QUESTION, "another")
    assert RecentAnswers.objects.has_copy_of(LONG_QUESTION + " And when?", "another")


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
def test_the_same_answers_sent_at_once_under_other_keys_are_as_many_requests():
    staff_user("inquiries.view_inquiry")
    start, answers = Barrier(PARALLEL), []

    def send_at_once():
        start.wait()
        answers.append(send(Client(), question=LONG_QUESTION, token=SubmissionKey.new().token()))
        connections.close_all()

    threads = [Thread(target=send_at_once) for _ in range(PARALLEL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [200] * PARALLEL
    assert len({reference_in(answer) for answer in answers}) == PARALLEL
    assert Inquiry.objects.count() == OutboxNotice.objects.count() == PARALLEL
    assert not Event.objects.filter(verb="repeated").exists()

"""Messages to the sender, words added by the sender, and taking back: once each, and never on an erased inquiry."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, IndexToken, Inquiry, InquiryText, InvalidTransition, OutboxNotice
from inquiries.models.conversation import Kept
from tests.factories import staff_user, stored_inquiry, unsent_inquiry

pytestmark = pytest.mark.django_db

BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com"}
Kind, Verb = InquiryText.Kind, Event.Verb


def kinds_of_notices(inquiry):
    return sorted(inquiry.notices.values_list("kind", flat=True))


def test_a_message_is_kept_with_its_writer_and_answers_what_the_sender_wrote():
    inquiry, user = stored_inquiry(), staff_user()
    inquiry.add_words("Mornings are better.")
    inquiry.write_message("We will call on Monday.", user)
    event = inquiry.events.get(verb=Verb.MESSAGED)
    assert (event.actor, event.text.body, event.text.kind) == (user, "We will call on Monday.", Kind.MESSAGE)
    assert inquiry.sender_wrote_at is None and inquiry.due_at


def test_a_message_is_announced_only_to_who_chose_email():
    for answers, kinds in [({}, []), (BY_EMAIL, [OutboxNotice.Kind.SENDER_MESSAGE])]:
        inquiry = stored_inquiry(**answers)
        inquiry.notices.all().delete()
        inquiry.write_message("We will call on Monday.", staff_user())
        assert kinds_of_notices(inquiry) == kinds


def test_added_words_make_the_inquiry_due_now_and_staff_are_told():
    staff_user("inquiries.view_inquiry")
    inquiry, now = stored_inquiry(), timezone.now()
    assert inquiry.due_at > now
    assert inquiry.add_words("Mornings are better.", now)
    stored = Inquiry.objects.get(pk=inquiry.pk)
    assert stored.sender_wrote_at == stored.due_at == now
    assert stored.texts.get().body == "Mornings are better."
    assert OutboxNotice.Kind.STAFF_ADDED in kinds_of_notices(stored)


def test_an_overdue_inquiry_stays_overdue_since_then():
    inquiry, earlier = stored_inquiry(), timezone.now() - timedelta(days=3)
    Inquiry.objects.update(due_at=earlier)
    inquiry.add_words("Mornings are better.")
    assert Inquiry.objects.get().due_at == earlier


def test_words_added_to_a_closed_inquiry_are_seen_and_reopen_nothing():
    inquiry = stored_inquiry()
    Inquiry.objects.update(closed_at=timezone.now(), due_at=None, outcome=Inquiry.Outcome.NOT_NOW)
    assert inquiry.add_words("I changed my mind.")
    inquiry.refresh_from_db()
    assert inquiry.closed_at and inquiry.sender_wrote_at and inquiry.due_at
    inquiry.write_message("We will call you.", staff_user())
    assert (inquiry.sender_wrote_at, inquiry.due_at) == (None, None)


def test_the_same_page_adds_its_words_once():
    inquiry = stored_inquiry()
    sent = [("a", "Mornings"), ("a", "Mornings"), ("a", "Evenings"), ("b", "Mornings")]
    assert [inquiry.add_words(words, once=once) for once, words in sent] == [Kept.NOW, Kept.BEFORE, Kept.NOW, Kept.NOW]
    assert [text.body for text in inquiry.texts.all()] == ["Mornings", "Evenings", "Mornings"]
    assert inquiry.events.filter(verb=Verb.ADDED).count() == 3


def test_taking_back_empties_everything_and_leaves_a_trace_without_words():
    staff_user("inquiries.view_inquiry")
    inquiry = stored_inquiry(**BY_EMAIL)
    inquiry.add_words("Mornings are better.")
    inquiry.hold("A complaint is open.", staff_user())
    assert inquiry.withdraw()
    shell = Inquiry.objects.get()
    assert [name for name in Inquiry.PERSONAL_FIELDS if getattr(shell, name)] == []
    assert shell.answers_digest == ""
    assert shell.withdrawn_at and shell.erased_at and shell.closed_at
    assert (shell.outcome, shell.due_at, shell.sender_wrote_at) == (Inquiry.Outcome.WITHDRAWN, None, None)
    assert not InquiryText.objects.exists() and not IndexToken.objects.exists()
    assert not shell.recent_answers.exists()
    assert kinds_of_notices(shell) == [OutboxNotice.Kind.STAFF_WITHDRAWN]
    assert set(shell.events.values_list("verb", flat=True)) == {Verb.RECEIVED, Verb.ADDED, Verb.HELD, Verb.WITHDRAWN}


def test_what_was_taken_back_cannot_be_changed_any_more():
    inquiry, user = stored_inquiry(), staff_user()
    stale = Inquiry.objects.get()
    inquiry.withdraw()
    events = Event.objects.count()
    assert not stale.withdraw()
    assert not stale.add_words("Mornings are better.")
    with pytest.raises(InvalidTransition, match="was erased"):
        stale.write_message("We will call on Monday.", user)
    with pytest.raises(InvalidTransition, match="was erased"):
        stale.hold("A complaint is open.", user)
    assert not stale.erase(Verb.ERASED, user)
    assert Event.objects.count() == events and not InquiryText.objects.exists()


def test_how_it_ended_stays_when_a_closed_inquiry_is_taken_back():
    inquiry, closed_at = stored_inquiry(), timezone.now() - timedelta(days=3)
    Inquiry.objects.update(closed_at=closed_at, outcome=Inquiry.Outcome.STARTED)
    inquiry.withdraw()
    assert (inquiry.closed_at, inquiry.outcome) == (closed_at, Inquiry.Outcome.STARTED)


def test_the_form_of_a_request_taken_back_stores_nothing_when_it_is_sent_again():
    key = SubmissionKey.new()
    stored_inquiry(key).withdraw()
    for answers in ({}, {"name": "Another Name"}):
        assert unsent_inquiry(**answers).submit(key).erased_at
    shell = Inquiry.objects.get()
    assert shell.name == "" and not InquiryText.objects.exists() and not IndexToken.objects.exists()


def test_a_new_form_after_taking_back_is_a_new_request():
    stored_inquiry().withdraw()
    assert not stored_inquiry().erased_at
    assert Inquiry.objects.count() == 2


def test_a_hold_and_its_end_are_in_the_timeline():
    inquiry, user = stored_inquiry(), staff_user()
    inquiry.hold("A complaint is open.", user)
    assert inquiry.held_at
    with pytest.raises(InvalidTransition, match="did this already"):
        inquiry.hold("Twice", user)
    inquiry.release(user)
    assert inquiry.held_at is None
    with pytest.raises(InvalidTransition, match="did this already"):
        inquiry.release(user)
    assert inquiry.events.get(verb=Verb.HELD).text.body == "A complaint is open."
    assert inquiry.events.get(verb=Verb.RELEASED).actor == user


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_add_once_and_take_back_once():
    inquiry = stored_inquiry()
    for action in (lambda one: one.add_words("Mornings", once="a"), lambda one: one.withdraw()):
        _at_once(8, lambda action=action: action(Inquiry.objects.get(pk=inquiry.pk)))
    verbs = list(inquiry.events.values_list("verb", flat=True))
    assert (verbs.count(Verb.ADDED), verbs.count(Verb.WITHDRAWN)) == (1, 1)
    assert not InquiryText.objects.exists()


def _at_once(count, action):
    def run():
        try:
            action()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

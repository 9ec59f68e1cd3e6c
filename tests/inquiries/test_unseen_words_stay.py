"""New words of the sender that come between a member of staff's look and what they do are taken off no list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inquiries.desk import actions
from inquiries.models import Inquiry, InvalidTransition, StaleVersion
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
RIGHTS = "inquiries.view_inquiry", "inquiries.change_inquiry"
DANGER = "I want to die"
NOW = timezone.now()
LATER = NOW + timedelta(days=7)
PLAN = {"next_action": "contact-again", "due_at": LATER}
OPEN = {"opened_at": NOW}
CLOSED = {"opened_at": NOW, "closed_at": NOW, "due_at": None, "outcome": "answered", "told": "call"}
ASIDE = {"opened_at": NOW, "set_aside_at": NOW, "due_at": None}
EARLIER = {"sender_wrote_at": NOW, "due_at": NOW}

# verb, state that it is done in, and what it does
VERBS = [
    ("message", OPEN, lambda i, ana, other, **at: i.write_message("Hello", ana, **at)),
    ("message", CLOSED, lambda i, ana, other, **at: i.write_message("Hello", ana, **at)),
    ("answered", CLOSED | EARLIER, lambda i, ana, other, **at: i.mark_answered(ana, **at)),
    ("answered", OPEN | EARLIER, lambda i, ana, other, **at: i.mark_answered(ana, **at)),
    ("close", OPEN, lambda i, ana, other, **at: i.close("answered", "status-page", ana, **at)),
    ("same person", OPEN, lambda i, ana, other, **at: i.close("same-person", "status-page", ana, other=other, **at)),
    ("set aside", OPEN, lambda i, ana, other, **at: i.set_aside(ana, **at)),
    ("not real", ASIDE, lambda i, ana, other, **at: i.not_real(ana, **at)),
    ("same request", OPEN, lambda i, ana, other, **at: i.same_request(other, ana, **at)),
    ("next", OPEN, lambda i, ana, other, **at: i.set_next(*PLAN.values(), ana, **at)),
    ("try", OPEN, lambda i, ana, other, **at: i.log_try("spoke", ana, **PLAN, **at)),
    ("move on", OPEN, lambda i, ana, other, **at: i.move_on(ana, **PLAN, **at)),
    ("reopen", CLOSED, lambda i, ana, other, **at: i.reopen(ana, *PLAN.values(), **at)),
    ("bring back", ASIDE, lambda i, ana, other, **at: i.bring_back(ana, **at)),
]


def add_words(pk):
    Inquiry.objects.get(pk=pk).add_words(DANGER)


def send_again(pk):
    row = Inquiry.objects.get(pk=pk)
    row.amend(
        Inquiry(way="me", name="Rosa", contact_way="call", phone="+16265550199", question=DANGER, answers_digest="x")
    )


@pytest.mark.parametrize("with_version", [True, False])
@pytest.mark.parametrize("write", [add_words, send_again])
@pytest.mark.parametrize(
    ("name", "state", "verb"), VERBS, ids=[f"{name} {number}" for number, (name, *_) in enumerate(VERBS)]
)
def test_they_wait_for_an_answer(name, state, verb, write, with_version):
    """They come after the inquiry was read and its page was checked."""
    ana, other, inquiry = staff_user(*RIGHTS), stored_inquiry(), stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(**state)
    seen = Inquiry.objects.prefetch_related("texts").get(pk=inquiry.pk)
    at = {"version": seen.version} if with_version else {}
    write(inquiry.pk)
    with pytest.raises((StaleVersion, InvalidTransition)):
        verb(seen, ana, other, **at)
    stored = Inquiry.objects.get(pk=inquiry.pk)
    assert stored.sender_wrote_at and stored.due_at <= timezone.now()
    assert stored in Inquiry.objects.needs_work(timezone.now())
    assert not stored.events.filter(verb="messaged").exists()


def test_the_words_of_a_message_that_was_overtaken_are_shown_again(client, monkeypatch):
    ana, inquiry = staff_user(*RIGHTS), stored_inquiry()
    Inquiry.objects.update(**CLOSED)
    client.force_login(ana)
    call = actions.Verb.call

    def overtaken(verb, *what):
        add_words(inquiry.pk)
        return call(verb, *what)

    monkeypatch.setattr(actions.Verb, "call", overtaken)
    path = f"/admin/inquiries/inquiry/{inquiry.pk}/message/"
    page = client.post(path, {"version": inquiry.version, "body": "Hello, how are you?"})
    assert page.status_code == 409 and "Hello, how are you?" in page.content.decode()
    assert "Nothing was saved." in page.content.decode()
    assert DANGER in page.content.decode()  # it is read before Send is pressed again
    assert Inquiry.objects.get().sender_wrote_at and Inquiry.objects.get().due_at


@pytest.mark.parametrize("verb", ["message", "close", "answered", "set-aside", "try", "next"])
def test_new_words_are_shown_where_they_would_be_taken_off(client, verb):
    """They may have come since the page of the case was read."""
    inquiry = stored_inquiry()
    client.force_login(staff_user(*RIGHTS))
    path = f"/admin/inquiries/inquiry/{inquiry.pk}/{verb}/"
    assert "evening group" not in client.get(path).content.decode()
    inquiry.add_words("The dog is outside.")
    assert "The dog is outside." in client.get(path).content.decode()


PLANNING = {
    "next": lambda i, ana: i.set_next(*PLAN.values(), ana),
    "try": lambda i, ana: i.log_try("no-answer", ana, **PLAN),
    "move on": lambda i, ana: i.move_on(ana, **PLAN),
}


@pytest.mark.parametrize("plan", PLANNING.values(), ids=PLANNING)
def test_words_of_danger_that_nobody_read_are_not_planned_for_later(plan):
    ana, inquiry = staff_user(*RIGHTS), stored_inquiry(question=DANGER)
    due_at = inquiry.due_at
    with pytest.raises(InvalidTransition, match="Open it first"):
        plan(inquiry, ana)
    assert Inquiry.objects.get().due_at == due_at
    inquiry.opened(ana)
    plan(inquiry, ana)
    assert Inquiry.objects.get().due_at == LATER


@pytest.mark.parametrize("plan", PLANNING.values(), ids=PLANNING)
def test_plain_words_are_planned_from_the_list(plan):
    plan(stored_inquiry(), staff_user(*RIGHTS))
    assert Inquiry.objects.get().due_at == LATER


def test_a_try_that_plans_nothing_is_logged_unread():
    inquiry = stored_inquiry(question=DANGER)
    due_at = inquiry.due_at
    inquiry.log_try("no-answer", staff_user(*RIGHTS), next_action="", due_at=None)
    assert Inquiry.objects.get().due_at == due_at

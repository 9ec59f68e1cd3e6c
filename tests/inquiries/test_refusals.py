"""What a verb that refuses says is true of the inquiry: every verb, in every state."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inquiries.desk import actions, bulk_actions
from inquiries.desk.actions import BY_NAME
from inquiries.models import Inquiry, InvalidTransition, LastChange
from inquiries.models.transitions import NEEDS
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
NOW = timezone.now()
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
PLAN = {"next_action": "contact-again", "due_at": NOW + timedelta(days=2)}
CLOSED = {"closed_at": NOW, "due_at": None, "outcome": "answered", "told": "call", "opened_at": NOW}
STATES = {
    "open": {},
    "open, read": {"opened_at": NOW},
    "last step": {"stage": "started", "opened_at": NOW},
    "step 4": {"stage": "paperwork", "opened_at": NOW},
    "step 4, one tick": {"stage": "paperwork", "opened_at": NOW, "referral_settled_at": NOW},
    "held": {"held_at": NOW},
    "just taken": {"opened_at": NOW},
    "just closed": CLOSED,
    "taken, and changed since": {"opened_at": NOW},
    "tried": {"tries": 1, "first_tried_at": NOW, "opened_at": NOW},
    "in hand": {"claimed_at": NOW, "opened_at": NOW},
    "closed": CLOSED,
    "closed for another": CLOSED | {"outcome": "repeat", "held_at": NOW},
    "closed, last step": CLOSED | {"stage": "started"},
    "closed, step 4": CLOSED | {"stage": "paperwork"},
    "closed, new words": CLOSED | {"due_at": NOW, "sender_wrote_at": NOW},
    "aside": {"set_aside_at": NOW, "due_at": None},
    "aside, new words": {"set_aside_at": NOW, "due_at": NOW, "sender_wrote_at": NOW},
    "aside, read": {"set_aside_at": NOW, "due_at": None, "opened_at": NOW},
    "erased": CLOSED | {"erased_at": NOW},
    "erased, aside": CLOSED | {"erased_at": NOW, "set_aside_at": NOW},
}
LAST_CHANGES = {"just taken": 1, "just closed": 1, "taken, and changed since": 2}  # to which version they led
VERBS = {
    "take": lambda i, ana, other: i.take(ana),
    "hand_over": lambda i, ana, other: i.hand_over(ana, ana),
    "hand_over to nobody": lambda i, ana, other: i.hand_over(None, ana),
    "claim": lambda i, ana, other: i.claim("call", ana),
    "let_go": lambda i, ana, other: i.let_go(ana),
    "log_try": lambda i, ana, other: i.log_try("spoke", ana, **PLAN),
    "note": lambda i, ana, other: i.note("words", ana),
    "correct": lambda i, ana, other: i.correct({"name": "Rosalía"}, "She said so.", ana),
    "set_next": lambda i, ana, other: i.set_next("assess", PLAN["due_at"], ana),
    "move_on": lambda i, ana, other: i.move_on(ana, **PLAN),
    "settle_referral": lambda i, ana, other: i.settle_referral(ana),
    "settle_insurance": lambda i, ana, other: i.settle_insurance(ana),
    "mark_answered": lambda i, ana, other: i.mark_answered(ana),
    "close": lambda i, ana, other: i.close("answered", "call", ana),
    "close as same person": lambda i, ana, other: i.close("same-person", "call", ana, other=other),
    "reopen": lambda i, ana, other: i.reopen(ana, "assess", PLAN["due_at"]),
    "set_aside": lambda i, ana, other: i.set_aside(ana),
    "bring_back": lambda i, ana, other: i.bring_back(ana),
    "not_real": lambda i, ana, other: i.not_real(ana),
    "give_new_code": lambda i, ana, other: i.give_new_code(ana),
    "take_back": lambda i, ana, other: i.take_back(ana),
    "undo": lambda i, ana, other: i.undo(ana),
    "link": lambda i, ana, other: i.link(other, ana),
    "not_same": lambda i, ana, other: i.not_same(other, ana),
}


def is_aside(row):
    return bool(row.set_aside_at) and not row.closed_at


# What each sentence says of the row, so that it can be held against the row.
TRUE_IF = {
    "This inquiry was erased.": lambda row: row.erased_at,
    "This inquiry is closed or set aside. Nothing was changed.": lambda row: row.closed_at or row.set_aside_at,
    "This inquiry is not set aside.": lambda row: not is_aside(row) and not row.erased_at,
    "This inquiry is not closed.": lambda row: not row.closed_at,
    "Nobody read this inquiry yet. Open it first.": lambda row: not row.opened_at,
    "This inquiry stands there already.": lambda row: not row.closed_at and not row.owner_id,
    "Nobody has this inquiry in hand.": lambda row: not row.claimed_at,
    "A colleague has this inquiry in hand.": lambda row: row.claimed_at,
    "This is ticked in step 4, once.": lambda row: (
        not row.closed_at and (row.stage != "paperwork" or bool(row.referral_settled_at))
    ),
    "Nobody spoke with this person yet. Log the call first.": lambda row: not row.first_reached_at,
    "Somebody tried to contact this person: close it instead.": lambda row: row.tries,
    "Settle referral and insurance first.": lambda row: row.stage == "paperwork" and not row.is_settled,
    "This is the last step. Close the inquiry when all is done.": lambda row: (
        row.stage == "started" and not row.closed_at
    ),
    "Something was changed since, or it was undone already: it can no longer be undone.": lambda row: (
        not row.can("undo") and not row.erased_at
    ),
    "Read the new words first.": lambda row: row.sender_wrote_at,
    "No new words wait for an answer.": lambda row: not row.sender_wrote_at and not row.erased_at,
}


def in_state(name, **answers) -> Inquiry:
    inquiry = stored_inquiry(**answers)
    Inquiry.objects.filter(pk=inquiry.pk).update(**STATES[name])
    if version := LAST_CHANGES.get(name):
        LastChange.objects.create(inquiry=inquiry, verb="take", events="taken:1", at=NOW, version=version)
    return Inquiry.objects.prefetch_related("texts").get(pk=inquiry.pk)


@pytest.mark.parametrize("danger", ["", "I want to kill myself"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_what_no_page_offers_is_refused_and_what_is_said_is_true(verb, state, danger):
    ana, other = staff_user(*RIGHTS), stored_inquiry(question="Other")
    inquiry = in_state(state, question=danger or "Why?")
    before = Inquiry.objects.values().get(pk=inquiry.pk)
    is_offered = inquiry.can(verb.partition(" ")[0])
    try:
        VERBS[verb](inquiry, ana, other)
    except InvalidTransition as refused:
        words = str(refused.message)
        assert Inquiry.objects.values().get(pk=inquiry.pk) == before
        if words.startswith("Its words tell of danger"):
            assert danger and not inquiry.closed_at
        else:
            assert TRUE_IF[words](inquiry), words
    else:
        assert is_offered


@pytest.mark.parametrize("state", STATES)
def test_what_a_page_offers_is_what_the_update_does(state):
    inquiry = in_state(state)
    offered = {verb for verb in NEEDS if inquiry.can(verb)}
    assert offered == {verb for verb in NEEDS if inquiry.row_for(verb).exists()}


@pytest.mark.parametrize("verb", NEEDS)
def test_whose_it_is_counts_alike_on_a_page_and_in_an_update(verb):
    inquiry = in_state("open, read")
    Inquiry.objects.filter(pk=inquiry.pk).update(owner=staff_user(*RIGHTS))
    inquiry = Inquiry.objects.get(pk=inquiry.pk)
    assert inquiry.can(verb) == inquiry.row_for(verb).exists()
    assert not inquiry.can("take")


def test_every_verb_of_the_desk_has_its_needs():
    by_the_site = {"address_refused", "bring_back_for_danger", "follow_calendar", "take_up"}
    assert {verb.method for verb in actions.VERBS} == set(NEEDS) - by_the_site


def test_each_state_names_its_own_reason():
    ana, other = staff_user(*RIGHTS), stored_inquiry(question="Other")
    expected = {
        ("take", "closed"): "closed or set aside",
        ("take", "erased"): "was erased",
        ("hand_over", "aside"): "closed or set aside",
        ("note", "erased"): "was erased",
        ("correct", "erased"): "was erased",
        ("link", "erased"): "was erased",
        ("move_on", "closed, last step"): "closed or set aside",
        ("move_on", "closed, step 4"): "closed or set aside",
        ("settle_referral", "closed, step 4"): "closed or set aside",
        ("move_on", "step 4, one tick"): "^Settle referral and insurance first.$",
        ("set_aside", "tried"): "^Somebody tried to contact this person",
        ("reopen", "erased"): "was erased",
        ("close", "open"): "Nobody read",
        ("close", "closed"): "closed or set aside",
        ("close as same person", "closed, new words"): "closed or set aside",
        ("not_real", "aside"): "Nobody read",
        ("not_real", "aside, new words"): "Nobody read",
        ("not_real", "open, read"): "not set aside",
        ("bring_back", "erased, aside"): "was erased",
    }
    for (verb, state), words in expected.items():
        with pytest.raises(InvalidTransition, match=words):
            VERBS[verb](in_state(state), ana, other)


def test_the_next_step_names_what_is_missing():
    ana = staff_user(*RIGHTS)
    inquiry = in_state("open, read")
    Inquiry.objects.filter(pk=inquiry.pk).update(stage="paperwork")
    with pytest.raises(InvalidTransition, match="^Settle referral and insurance first.$"):
        inquiry.move_on(ana, **PLAN)
    Inquiry.objects.filter(pk=inquiry.pk).update(stage="assessment")
    with pytest.raises(InvalidTransition, match="colleague moved"):
        inquiry.move_on(ana, **PLAN)


def test_new_words_and_not_other_answers_are_why_a_repeat_is_not_closed():
    ana = staff_user(*RIGHTS)
    older, newer = stored_inquiry(), stored_inquiry()
    newer.add_words("Mornings are better.")
    with pytest.raises(InvalidTransition, match="Answer their new words first"):
        newer.same_request(older, ana)


@pytest.mark.parametrize("state", ["aside", "aside, new words"])
def test_a_robot_is_offered_to_be_one_only_once_it_was_read(client, state):
    ana = staff_user(*RIGHTS)
    client.force_login(ana)
    inquiry = in_state(state)
    assert not BY_NAME["not-real"].when(inquiry)
    path = f"/admin/inquiries/inquiry/{inquiry.pk}/"
    page = client.post(f"{path}not-real/", {"version": inquiry.version})
    assert page.status_code == 409 and "Nobody read this inquiry yet. Open it first." in page.content.decode()
    assert "It is a robot" in client.get(f"{path}change/").content.decode()
    assert BY_NAME["not-real"].when(Inquiry.objects.get(pk=inquiry.pk))


@pytest.mark.parametrize("state", ["closed, new words", "aside, new words"])
@pytest.mark.parametrize("verb", [bulk_actions.TAKE, bulk_actions.HAND_OVER, bulk_actions.SET_ASIDE])
def test_several_at_once_say_the_same(state, verb):
    inquiry = in_state(state, question="I want to kill myself")
    [chosen] = bulk_actions.chosen_from([str(inquiry.pk)], verb, NOW)
    assert chosen.why_not == "It is closed or set aside."

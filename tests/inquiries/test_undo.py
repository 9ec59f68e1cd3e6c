"""The last verb is undone within ten minutes: the state stands as before, the events stay, a new one says what it takes
back."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Event, EventSeal, Figure, Inquiry, InquiryPair, InvalidTransition, LastChange
from inquiries.models.last_change import UNDOABLE
from inquiries.worker import jobs
from iop_site.staff import roles
from tests.factories import staff_in, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
NOW = timezone.now()
SOON, TOO_LATE = NOW + timedelta(minutes=9), NOW + timedelta(minutes=10)
PLAN = {"next_action": "contact-again", "due_at": NOW + timedelta(days=2)}
ASIDE = {"set_aside_at": NOW, "due_at": None, "left_aside_at": NOW}
CLOSED = {"closed_at": NOW, "due_at": None, "outcome": "answered", "told": "status-page", "next_action": ""}
WROTE = {"sender_wrote_at": NOW, "due_at": NOW}
# From which state, and how.
VERBS = {
    "take": ({}, lambda i, ana, other: i.take(ana, now=NOW)),
    "hand_over": ({}, lambda i, ana, other: i.hand_over(ana, ana, now=NOW)),
    "log_try": ({}, lambda i, ana, other: i.log_try("spoke", ana, now=NOW, **PLAN)),
    "set_next": ({}, lambda i, ana, other: i.set_next("assess", PLAN["due_at"], ana, now=NOW)),
    "move_on": ({}, lambda i, ana, other: i.move_on(ana, now=NOW, **PLAN)),
    "settle_referral": ({"stage": "paperwork"}, lambda i, ana, other: i.settle_referral(ana, now=NOW)),
    "settle_insurance": ({"stage": "paperwork"}, lambda i, ana, other: i.settle_insurance(ana, now=NOW)),
    "mark_answered": (WROTE, lambda i, ana, other: i.mark_answered(ana, now=NOW)),
    "close": ({}, lambda i, ana, other: i.close("answered", "status-page", ana, now=NOW)),
    "same_request": ({}, lambda i, ana, other: i.same_request(other, ana, now=NOW)),
    "reopen": (CLOSED, lambda i, ana, other: i.reopen(ana, "assess", PLAN["due_at"], now=NOW)),
    "set_aside": (WROTE, lambda i, ana, other: i.set_aside(ana, now=NOW)),
    "bring_back": (ASIDE, lambda i, ana, other: i.bring_back(ana, now=NOW)),
    "not_real": (ASIDE, lambda i, ana, other: i.not_real(ana, now=NOW)),
    "link": ({}, lambda i, ana, other: i.link(other, ana, now=NOW)),
    "not_same": ({}, lambda i, ana, other: i.not_same(other, ana, now=NOW)),
    "hold": ({}, lambda i, ana, other: i.hold("A complaint is open.", ana, now=NOW)),
    "release": ({"held_at": NOW}, lambda i, ana, other: i.release(ana, now=NOW)),
}


@pytest.fixture
def ana():
    return staff_user(*RIGHTS, first_name="Ana")


def in_state(columns) -> Inquiry:
    inquiry = stored_inquiry(received_at=NOW - timedelta(days=1))
    Inquiry.objects.filter(pk=inquiry.pk).update(opened_at=NOW, **columns)
    return fresh(inquiry)


def fresh(inquiry) -> Inquiry:
    return Inquiry.objects.prefetch_related("texts").get(pk=inquiry.pk)


def state(inquiry) -> dict:
    return Inquiry.objects.values().get(pk=inquiry.pk) | {"version": None, "pairs": list(InquiryPair.objects.values())}


def done(verb, ana) -> tuple[Inquiry, dict]:
    """(inquiry to which ``verb`` was done, its state before)."""
    other, inquiry = stored_inquiry(received_at=NOW - timedelta(days=1)), in_state(VERBS[verb][0])
    before = state(inquiry)
    VERBS[verb][1](inquiry, ana, other)
    return fresh(inquiry), before


def refused(inquiry, ana, now=SOON, **options) -> str:
    before, events = state(inquiry), Event.objects.count()
    with pytest.raises(InvalidTransition) as refusal:
        fresh(inquiry).undo(ana, now=now, **options)
    assert (state(inquiry), Event.objects.count()) == (before, events)
    return str(refusal.value.message)


def test_each_verb_that_can_be_undone_is_tried_here():
    assert set(VERBS) == set(UNDOABLE)


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_done_is_undone_and_the_events_stay(verb, ana):
    inquiry, before = done(verb, ana)
    events = list(Event.objects.values_list("pk", "verb"))
    assert inquiry.can("undo") and state(inquiry) != before
    inquiry.undo(ana, version=inquiry.version, now=SOON)
    assert state(inquiry) == before
    undone = inquiry.events.first()
    assert (undone.verb, undone.actor) == ("undone", ana)
    assert set(events) < set(Event.objects.values_list("pk", "verb"))
    assert set(undone.detail.split(",")) == {
        f"{event.verb}:{event.pk}" for event in inquiry.events.filter(at=NOW, actor=ana)
    }
    assert not LastChange.objects.filter(inquiry=inquiry.pk).exists()


@pytest.mark.parametrize("verb", VERBS)
def test_it_is_undone_once(verb, ana):
    inquiry, _before = done(verb, ana)
    inquiry.undo(ana, now=SOON)
    assert "it can no longer be undone" in refused(inquiry, ana)


@pytest.mark.parametrize("verb", VERBS)
def test_after_ten_minutes_nothing_is_undone(verb, ana):
    inquiry, _before = done(verb, ana)
    assert LastChange.objects.of(inquiry, SOON) and not LastChange.objects.of(inquiry, TOO_LATE)
    assert refused(inquiry, ana, TOO_LATE) == "More than ten minutes have passed: it can no longer be undone."


CHANGES = {
    "a note": lambda i, ana: i.note("Words", ana, now=SOON),
    "new words": lambda i, ana: i.add_words("More", now=SOON),
    "other answers": lambda i, ana: i.change_plan({"good_times": "evening"}, "once"),
    "a message": lambda i, ana: i.write_message("Hello", ana, now=SOON),
}


@pytest.mark.parametrize("verb", ["take", "log_try", "close", "link"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_since_is_not_overwritten(verb, change, ana):
    inquiry, _before = done(verb, ana)
    shown = inquiry.version
    CHANGES[change](inquiry, ana)
    assert not fresh(inquiry).can("undo")
    assert refused(inquiry, ana, version=shown).startswith("Something was changed since")


def test_the_button_of_one_change_does_not_undo_the_next(ana):
    inquiry, _before = done("take", ana)
    shown = inquiry.version
    inquiry.move_on(ana, now=NOW, **PLAN)
    assert refused(inquiry, ana, version=shown).startswith("Something was changed since")
    fresh(inquiry).undo(ana, version=shown + 1, now=SOON)
    assert fresh(inquiry).stage == "received" and fresh(inquiry).owner == ana


def test_a_version_that_never_was_undoes_nothing(ana):
    inquiry, _before = done("take", ana)
    assert refused(inquiry, ana, version=0).startswith("Something was changed since")


@pytest.mark.parametrize("works_no_more", [{"is_active": False}, {"groups": []}])
def test_what_its_owner_handed_over_does_not_go_back_to_whoever_works_no_more(ana, works_no_more):
    ben, inquiry = staff_in(roles.INTAKE, first_name="Ben"), in_state({})
    inquiry.take(ben, now=NOW)
    inquiry.hand_over(ana, ana, now=NOW)
    ben.is_active = works_no_more.get("is_active", True)
    ben.save()
    ben.groups.set(works_no_more.get("groups", ben.groups.all()))
    fresh(inquiry).undo(ana, now=SOON)
    assert fresh(inquiry).owner is None and Inquiry.objects.unassigned().get() == inquiry


def test_looking_and_having_in_hand_are_no_change(ana):
    inquiry, before = done("take", ana)
    inquiry.opened(ana, now=NOW)
    inquiry.claim("call", ana, now=NOW)
    fresh(inquiry).undo(ana, now=SOON)
    assert fresh(inquiry).owner is None
    assert fresh(inquiry).claimed_by == ana


def test_a_claim_that_ended_with_the_try_does_not_come_back(ana):
    inquiry = in_state({})
    inquiry.claim("call", ana, now=NOW)
    inquiry.log_try("no-answer", ana, now=NOW, **PLAN)
    marisol = staff_user(*RIGHTS)
    inquiry.claim("call", marisol, now=NOW)
    inquiry.undo(ana, now=SOON)
    assert fresh(inquiry).claimed_by == marisol


def test_closing_as_the_same_person_is_one_change(ana):
    other, inquiry = stored_inquiry(), in_state({})
    inquiry.log_try("spoke", ana, now=NOW, next_action=None, due_at=None)
    inquiry.close("same-person", "call", ana, other=other, now=NOW)
    assert fresh(inquiry).closed_at
    fresh(inquiry).undo(ana, now=SOON)
    assert fresh(inquiry).is_in_work and not InquiryPair.objects.exists()
    assert other.events.first().verb == "undone"


def test_a_pair_that_was_said_otherwise_meanwhile_is_left(ana):
    other, inquiry = stored_inquiry(), in_state({})
    inquiry.link(other, ana, now=NOW)
    other.not_same(inquiry, ana, now=NOW)
    assert refused(inquiry, ana).startswith("Something was changed since")
    fresh(other).undo(ana, now=SOON)
    assert InquiryPair.objects.get().is_linked


class TestAWrongTry:
    """Whatever counts tries counts an undone one no more."""

    def spoken(self, ana) -> Inquiry:
        inquiry = in_state({})
        inquiry.log_try("spoke", ana, now=NOW, **PLAN)
        assert not inquiry.why_not_told("call")
        inquiry.undo(ana, now=SOON)
        return fresh(inquiry)

    def test_nobody_was_told_on_a_call_that_was_not(self, ana):
        inquiry = self.spoken(ana)
        assert inquiry.why_not_told("call")
        with pytest.raises(InvalidTransition):
            inquiry.close("answered", "call", ana)

    def test_it_does_not_count_for_could_not_reach_them(self, ana, settings):
        settings.UNREACHED_TRIES = settings.UNREACHED_DAYS = 1
        assert not self.spoken(ana).is_tried_enough()

    def test_a_dead_number_is_told_no_more(self, ana):
        inquiry = in_state({})
        inquiry.log_try("dead-number", ana, now=NOW, **PLAN)
        assert inquiry.failed_try
        inquiry.undo(ana, now=SOON)
        assert not fresh(inquiry).failed_try

    @pytest.mark.parametrize("sealed_between", [True, False])
    def test_the_next_one_is_the_first_in_the_figures(self, ana, sealed_between):
        inquiry = stored_inquiry(received_at=datetime(2026, 6, 8, 16, tzinfo=NOW.tzinfo))
        at = inquiry.received_at
        plan = {"next_action": None, "due_at": None}
        inquiry.log_try("spoke", ana, now=at + timedelta(minutes=30), **plan)
        if sealed_between:
            self.seal()
            assert self.figures() == {("received", 0): 1, ("contacted", 30): 1, ("on-time", 0): 1}
        inquiry.undo(ana, now=at + timedelta(minutes=35))
        inquiry.log_try("no-answer", ana, now=at + timedelta(minutes=50), **plan)
        self.seal()
        assert self.figures() == {("received", 0): 1, ("contacted", 50): 1, ("on-time", 0): 1}

    def seal(self):
        EventSeal.objects.seal_up_to(Event.objects.order_by("-pk").first().pk)

    def figures(self) -> dict:
        return {(row.kind, row.size): row.count for row in Figure.objects.filter(count__gt=0)}


def test_a_start_that_was_undone_is_counted_no_more(ana):
    inquiry = in_state({"stage": "paperwork", "referral_settled_at": NOW, "insurance_settled_at": NOW})
    inquiry.move_on(ana, now=NOW, **PLAN)
    inquiry.undo(ana, now=SOON)
    EventSeal.objects.seal_up_to(Event.objects.order_by("-pk").first().pk)
    assert not Figure.objects.filter(kind="started", count__gt=0)


def test_what_an_undo_would_need_goes_with_the_time_and_with_an_erasure(ana):
    first, second = in_state({}), in_state({})
    for inquiry in (first, second):
        inquiry.take(ana, now=NOW)
    first.erase()
    assert [last.inquiry_id for last in LastChange.objects.all()] == [second.pk]
    jobs.tidy(TOO_LATE, lambda: False)
    assert not LastChange.objects.exists()


class TestAtTheDesk:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, ana):
        client.force_login(ana)

    @staticmethod
    def url(name, inquiry) -> str:
        return reverse(f"admin:inquiries_inquiry_{name}", args=[inquiry.pk])

    def take(self, client, inquiry):
        return client.post(self.url("take", inquiry), {"version": fresh(inquiry).version}, follow=True)

    def test_the_message_carries_its_undo_wherever_one_goes(self, client):
        inquiry = in_state({})
        page = self.take(client, inquiry).content.decode()
        message = page.partition('class="messagelist"')[2].partition("</ul>")[0]
        assert f'action="{self.url("undo", inquiry)}"' in message
        assert f'name="version" value="{fresh(inquiry).version}"' in message

    def test_a_press_undoes_and_says_what(self, client):
        inquiry = in_state({})
        self.take(client, inquiry)
        response = client.post(self.url("undo", inquiry), {"version": fresh(inquiry).version}, follow=True)
        page = response.content.decode()
        assert response.redirect_chain[-1][0] == self.url("change", inquiry)
        assert "Undone: Took it" in page and fresh(inquiry).owner is None
        assert 'class="is-undone"' in page and self.url("undo", inquiry) not in page

    def test_the_timeline_offers_it_too(self, client, ana):
        inquiry = in_state({})
        inquiry.take(ana)
        assert self.url("undo", inquiry) in client.get(self.url("change", inquiry)).content.decode()
        LastChange.objects.update(at=NOW - timedelta(minutes=11))
        assert self.url("undo", inquiry) not in client.get(self.url("change", inquiry)).content.decode()

    @pytest.mark.parametrize("why", ["changed", "late"])
    def test_what_cannot_be_undone_is_said_on_the_case(self, client, ana, why):
        inquiry = in_state({})
        self.take(client, inquiry)
        shown = fresh(inquiry).version
        if why == "changed":
            fresh(inquiry).note("Words", ana)
        LastChange.objects.update(at=NOW - timedelta(minutes=11))
        page = client.post(self.url("undo", inquiry), {"version": shown}, follow=True).content.decode()
        words = {"changed": "Something was changed since", "late": "More than ten minutes have passed"}
        assert words[why] in page and fresh(inquiry).owner == ana

    @pytest.mark.parametrize("verb", ["hand_over", "hold", "release"])
    def test_who_may_not_do_the_verb_may_not_undo_it(self, client, verb):
        inquiry, before = done(verb, staff_in(roles.SUPERVISOR))
        assert self.url("undo", inquiry) not in client.get(self.url("change", inquiry)).content.decode()
        for answer in (client.get(self.url("undo", inquiry)), self.undo(client, inquiry)):
            assert answer.status_code == 403
        client.force_login(staff_in(roles.SUPERVISOR))
        assert self.undo(client, inquiry).status_code == 302
        assert state(inquiry) == before

    def undo(self, client, inquiry):
        return client.post(self.url("undo", inquiry), {"version": fresh(inquiry).version})

    def test_the_undo_of_same_request_opens_the_newer_one(self, client, ana):
        older, newer = in_state({}), in_state({})
        data = {"version": older.version, "other": newer.reference}
        page = client.post(self.url("same_request", older), data, follow=True).content.decode()
        assert f'action="{self.url("undo", newer)}"' in page.partition('class="messagelist"')[2].partition("</ul>")[0]
        self.undo(client, newer)
        assert fresh(newer).is_in_work

"""Every verb of the desk works, and every way in which it must refuse changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inquiries.desk.display import weekday_and_day
from inquiries.desk.timeline import timeline
from inquiries.models import Event, Inquiry, InquiryPair, InvalidTransition, Refused, StaleVersion
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
LATER = {"next_action": "contact-again", "due_at": timezone.now() + timedelta(days=2)}
SOON = timezone.now() + timedelta(days=1)


@pytest.fixture
def ana():
    return staff_user(*RIGHTS, first_name="Ana")


@pytest.fixture
def marisol():
    return staff_user(*RIGHTS, first_name="Marisol")


@pytest.fixture
def inquiry():
    return stored_inquiry()


def verbs(inquiry) -> list[str]:
    return [event.verb for event in inquiry.events.all()][::-1]


def state(inquiry) -> tuple:
    row = Inquiry.objects.filter(pk=inquiry.pk).values().get()
    return row, Event.objects.count(), inquiry.texts.count(), InquiryPair.objects.count()


def refuses(verb, *args, kind=InvalidTransition, of, **options):
    """The verb must raise ``kind`` and leave no trace; return what it raised."""
    before = state(of)
    with pytest.raises(Refused) as refused:
        verb(*args, **options)
    assert type(refused.value) is kind and str(refused.value.message)
    assert state(of) == before
    return refused.value


def at_step(inquiry, actor, stage):
    Inquiry.objects.filter(pk=inquiry.pk).update(stage=stage, opened_at=timezone.now())
    inquiry.refresh_from_db()
    return inquiry


def closed(inquiry, actor):
    inquiry.opened(actor)
    inquiry.close("answered", "status-page", actor)
    return inquiry


class TestOwner:
    def test_taking_makes_an_owner(self, inquiry, ana):
        inquiry.take(ana)
        stored = Inquiry.objects.get()
        assert (stored.owner, stored.version, stored.stage) == (ana, 2, "received")
        assert verbs(inquiry) == ["received", "taken"]
        assert inquiry.owner == ana

    def test_what_somebody_has_is_not_taken(self, inquiry, ana, marisol):
        inquiry.take(ana)
        refuses(inquiry.take, marisol, of=inquiry)
        refuses(inquiry.take, ana, of=inquiry)

    def test_handing_over_says_to_whom(self, inquiry, ana, marisol):
        inquiry.hand_over(marisol, ana, note="She knows the family")
        event = inquiry.events.first()
        assert (inquiry.owner, event.detail) == (marisol, f"to:{marisol.pk}")
        assert event.text.body == "She knows the family"
        inquiry.hand_over(None, marisol)
        assert Inquiry.objects.get().owner is None

    def test_only_who_may_work_gets_it_and_only_once(self, inquiry, ana):
        refuses(inquiry.hand_over, staff_user("inquiries.view_inquiry"), ana, of=inquiry)
        refuses(inquiry.hand_over, staff_user(*RIGHTS, is_active=False), ana, of=inquiry)
        refuses(inquiry.hand_over, None, ana, of=inquiry)
        inquiry.take(ana)
        refuses(inquiry.hand_over, ana, ana, of=inquiry)


class TestTries:
    def test_a_try_counts_and_begins_contacting(self, inquiry, ana):
        inquiry.log_try("no-answer", ana, **LATER, note="Rang 8 times")
        stored = Inquiry.objects.get()
        assert (stored.tries, stored.stage, stored.next_action) == (1, "contacting", "contact-again")
        assert stored.first_tried_at and stored.first_reached_at is None and stored.due_at == LATER["due_at"]
        assert verbs(inquiry) == ["received", "tried", "next-set"]
        assert inquiry.texts.get().body == "Rang 8 times"

    def test_the_hour_of_what_comes_next_stands_in_no_event_and_goes_with_an_erasure(self, inquiry, ana):
        evening = timezone.localtime(LATER["due_at"]).replace(hour=18, minute=0)
        details = set()
        for hour in (9, 12, 18):
            inquiry.set_next("contact-again", evening.replace(hour=hour), ana)
            details.add(inquiry.events.first().detail)
        noon = evening.replace(hour=12).astimezone(UTC)
        assert details == {f"contact-again,{noon:%Y-%m-%dt%H:%Mz}"}
        told = [entry.more for _day, entries in timeline(inquiry, timezone.now()) for entry in entries]
        assert f"Contact again, {weekday_and_day(evening)}" in told
        Inquiry.objects.filter(pk=inquiry.pk).update(first_due_at=evening)
        inquiry.erase()
        stored = Inquiry.objects.get()
        assert (stored.due_at, stored.first_due_at) == (None, None)

    def test_the_first_try_stays_the_first(self, inquiry, ana):
        first = timezone.now()
        inquiry.log_try("no-answer", ana, **LATER, now=first)
        inquiry.log_try("spoke", ana, **LATER, now=first + timedelta(hours=1))
        stored = Inquiry.objects.get()
        assert (stored.first_tried_at, stored.first_reached_at) == (first, first + timedelta(hours=1))
        assert (stored.tries, inquiry.events.filter(verb="reached").count()) == (2, 1)

    def test_a_try_without_a_plan_keeps_the_plan(self, inquiry, ana):
        due_at = Inquiry.objects.get().due_at
        inquiry.log_try("spoke", ana, next_action=None, due_at=None)
        assert Inquiry.objects.get().due_at == due_at

    def test_a_voicemail_is_logged_only_where_it_was_allowed(self, inquiry, ana):
        refuses(inquiry.log_try, "no-answer", ana, **LATER, left_voicemail=True, of=inquiry)
        allowed = stored_inquiry(contact_way="call-voicemail", phone="+16265550143")
        allowed.log_try("no-answer", ana, **LATER, left_voicemail=True)
        assert allowed.events.get(verb="tried").detail == "no-answer,voicemail"

    @pytest.mark.parametrize(
        "plan",
        [
            {"next_action": "contact-again", "due_at": None},
            {"next_action": None, "due_at": SOON},
            {"next_action": "invented", "due_at": SOON},
            {"next_action": "contact-again", "due_at": timezone.now() - timedelta(hours=1)},
        ],
    )
    def test_half_a_plan_is_none(self, inquiry, ana, plan):
        refuses(inquiry.log_try, "no-answer", ana, **plan, of=inquiry)
        refuses(inquiry.move_on, ana, **plan, of=inquiry)
        refuses(inquiry.set_next, plan["next_action"], plan["due_at"], ana, of=inquiry)

    def test_a_try_is_neither_in_the_future_nor_before_the_inquiry(self, inquiry, ana):
        for hours in (1, -1):
            at = timezone.now() + timedelta(hours=hours)
            refuses(inquiry.log_try, "no-answer", ana, **LATER, at=at, of=inquiry)


class TestSteps:
    def test_the_steps_are_walked_in_order(self, inquiry, ana):
        for stage in ("contacting", "assessment", "paperwork"):
            inquiry.move_on(ana, **LATER)
            assert Inquiry.objects.get().stage == stage
        refuses(inquiry.move_on, ana, **LATER, of=inquiry)
        inquiry.settle_insurance(ana)
        refuses(inquiry.move_on, ana, **LATER, of=inquiry)
        inquiry.settle_referral(ana)
        inquiry.move_on(ana, **LATER)
        refuses(inquiry.move_on, ana, **LATER, of=inquiry)
        assert Inquiry.objects.get().stage == "started"

    @pytest.mark.parametrize("first", ["settle_referral", "settle_insurance"])
    def test_referral_and_insurance_are_ticked_once_and_in_step_4_only(self, inquiry, ana, first):
        refuses(getattr(inquiry, first), ana, of=inquiry)
        at_step(inquiry, ana, "paperwork")
        getattr(inquiry, first)(ana)
        refuses(getattr(inquiry, first), ana, of=inquiry)


class TestEnds:
    @pytest.mark.parametrize(("result", "way"), [("spoke", {}), ("wrote", {"contact_way": "text"}),
                             ("wrote", {"contact_way": "email", "email": "rosa@example.com"})])  # fmt: skip
    def test_nobody_is_told_by_what_nobody_did(self, ana, result, way):
        told = {"text": "text", "email": "email"}.get(way.get("contact_way"), "call")
        inquiry = stored_inquiry(**way)
        inquiry.opened(ana)
        refuses(inquiry.close, "answered", told, ana, of=inquiry)
        inquiry.log_try("no-answer" if told == "call" else "not-delivered", ana, **LATER)
        refuses(inquiry.close, "answered", told, ana, of=inquiry)
        inquiry.log_try(result, ana, **LATER)
        inquiry.close("answered", told, ana)
        assert Inquiry.objects.get(pk=inquiry.pk).told == told

    def test_a_call_with_the_same_person_is_one_for_both(self, inquiry, ana):
        other = stored_inquiry(question="Another")
        other.log_try("spoke", ana, **LATER)
        inquiry.opened(ana)
        inquiry.close("same-person", "call", ana, other=other)
        assert inquiry.closed_at

    @pytest.mark.parametrize("result", ["spoke", "someone-else", "call-later", "dead-number"])
    def test_a_voicemail_is_left_only_when_no_one_answered(self, ana, result):
        inquiry = stored_inquiry(contact_way="call-voicemail")
        refuses(inquiry.log_try, result, ana, **LATER, left_voicemail=True, of=inquiry)

    def test_closing_says_how_it_ended_and_how_the_person_was_told(self, inquiry, ana):
        closed(inquiry, ana)
        stored = Inquiry.objects.get()
        assert (stored.outcome, stored.told, stored.due_at, stored.next_action) == ("answered", "status-page", None, "")
        assert stored.closed_at and inquiry.events.first().detail == "answered,status-page"

    def test_nothing_is_closed_unread(self, inquiry, ana):
        refuses(inquiry.close, "answered", "call", ana, of=inquiry)

    @pytest.mark.parametrize(
        ("outcome", "told"),
        [("", "call"), ("answered", ""), ("withdrawn", "call"), ("answered", "email"), ("answered", "text"),
         ("answered", "not-told"), ("not-real", "call"), ("same-person", "call"), ("unreached", "status-page")],
    )  # fmt: skip
    def test_an_end_that_is_half_said_or_not_allowed_is_refused(self, inquiry, ana, outcome, told):
        inquiry.opened(ana)
        refuses(inquiry.close, outcome, told, ana, of=inquiry)

    def test_could_not_reach_them_needs_three_tries_on_two_days(self, inquiry, ana):
        start = Inquiry.objects.get().received_at
        inquiry.opened(ana)
        for hours in (0, 1, 2):
            plan = {"next_action": "contact-again", "due_at": start + timedelta(days=9)}
            inquiry.log_try("no-answer", ana, **plan, now=start + timedelta(minutes=hours))
        refuses(inquiry.close, "unreached", "status-page", ana, of=inquiry)
        inquiry.log_try("no-answer", ana, **plan, now=start + timedelta(days=1))
        inquiry.close("unreached", "status-page", ana, now=start + timedelta(days=1, hours=1))
        assert Inquiry.objects.get().outcome == "unreached"

    def test_the_same_person_is_closed_with_the_other_linked(self, inquiry, ana):
        other = stored_inquiry(question="Another")
        inquiry.opened(ana)
        refuses(inquiry.close, "same-person", "call", ana, other=inquiry, of=inquiry)
        inquiry.close("same-person", "status-page", ana, other=other)
        assert inquiry.is_linked_to(other) and other.is_linked_to(inquiry)

    def test_a_closed_inquiry_is_only_reopened(self, inquiry, ana, marisol):
        refuses(inquiry.reopen, ana, "contact-again", SOON, of=inquiry)
        closed(inquiry, ana)
        for verb, args, options in [
            (inquiry.take, [ana], {}),
            (inquiry.hand_over, [marisol, ana], {}),
            (inquiry.log_try, ["spoke", ana], LATER),
            (inquiry.set_next, ["assess", SOON, ana], {}),
            (inquiry.move_on, [ana], LATER),
            (inquiry.close, ["answered", "call", ana], {}),
            (inquiry.set_aside, [ana], {}),
            (inquiry.bring_back, [ana], {}),
            (inquiry.reopen, [ana, "contact-again", None], {}),
        ]:
            refuses(verb, *args, **options, of=inquiry)
        inquiry.reopen(ana, "contact-again", SOON)
        stored = Inquiry.objects.get()
        assert (stored.closed_at, stored.outcome, stored.told, stored.due_at) == (None, "", "", SOON)

    def test_what_is_set_aside_comes_back_due(self, inquiry, ana):
        refuses(inquiry.bring_back, ana, of=inquiry)
        due_at = Inquiry.objects.get().due_at
        inquiry.set_aside(ana)
        assert Inquiry.objects.get().due_at is None
        refuses(inquiry.set_aside, ana, of=inquiry)
        inquiry.bring_back(ana)
        stored = Inquiry.objects.get()
        assert (stored.set_aside_at, stored.due_at, stored.next_action) == (None, due_at, "first-contact")


class TestWords:
    def test_a_note_is_kept_also_when_closed(self, inquiry, ana):
        closed(inquiry, ana).note("She called to thank us", ana)
        assert inquiry.events.first().text.body == "She called to thank us"
        refuses(inquiry.note, "  ", ana, of=inquiry)

    def test_no_word_of_a_note_stands_in_an_event(self, inquiry, ana):
        inquiry.note("Zoraida", ana)
        assert "Zoraida" not in str(list(Event.objects.values()))

    def test_new_words_are_marked_as_answered(self, inquiry, ana):
        refuses(inquiry.mark_answered, ana, of=inquiry)
        Inquiry.objects.update(sender_wrote_at=timezone.now())
        inquiry.refresh_from_db()
        inquiry.mark_answered(ana)
        assert Inquiry.objects.get().sender_wrote_at is None


class TestPairs:
    def test_the_same_phone_is_a_possible_duplicate_until_staff_spoke(self, inquiry, ana):
        other = stored_inquiry(name="Another", question="Other", phone="+16265550142 x5")
        stored_inquiry(name="Rosa Peña", phone="+16265550199")
        [(found, what)] = inquiry.possible_duplicates()
        assert (found, [str(words) for words in what]) == (other, ["same phone"])
        inquiry.not_same(other, ana)
        assert inquiry.possible_duplicates() == other.possible_duplicates() == []
        refuses(inquiry.not_same, other, ana, of=inquiry)

    def test_the_latest_answers_count(self, inquiry):
        other = stored_inquiry(phone="+16265550177", question="Other")
        Inquiry.objects.get(pk=other.pk).amend(Inquiry(way="me", phone="+16265550142", answers_digest="x"))
        assert [found for found, _what in inquiry.possible_duplicates()] == [other]

    def test_both_timelines_tell_of_a_link(self, inquiry, ana):
        other = stored_inquiry(question="Other")
        inquiry.link(other, ana)
        assert list(inquiry.linked()) == [other] and list(other.linked()) == [inquiry]
        assert inquiry.events.first().detail == other.reference.lower()
        assert other.events.first().detail == inquiry.reference.lower()
        refuses(inquiry.link, other, ana, of=inquiry)
        refuses(inquiry.link, inquiry, ana, of=inquiry)
        inquiry.not_same(other, ana)
        assert list(inquiry.linked()) == []


class TestStale:
    def test_a_page_that_was_overtaken_is_refused_and_told_by_whom(self, inquiry, ana, marisol):
        shown = inquiry.version
        inquiry.note("first", marisol)
        stale = refuses(inquiry.set_next, "assess", SOON, ana, version=shown, kind=StaleVersion, of=inquiry)
        assert (stale.event.actor, stale.event.verb) == (marisol, "noted")

    def test_reading_makes_no_page_stale_and_takes_nothing_off_the_list(self, inquiry, ana):
        shown = inquiry.version
        inquiry.opened(ana)
        first = Inquiry.objects.get().opened_at
        inquiry.opened(ana)
        assert Inquiry.objects.get().opened_at == first
        assert list(Inquiry.objects.needs_work(timezone.now())) == [inquiry]
        inquiry.take(ana, version=shown)

    @pytest.mark.parametrize("gone", ["erased_at", "withdrawn_at"])
    def test_what_is_gone_is_touched_by_no_verb(self, inquiry, ana, gone):
        Inquiry.objects.update(**{gone: timezone.now()}, due_at=None)
        refuses(inquiry.note, "x", ana, of=inquiry)
        refuses(inquiry.take, ana, of=inquiry)
        refuses(inquiry.reopen, ana, "contact-again", SOON, of=inquiry)


def test_the_lists_hold_what_their_names_say(ana):
    now = datetime(2026, 6, 8, 16, tzinfo=UTC)  # a Monday, 9:00 in Duarte
    for number, due in enumerate([-30, -1, 3, 30]):
        inquiry = stored_inquiry(name=f"{number}", received_at=now - timedelta(days=3))
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=now + timedelta(hours=due), first_tried_at=now)
    untried = stored_inquiry(name="untried", received_at=now)
    Inquiry.objects.get(pk=untried.pk).take(ana)
    rows = Inquiry.objects.most_urgent_first()

    def names(found):
        return [inquiry.name for inquiry in found]

    assert names(rows.needs_work(now)) == ["0", "1", "untried"]
    assert names(rows.overdue(now)) == ["0", "1"]
    assert names(rows.due_today(now)) == ["2"]
    assert names(rows.open()) == ["0", "1", "2", "untried", "3"]
    assert names(rows.mine(ana)) == ["untried"]
    assert len(rows.unassigned()) == 4

"""Whatever is done in whatever order, the timeline and the state of an inquiry tell the same story."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, Inquiry, Refused
from tests.factories import staff_user, stored_inquiry, unsent_inquiry

RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
START = datetime(2026, 6, 8, 16, tzinfo=UTC)
STAGES = list(Inquiry.Stage.values)


class Desk(RuleBasedStateMachine):
    """Two people do anything to one inquiry, from pages that may be stale; what is refused must leave no trace."""

    def __init__(self):
        super().__init__()
        self.people = [staff_user(*RIGHTS), staff_user(*RIGHTS)]
        self.other = stored_inquiry(question="Other", phone="+16265550188")
        self.pk = stored_inquiry(received_at=START).pk
        self.now = START

    @initialize(is_aloud=st.booleans())
    def begin(self, is_aloud):
        if is_aloud:
            call = unsent_inquiry(received_at=START, came_by="phone")
            self.pk = call.take_down(SubmissionKey.new(), self.people[0]).pk

    def do(self, name, *args, **options):
        inquiry = Inquiry.objects.get(pk=self.pk)
        self.now += timedelta(hours=1)
        before = self.story()
        try:
            getattr(inquiry, name)(*args, now=self.now, **options)
        except Refused:
            assert self.story() == before
        else:
            assert Event.objects.filter(inquiry=self.pk).count() > before[1]

    def story(self):
        return Inquiry.objects.values().get(pk=self.pk), Event.objects.filter(inquiry=self.pk).count()

    def plan(self):
        return {"next_action": "contact-again", "due_at": self.now + timedelta(days=2)}

    who = st.integers(0, 1)

    @rule(who=who, is_stale=st.booleans())
    def take(self, who, is_stale):
        version = 1 if is_stale else Inquiry.objects.get(pk=self.pk).version
        self.do("take", self.people[who], version=version)

    @rule(who=who, to=st.sampled_from([0, 1, None]))
    def hand_over(self, who, to):
        self.do("hand_over", None if to is None else self.people[to], self.people[who])

    @rule(who=who, result=st.sampled_from(Inquiry.TryResult.values), voicemail=st.booleans(), planned=st.booleans())
    def log_try(self, who, result, voicemail, planned):
        plan = self.plan() if planned else {"next_action": None, "due_at": None}
        self.do("log_try", result, self.people[who], left_voicemail=voicemail, **plan)

    @rule(who=who, anyway=st.booleans(), minutes=st.sampled_from([9, 20]))
    def claim(self, who, anyway, minutes):
        """Often right after another one."""
        self.now -= timedelta(minutes=60 - minutes)
        self.do("claim", "call", self.people[who], anyway=anyway)

    @rule(who=who)
    def let_go(self, who):
        self.do("let_go", self.people[who])

    @rule(who=who)
    def note(self, who):
        self.do("note", "words", self.people[who])

    @rule(who=who, name=st.sampled_from(["Rosa Peña", "Rosalía"]), language=st.sampled_from(["en", "es", "other"]))
    def correct(self, who, name, language):
        answers = {"name": name, "preferred_language": language, "other_language": ""}
        self.do("correct", answers, "They said so.", self.people[who])

    @rule(who=who)
    def set_next(self, who):
        plan = self.plan()
        self.do("set_next", "assess", plan["due_at"], self.people[who])

    @rule(who=who)
    def move_on(self, who):
        self.do("move_on", self.people[who], **self.plan())

    @rule(who=who, what=st.sampled_from(["referral", "insurance"]))
    def settle(self, who, what):
        self.do(f"settle_{what}", self.people[who])

    @rule(
        who=who,
        outcome=st.sampled_from(Inquiry.Outcome.values),
        told=st.sampled_from(Inquiry.Told.values),
        note=st.sampled_from(["", "why"]),
        is_same=st.booleans(),
    )
    def close(self, who, outcome, told, note, is_same):
        self.do("close", outcome, told, self.people[who], note=note, other=self.other if is_same else None)

    @rule(who=who)
    def reopen(self, who):
        plan = self.plan()
        self.do("reopen", self.people[who], "contact-again", plan["due_at"])

    @rule(who=who, verb=st.sampled_from(["set_aside", "bring_back", "not_real", "mark_answered"]))
    def toggle(self, who, verb):
        self.do(verb, self.people[who])

    @rule(who=who, verb=st.sampled_from(["link", "not_same"]))
    def pair(self, who, verb):
        self.do(verb, self.other, self.people[who])

    @rule(who=who, minutes=st.sampled_from([5, 5, 5, 20]))
    def undo(self, who, minutes):
        """Mostly right after what is undone."""
        self.now -= timedelta(minutes=60 - minutes)
        self.do("undo", self.people[who])

    @rule(who=who)
    def opened(self, who):
        self.do("opened", self.people[who])

    @rule()
    def add_words(self):
        self.now += timedelta(hours=1)
        Inquiry.objects.get(pk=self.pk).add_words("more", now=self.now)

    @invariant()
    def the_timeline_retells_the_state(self):
        row = Inquiry.objects.get(pk=self.pk)
        told = retold(row.events.order_by("id"))
        assert told == state_of(row)
        is_over = told["closed"] or told["aside"]
        assert (row.due_at is None) == (is_over and not told["new words"])
        assert (row.first_tried_at is not None) == (row.tries > 0)
        assert bool(row.outcome and row.told) == told["closed"]


AT_FIRST = {
    "stage": "received",
    "owner": None,
    "tries": 0,
    "next": "first-contact",
    "in hand": None,
    "corrected": 0,
    "came by": "form",
} | dict.fromkeys(("closed", "aside", "referral", "insurance", "new words", "opened", "reached"), False)


def state_of(row: Inquiry) -> dict:
    return {
        "stage": row.stage,
        "owner": row.owner_id,
        "tries": row.tries,
        "next": row.next_action,
        "in hand": row.claimed_by_id,
        "closed": row.closed_at is not None,
        "aside": row.set_aside_at is not None,
        "referral": row.referral_settled_at is not None,
        "insurance": row.insurance_settled_at is not None,
        "new words": row.sender_wrote_at is not None,
        "opened": row.opened_at is not None,
        "reached": row.first_reached_at is not None,
        "corrected": row.sets_of_answers - 1,
        "came by": row.came_by,
    }


def retold(events) -> dict:
    """What was undone is as if it had never been, but for who has it in hand."""
    told, so_far = AT_FIRST, []
    for event in events:
        if event.verb == "undone":
            taken_back = {int(code.partition(":")[2]) for code in event.detail.split(",")}
            assert taken_back <= {earlier.pk for earlier in so_far}
            so_far = [earlier for earlier in so_far if earlier.pk not in taken_back]
            told = retold(so_far) | {"in hand": told["in hand"]}
        else:
            so_far.append(event)
            told = after(told, event)
    return told


def after(told: dict, event: Event) -> dict:
    """Return the state after one event of the timeline, which must be one that may follow."""
    match event.verb:
        case "taken" | "claimed" | "let-go" | "handed-over":
            return told | whose(told, event)
        case "tried" | "reached":
            stage = "contacting" if told["stage"] == "received" else told["stage"]
            reached = told["reached"] or event.verb == "reached"
            in_hand = None if told["in hand"] == event.actor_id else told["in hand"]
            return told | {"tries": told["tries"] + 1, "reached": reached, "stage": stage, "in hand": in_hand}
        case "next-set":
            return told | {"next": event.detail.partition(",")[0]}
        case "moved-on":
            assert STAGES.index(event.detail) == STAGES.index(told["stage"]) + 1
            return told | {"stage": event.detail}
        case "referral-settled" | "insurance-settled":
            assert told["stage"] == "paperwork"
            return told | {event.verb.removesuffix("-settled"): True}
        case "closed":
            assert told["opened"] and not told["closed"]
            is_unseen = event.detail.startswith("same-person")
            waits = told["next"] if is_unseen else ""
            return told | {"closed": True, "in hand": None, "next": waits, "new words": False}
        case "reopened":
            return told | {"closed": False, "aside": False}
        case "set-aside":
            return told | {"aside": True, "in hand": None, "new words": False}
        case "brought-back":
            return told | {"aside": False}
        case "added" | "answered":
            return told | {"new words": event.verb == "added"}
        case "taken-down":
            return told | {"came by": event.detail.partition(",")[0]}
        case "corrected":
            return told | {"corrected": told["corrected"] + 1}
        case "opened":
            return told | {"opened": True}
    return told


def whose(told: dict, event: Event) -> dict:
    match event.verb:
        case "taken":
            return {"owner": event.actor_id}
        case "claimed":
            return {"in hand": event.actor_id}
        case "let-go":
            assert told["in hand"] == event.actor_id
            return {"in hand": None}
    to = event.detail.removeprefix("to:")
    return {"owner": None if to == "nobody" else int(to)}


@pytest.mark.slow
def test_the_story_holds(db):
    quick = settings(
        max_examples=40,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failure small takes minutes
    )
    run_state_machine_as_test(Desk, settings=quick)

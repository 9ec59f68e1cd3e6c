"""New words of a sender come before what was planned, on the first page, in the list and in the case."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Inquiry
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
ANSWER = "Answer their new words"
PLAN = "Do the assessment"


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")
    client.force_login(user)
    return user


@pytest.fixture
def planned(ana) -> Inquiry:
    """One that was reached, and is to be worked on next week."""
    inquiry = stored_inquiry()
    due_at = timezone.now() + timedelta(days=7)
    inquiry.log_try("spoke", ana, next_action=Inquiry.NextAction.ASSESS, due_at=due_at)
    return inquiry


def add(inquiry):
    inquiry.add_words("Mornings are better.")


def send_again(inquiry):
    inquiry.amend(Inquiry(way="me", name="Rosa", contact_way="call", phone="+16265550199", answers_digest="x"))


def texts(client, inquiry) -> dict[str, str]:
    pages = {
        "today": reverse("admin:index"),
        "list": reverse("admin:inquiries_inquiry_changelist"),
        "case": reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]),
    }
    return {name: " ".join(client.get(path).content.decode().split()) for name, path in pages.items()}


@pytest.mark.parametrize("write", [add, send_again])
def test_what_the_sender_wrote_is_next_everywhere(client, planned, write):
    assert "Nobody is waiting." in texts(client, planned)["today"]
    write(planned)
    for name, page in texts(client, planned).items():
        assert ANSWER in page and "New words" in page, name
    pages = texts(client, planned)
    assert f"Open {planned.reference}" in pages["today"] and PLAN not in pages["today"]
    assert f"<b>{ANSWER}</b>" in pages["list"] and "is due now" in pages["case"]
    assert f"The sender wrote. Planned before that: {PLAN}" in pages["case"]


def test_somebody_who_was_to_answer_has_answered(client, planned, ana):
    planned.set_next(Inquiry.NextAction.WAIT, timezone.now() + timedelta(days=3), ana)
    assert "Now: them." in texts(client, planned)["case"]
    add(planned)
    assert "Now: us." in texts(client, planned)["case"]


def test_a_plan_made_after_the_words_stands(client, planned, ana):
    add(planned)
    planned.refresh_from_db()
    planned.set_next(Inquiry.NextAction.START, timezone.now() + timedelta(days=3), ana)
    page = texts(client, planned)["case"]
    assert "Start the program in 2 days" in page and "Planned before" not in page and "New words" in page


def test_what_was_planned_is_back_once_the_words_are_answered(client, planned, ana):
    add(planned)
    planned.refresh_from_db()
    planned.mark_answered(ana)
    assert planned.action_due == Inquiry.NextAction.ASSESS and not planned.must_be_answered


def test_a_first_contact_stays_the_first_contact_and_the_words_are_told(client, ana):
    inquiry = stored_inquiry()
    add(inquiry)
    for name, page in texts(client, inquiry).items():
        assert "First contact" in page and "New words" in page and ANSWER not in page, name

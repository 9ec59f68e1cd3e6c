"""Words of danger that come to what was set aside as a robot's bring it back, and nothing takes it off unread."""

import pytest
from django.core import mail
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import timeline
from inquiries.intake import status_progress
from inquiries.models import Inquiry, InquiryText, InvalidTransition
from inquiries.promises import answer_by, is_over
from inquiries.worker import mailer
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
DANGER, PLAIN = "Quiero morir", "Mornings are better."
ROBOT = {"screening_reasons": "trap fast"}


def add(words) -> Inquiry:
    inquiry = stored_inquiry(**ROBOT)
    Inquiry.objects.get(pk=inquiry.pk).add_words(words)
    return inquiry


def add_through_a_stale_copy(words) -> Inquiry:
    """Staff set it aside after the sender's page was read from the database."""
    inquiry = stored_inquiry()
    copy = Inquiry.objects.get(pk=inquiry.pk)
    inquiry.set_aside(staff_user())
    copy.add_words(words)
    return inquiry


def send_again(words) -> Inquiry:
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, **ROBOT)
    stored_inquiry(key, question=words)
    return inquiry


WAYS = [add, add_through_a_stale_copy, send_again]


@pytest.mark.parametrize("write", WAYS)
def test_it_comes_back_to_the_lists_of_work(write):
    inquiry = write(DANGER)
    row = Inquiry.objects.get()
    assert (row.set_aside_at, row.next_action) == (None, "first-contact") and row.sender_wrote_at
    assert row.due_at <= timezone.now() and row in Inquiry.objects.open().needs_work(timezone.now())
    entries = [entry for _day, day in timeline.timeline(row, timezone.now()) for entry in day]
    [back] = [entry for entry in entries if entry.what == "Brought back: not a robot"]
    assert (back.who, back.more) == ("", "New words of the sender tell of danger.")
    assert inquiry.events.filter(verb="brought-back").count() == 1


@pytest.mark.parametrize("write", WAYS)
def test_plain_words_leave_it_set_aside_and_due(write):
    write(PLAIN)
    row = Inquiry.objects.get()
    assert row.set_aside_at and row.due_at and not row.events.filter(verb="brought-back").exists()


def test_staff_are_mailed(settings):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry")
    add(PLAIN)
    assert mailer.deliver_due() == 0 and not mail.outbox
    add(DANGER)
    assert mailer.deliver_due() and mail.outbox


def test_its_sender_sees_what_any_other_sees():
    def shown(words):
        row = Inquiry.objects.get(pk=add(words).pk)
        by = answer_by(row)
        return status_progress.who_acts(row), by and by.date(), is_over(row)

    assert shown(DANGER) == shown(PLAIN)


def closed_as_a_robot_s() -> Inquiry:
    inquiry, ana = stored_inquiry(**ROBOT), staff_user("inquiries.view_inquiry")
    inquiry.opened(ana)
    inquiry.not_real(ana)
    return inquiry


def test_what_was_closed_as_a_robot_s_comes_back_too_and_staff_are_mailed(settings):
    settings.HAS_MAIL_SERVER = True
    closed_as_a_robot_s().add_words(DANGER)
    row = Inquiry.objects.get()
    assert (row.closed_at, row.set_aside_at, row.outcome, row.told) == (None, None, "", "")
    assert row in Inquiry.objects.open().needs_work(timezone.now())
    assert mailer.deliver_due() and mail.outbox


def test_plain_words_to_what_was_closed_as_a_robot_s_are_due_at_the_desk():
    closed_as_a_robot_s().add_words(PLAIN)
    row = Inquiry.objects.get()
    assert row.closed_at and row.set_aside_at and row.due_at


def heard_by_an_earlier_process() -> Inquiry:
    inquiry, now = stored_inquiry(**ROBOT), timezone.now()
    Inquiry.objects.update(sender_wrote_at=now, due_at=now)
    InquiryText.objects.create(inquiry=inquiry, kind=InquiryText.Kind.ADDITION, body=DANGER)
    return Inquiry.objects.get()


def test_what_an_earlier_process_left_set_aside_is_not_marked_as_answered():
    inquiry, ana = heard_by_an_earlier_process(), staff_user()
    with pytest.raises(InvalidTransition, match="tell of danger"):
        inquiry.mark_answered(ana)
    assert Inquiry.objects.needs_work(timezone.now()).exists() and Inquiry.objects.get().sender_wrote_at
    inquiry.bring_back(ana)
    inquiry.mark_answered(ana)
    assert Inquiry.objects.open().exists()


def test_a_copy_from_before_it_was_set_aside_does_not_mark_it_either():
    inquiry = stored_inquiry()
    inquiry.add_words(DANGER)
    copy, now = Inquiry.objects.get(), timezone.now()
    Inquiry.objects.update(set_aside_at=now)
    with pytest.raises(InvalidTransition, match="tell of danger"):
        copy.mark_answered(staff_user())
    assert Inquiry.objects.get().due_at

"""Whoever owns an inquiry is told by mail what comes to them, if they want it: a reference and a link, nothing else."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core import mail

from inquiries.models import Inquiry, MailChoices, OutboxNotice
from inquiries.worker import mailer, overdue
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
MONDAY_AT_NOON = datetime(2026, 6, 8, 19, tzinfo=UTC)
Kind = OutboxNotice.Kind
TOPICS = {Kind.STAFF_HANDED_OVER: "handed_over", Kind.STAFF_ADDED: "new_words", Kind.STAFF_OVERDUE: "overdue"}
SUBJECTS = {
    Kind.STAFF_HANDED_OVER: "An inquiry was handed over to you",
    Kind.STAFF_OVERDUE: "An inquiry of yours is overdue",
}


@pytest.fixture(autouse=True)
def noon(settings):
    settings.HAS_MAIL_SERVER = True
    with time_machine.travel(MONDAY_AT_NOON, tick=False):
        yield


@pytest.fixture
def ana():
    return staff_user(*RIGHTS)


@pytest.fixture
def lead():
    """Who wants no mail about inquiries in general."""
    return staff_user(*RIGHTS, wants_inquiry_notices=False)


@pytest.fixture
def inquiry(ana):
    inquiry = stored_inquiry()
    inquiry.hand_over(ana, ana)  # by herself: there is nothing to tell
    OutboxNotice.objects.all().delete()
    return inquiry


def due(inquiry, before: timedelta):
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=MONDAY_AT_NOON - before)


def owed(kind) -> list:
    return [notice.user for notice in OutboxNotice.objects.filter(kind=kind)]


def deliver() -> list:
    mail.outbox.clear()
    mailer.deliver_due()
    return list(mail.outbox)


def happen(kind, inquiry, ana, lead):
    if kind == Kind.STAFF_HANDED_OVER:
        inquiry.hand_over(lead, ana)
        inquiry.hand_over(ana, lead)
    elif kind == Kind.STAFF_ADDED:
        inquiry.add_words("More of it")
    else:
        due(inquiry, timedelta(hours=1))
        overdue.tell_owners(MONDAY_AT_NOON)


@pytest.mark.parametrize("kind", TOPICS)
def test_the_owner_is_told_and_may_choose_not_to_be(kind, inquiry, ana, lead):
    ana.wants_inquiry_notices = False
    ana.save()
    happen(kind, inquiry, ana, lead)
    [message] = [message for message in deliver() if message.to == [ana.email]]
    assert message.subject == SUBJECTS.get(kind, message.subject) and inquiry.reference in message.body
    assert f"/admin/inquiries/inquiry/{inquiry.pk}/change/" in message.body
    assert not [
        words
        for words in ("Rosa", "555-01", "6265550", "More of it", "group")
        if words in message.message().as_string()
    ]


@pytest.mark.parametrize("kind", TOPICS)
def test_who_chose_otherwise_is_told_nothing(kind, inquiry, ana, lead):
    MailChoices.objects.create(user=ana, **{TOPICS[kind]: False})
    happen(kind, inquiry, ana, lead)
    assert ana not in owed(kind)


@pytest.mark.parametrize("kind", TOPICS)
def test_who_chose_otherwise_meanwhile_is_told_nothing(kind, inquiry, ana, lead):
    happen(kind, inquiry, ana, lead)
    assert ana in owed(kind)
    MailChoices.objects.create(user=ana, **{TOPICS[kind]: False})
    assert ana.email not in [address for message in deliver() for address in message.to]


def test_others_are_told_of_new_words_as_before(inquiry, ana, lead):
    other = staff_user("inquiries.view_inquiry")
    inquiry.add_words("More of it")
    assert set(owed(Kind.STAFF_ADDED)) == {ana, other}


def test_nobody_is_told_of_what_is_given_back_or_kept(inquiry, ana):
    inquiry.hand_over(None, ana)
    inquiry.take(ana)
    assert not OutboxNotice.objects.exists()


def test_what_is_passed_on_before_the_mail_goes_is_told_to_the_last(inquiry, ana, lead):
    noor = staff_user(*RIGHTS)
    inquiry.hand_over(lead, ana)
    inquiry.hand_over(noor, lead)
    assert [message.to for message in deliver()] == [[noor.email]]


def test_many_at_once_leave_out_what_is_not_theirs_any_more(ana, lead):
    inquiries = [stored_inquiry(question=f"{number}?") for number in range(12)]
    OutboxNotice.objects.all().delete()
    for inquiry in inquiries:
        inquiry.hand_over(lead, ana)
    inquiries[0].hand_over(ana, lead)
    [message] = [message for message in deliver() if message.to == [lead.email]]
    assert message.subject == "News of 11 inquiries" and inquiries[0].reference not in message.body


def test_overdue_is_told_once_and_again_when_it_was_planned_anew(inquiry, ana):
    due(inquiry, timedelta(hours=1))
    assert [overdue.tell_owners(MONDAY_AT_NOON) for _twice in range(2)] == [1, 0]
    assert [message.subject for message in deliver()] == [SUBJECTS[Kind.STAFF_OVERDUE]]
    inquiry.set_next("contact-again", MONDAY_AT_NOON + timedelta(hours=1), ana)
    assert overdue.tell_owners(MONDAY_AT_NOON + timedelta(hours=2)) == 1


def test_overdue_is_not_told_when_it_was_planned_anew_before_the_mail_goes(inquiry, ana):
    due(inquiry, timedelta(hours=1))
    overdue.tell_owners(MONDAY_AT_NOON)
    inquiry.set_next("contact-again", MONDAY_AT_NOON + timedelta(hours=1), ana)
    assert deliver() == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (timedelta(minutes=20), MONDAY_AT_NOON),  # whoever calls at the hour that was set is not late
        (timedelta(days=1), MONDAY_AT_NOON + timedelta(hours=9)),  # in the evening
        (timedelta(days=2), MONDAY_AT_NOON - timedelta(days=1)),  # on a Sunday
    ],
)
def test_nobody_is_told_of_the_overdue_too_early_or_out_of_hours(inquiry, before, now):
    due(inquiry, before)
    assert overdue.tell_owners(now) == 0


def test_who_was_told_of_new_words_or_got_it_late_is_not_told_again_that_it_is_due(inquiry, ana, lead):
    inquiry.add_words("More of it")
    later = MONDAY_AT_NOON + timedelta(hours=2)
    assert overdue.tell_owners(later) == 0
    due(inquiry, timedelta(hours=1))
    OutboxNotice.objects.all().delete()
    inquiry.hand_over(lead, ana)
    assert overdue.tell_owners(later) == 0


def test_what_is_nobodys_or_not_open_tells_nobody(inquiry, ana):
    due(inquiry, timedelta(hours=1))
    inquiry.hand_over(None, ana)
    other = stored_inquiry(question="Other")
    other.take(ana)
    other.set_aside(ana)
    assert overdue.tell_owners(MONDAY_AT_NOON) == 0


def test_who_wanted_no_mail_before_there_was_a_choice_gets_none_of_the_new_ones(inquiry, ana, lead):
    import_module("inquiries.migrations.0031_mail_choices").keep_silent(apps, None)
    assert [choices.user for choices in MailChoices.objects.all()] == [lead]
    inquiry.hand_over(lead, ana)
    inquiry.hand_over(ana, lead)
    assert owed(Kind.STAFF_HANDED_OVER) == [ana]

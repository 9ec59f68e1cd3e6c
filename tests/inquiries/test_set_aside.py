"""What was set aside is looked at within two working days: staff say that it is a robot's, or bring it back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inquiries.desk import list_tabs, stats
from inquiries.models import ClosedDay, Inquiry, InvalidTransition
from inquiries.worker import mailer, retention
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 6, 5, 20, tzinfo=UTC)  # 1 p.m. in Duarte
ROBOT = {"screening_reasons": "trap fast"}
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")


@pytest.fixture
def ana(client):
    user = staff_user(*RIGHTS, first_name="Ana")
    client.force_login(user)
    return user


def aside(**answers) -> Inquiry:
    with time_machine.travel(FRIDAY, tick=False):
        return stored_inquiry(**ROBOT, received_at=FRIDAY, **answers)


def test_what_comes_back_keeps_what_was_planned(ana):
    inquiry = stored_inquiry(received_at=FRIDAY)
    due_at = timezone.now() + timedelta(days=20)
    inquiry.set_next("assess", due_at, ana)
    inquiry.set_aside(ana)
    assert inquiry.due_at is None
    inquiry.bring_back(ana)
    stored = Inquiry.objects.get()
    assert (stored.next_action, stored.due_at, stored.planned_due_at) == ("assess", due_at, None)


def test_whom_somebody_tried_to_contact_is_not_set_aside(client, ana):
    inquiry = stored_inquiry()
    inquiry.log_try("no-answer", ana, next_action=None, due_at=None)
    assert "set-aside" not in client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    with pytest.raises(InvalidTransition, match="close it instead"):
        inquiry.set_aside(ana)


@pytest.mark.parametrize("typed", ["kf37rd", "KF37 RD", " kf37-rd "])
def test_another_inquiry_is_named_without_its_dash(client, ana, typed):
    one, other = stored_inquiry(), stored_inquiry(question="Other")
    Inquiry.objects.filter(pk=other.pk).update(reference="KF37-RD")
    client.post(f"/admin/inquiries/inquiry/{one.pk}/link/", {"version": one.version, "other": typed})
    assert one.is_linked_to(other)


def test_a_withdrawn_case_says_who_took_it_back_and_no_plan(client, ana):
    inquiry = stored_inquiry()
    inquiry.withdraw()
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    assert "Taken back by the sender" in page and "Do not contact this person about it." in page
    assert "cannot be read" not in page


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (FRIDAY + timedelta(days=3), 0),  # Monday
        (FRIDAY + timedelta(days=4, minutes=-1), 0),
        (FRIDAY + timedelta(days=4), 1),  # Tuesday, the same time
    ],
)
def test_it_may_wait_two_working_days(now, late):
    aside()
    assert stats.late_aside(now) == late


def test_a_closed_day_is_no_working_day():
    ClosedDay.objects.create(day="2026-06-08", name="Made up")
    aside()
    assert [stats.late_aside(FRIDAY + timedelta(days=days)) for days in (4, 5)] == [0, 1]


def test_only_what_waits_for_a_decision_is_late(ana):
    robot, person, gone, waiting = (aside(question=words) for words in "abcd")
    for inquiry in (robot, person, gone, waiting):
        inquiry.opened(ana)
    robot.not_real(ana)
    person.bring_back(ana)
    gone.withdraw()
    assert stats.late_aside(timezone.now()) == 1
    assert list(list_tabs.tab_queryset("aside", ana, timezone.now())) == [waiting]


def test_the_list_begins_with_who_waits_longest_and_says_how_late(client, ana):
    late = aside(name="Late")
    stored_inquiry(**ROBOT, name="Fresh")
    page = client.get("/admin/inquiries/inquiry/?tab=aside").content.decode()
    assert page.index("Late") < page.index("Fresh")
    text = " ".join(page.split())
    assert "Is it a person?" in text and 'class="is-over"' in text and " late</span>" in text
    assert late.due_at is None


def test_the_first_page_counts_it_and_is_red_when_one_is_late(client, ana):
    def card() -> str:
        page = " ".join(client.get("/admin/").content.decode().split())
        start = page.rindex('<div class="today-card', 0, page.index("?tab=aside"))
        return page[start : page.index("</div>", start)]

    assert '<p class="number">0</p>' in card() and "is-late" not in card()
    stored_inquiry(**ROBOT)
    assert '<p class="number">1</p>' in card() and "is-late" not in card()
    aside(question="late")
    assert '<p class="number">2</p>' in card() and "is-late" in card()
    assert "1 waits for a look longer than two working days" in card()


def test_it_enters_no_list_and_no_count_of_work(ana):
    aside()
    now = timezone.now()
    counts = list_tabs.counts(ana, now)
    assert {tab: count.number for tab, count in counts.items() if count} == {"aside": 1}
    assert not any(list_tabs.tab_queryset(tab, ana, now).exists() for tab in list_tabs.LABELS if tab != "aside")


def test_staff_close_a_robot_once_they_read_it(client, ana, settings):
    settings.HAS_MAIL_SERVER = True
    inquiry = aside(contact_way="email", phone="", email="stranger@example.com")
    with pytest.raises(InvalidTransition):
        inquiry.not_real(ana)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    assert "It is a robot" in page and "Look at it by Tue, June 9, 1:00 PM." in page
    client.post(f"/admin/inquiries/inquiry/{inquiry.pk}/not-real/", {"version": 1})
    inquiry.refresh_from_db()
    assert (inquiry.outcome, inquiry.told, inquiry.due_at) == ("not-real", "not-told", None)
    assert inquiry.closed_at and inquiry.set_aside_at
    assert mailer.deliver_due() == 0 and not mail.outbox


def test_what_was_closed_as_a_robot_s_is_erased_by_its_age_and_can_be_reopened_before(ana):
    gone, kept = aside(question="a"), aside(question="b")
    for inquiry in (gone, kept):
        inquiry.opened(ana)
        inquiry.not_real(ana)
    kept.reopen(ana, "first-contact", timezone.now() + timedelta(days=1))
    assert kept.set_aside_at is None and kept in Inquiry.objects.open()
    retention.purge(timezone.now() + timedelta(days=181))
    for inquiry in (gone, kept):
        inquiry.refresh_from_db()
    assert gone.erased_at and not kept.erased_at


def test_only_what_is_set_aside_is_closed_so(ana):
    inquiry = stored_inquiry()
    inquiry.opened(ana)
    with pytest.raises(InvalidTransition):
        inquiry.not_real(ana)
    with pytest.raises(InvalidTransition):
        inquiry.bring_back(ana)

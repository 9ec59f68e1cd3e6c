"""By when a sender hears from us: on the sent page, the status page and in the receipt, and always a working day."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inquiries.models import ClosedDay, Event, Figure, Inquiry, WeeklyHours
from inquiries.worker import mailer
from programs.models import SiteProfile
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, send
from tests.inquiries.status_pages import open_with, press, sent

pytestmark = pytest.mark.django_db

MONDAY = timezone.make_aware(datetime(2026, 6, 8, 10))
BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com", "preferred_language": "en"}


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def close(*days):
    for day in days:
        ClosedDay.objects.create(day=date(2026, 6, day))


def local_day(moment) -> date:
    return timezone.localtime(moment).date()


def test_the_three_tell_the_same_day(client, settings):
    settings.HAS_MAIL_SERVER = True
    close(9)
    page = Page(send(client, **BY_EMAIL))
    assert "You will hear from us by Wednesday, June 10." in page.text
    mailer.deliver_due()
    assert "You will hear from us by Wednesday, June 10." in mail.outbox[-1].body
    code = "".join(page.texts_of("b", class_="code")[1].split())
    assert "Now: our team, by Wednesday, June 10" in Page(open_with(client, code)).text


def test_a_day_that_is_closed_later_moves_what_is_due_and_what_is_told(client):
    inquiry, code = sent()
    assert local_day(inquiry.due_at) == date(2026, 6, 9)
    close(9, 10)
    inquiry.refresh_from_db()
    assert local_day(inquiry.due_at) == local_day(inquiry.first_due_at) == date(2026, 6, 11)
    assert "by Thursday, June 11" in Page(open_with(client, code)).text
    assert inquiry.events.first().verb != Event.Verb.RECEIVED
    ClosedDay.objects.all().delete()
    inquiry.refresh_from_db()
    assert local_day(inquiry.due_at) == date(2026, 6, 9)


def test_other_weekly_hours_move_it_too():
    inquiry = stored_inquiry()
    for weekday in (0, 3):
        WeeklyHours.objects.create(weekday=weekday, opens_at=time(9), closes_at=time(17))
    inquiry.refresh_from_db()
    assert local_day(inquiry.due_at) == date(2026, 6, 11)


def test_what_somebody_planned_stays_and_its_sender_is_told_a_working_day(client):
    inquiry, code = sent()
    ana = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry")
    planned = MONDAY + timedelta(days=1, hours=3)
    inquiry.set_next("contact-again", planned, ana)
    close(9)
    inquiry.refresh_from_db()
    assert inquiry.due_at == planned
    assert "by Wednesday, June 10" in Page(open_with(client, code)).text


def test_nothing_is_made_late_by_hours_that_are_entered():
    inquiry = stored_inquiry()
    with time_machine.travel(MONDAY + timedelta(hours=6), tick=False):
        WeeklyHours.objects.create(weekday=0, opens_at=time(8), closes_at=time(12))
    inquiry.refresh_from_db()
    assert inquiry.due_at > MONDAY + timedelta(hours=6)


def test_what_is_due_now_for_new_words_stays_due_now():
    inquiry = stored_inquiry()
    inquiry.add_words("Before noon.")
    close(9)
    inquiry.refresh_from_db()
    assert inquiry.due_at == MONDAY and local_day(inquiry.first_due_at) == date(2026, 6, 10)


def test_the_sender_of_what_was_set_aside_is_told_what_any_other_is(client):
    _aside, code = sent(screening_reasons="trap fast")
    close(9)
    assert Inquiry.objects.get().due_at is None
    assert "by Wednesday, June 10" in Page(open_with(client, code)).text


def test_after_words_were_added_the_closed_days_count(client):
    _inquiry, code = sent()
    close(9, 10)
    page = press(client, open_with(client, code), "add", words="Before noon.")
    assert "by Thursday, June 11" in Page(page).text


def test_the_usual_time_is_told_where_the_owner_wants_it_and_many_were_reached(client, settings):
    def figures(count):
        Figure.objects.all().delete()
        Figure.objects.create(day=date(2026, 6, 5), kind=Figure.Kind.CONTACTED, size=60, count=count - 5)
        Figure.objects.create(day=date(2026, 6, 5), kind=Figure.Kind.CONTACTED, size=320, count=5)

    tells = "Most people hear from us within 6 working hours."
    figures(20)
    assert "Most people" not in Page(send(client)).text
    settings.TELL_USUAL_HOURS = True
    assert tells in Page(send(client)).text
    figures(19)
    assert "Most people" not in Page(send(client)).text


@pytest.mark.parametrize(("way", "is_shown"), [("call", True), ("text", True), ("email", False)])
def test_a_known_number_of_the_center_stands_where_a_call_may_come(client, way, is_shown):
    shown = "Our phone number is (626) 555-0100. You may see it when we call or text you."
    assert "Our phone number" not in Page(send(client, contact_way=way, email="rosa@example.com")).text
    SiteProfile.objects.update(phone="(626) 555-0100")
    _inquiry, code = sent(contact_way=way, email="rosa@example.com")
    assert (shown in Page(send(client, contact_way=way, email="rosa@example.com")).text) == is_shown
    assert (shown in Page(open_with(client, code)).text) == is_shown

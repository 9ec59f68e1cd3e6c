"""How many of one's own inquiries wait: in the bar, renewed by a request that prolongs and records nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from inquiries.models import Event, Inquiry
from tests.factories import PASSWORD, phone_of, staff_user, stored_inquiry
from tests.iop_site.test_second_step import number

pytestmark = pytest.mark.django_db
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
ADDRESS = "/admin/for-me/"


@pytest.fixture
def ana(client):
    user = staff_user(*RIGHTS)
    client.force_login(user)
    return user


@pytest.fixture
def inquiry(ana):
    inquiry = stored_inquiry()
    inquiry.take(ana)
    return inquiry


def asked(client) -> str:
    return client.get(ADDRESS).content.decode()


def test_what_is_due_counts_and_what_is_planned_for_later_does_not(client, ana, inquiry):
    assert asked(client) == "0"
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert asked(client) == "1"


def test_new_words_count_also_of_what_is_closed(client, ana, inquiry):
    Inquiry.objects.filter(pk=inquiry.pk).update(closed_at=timezone.now(), due_at=None, outcome="answered", told="call")
    assert asked(client) == "0"
    inquiry.add_words("More of it")
    assert asked(client) == "1"


def test_what_was_handed_over_counts_until_it_is_opened(client, ana):
    inquiry, lead = stored_inquiry(), staff_user(*RIGHTS)
    inquiry.hand_over(ana, lead)
    assert asked(client) == "1"
    client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    assert asked(client) == "0"
    inquiry.hand_over(lead, ana)
    inquiry.hand_over(ana, lead)
    assert asked(client) == "1"


def test_what_is_a_colleagues_does_not_count(client, ana, inquiry):
    inquiry.hand_over(staff_user(*RIGHTS), ana)
    Inquiry.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert asked(client) == "0"


def test_the_bar_shows_it_and_leads_to_the_same_inquiries(client, ana, inquiry):
    other = stored_inquiry(question="Other")
    bar = client.get("/admin/account/").content.decode()
    assert f'data-for-me="{ADDRESS}" hidden' in bar
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    bar = client.get("/admin/account/").content.decode()
    assert f'data-for-me="{ADDRESS}">' in bar and '<span role="status">1</span>' in bar
    listed = client.get("/admin/inquiries/inquiry/?tab=for-me").content.decode()
    assert inquiry.reference in listed and other.reference not in listed and "Waits for me" in listed
    assert "Waits for me" not in client.get("/admin/inquiries/inquiry/").content.decode()


def test_who_sees_no_inquiries_has_no_number(client):
    client.force_login(staff_user("programs.view_therapy"))
    page = client.get("/admin/account/").content.decode()
    assert "data-for-me" not in page and "for-me.js" not in page
    assert client.get(ADDRESS).status_code == 403


def test_asking_records_nothing(client, ana, inquiry):
    before = Event.objects.count()
    assert asked(client) == "0" and Event.objects.count() == before


@pytest.mark.one_step
def test_asking_keeps_no_session_open_and_sets_no_cookie(client):
    user = staff_user(*RIGHTS)
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert client.get(ADDRESS).status_code == 403  # after the password alone
    assert client.post("/admin/second-step/", {"token": number(phone_of(user))}).url == "/admin/"
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=10)):
        answer = client.get(ADDRESS)
        assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"0", "no-store")
        assert not answer.cookies
    with time_machine.travel(now + timedelta(minutes=16)):
        assert client.get(ADDRESS).status_code == 403
        assert client.get("/admin/").url.startswith("/admin/login/")

"""A session ends after fifteen idle minutes or ten hours, and what was being typed then is not lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from inquiries.models import Event
from iop_site.staff import form_recovery
from tests.factories import PASSWORD, phone_of, staff_user
from tests.iop_site.test_second_step import number

pytestmark = pytest.mark.django_db
FORM = "/admin/staff/user/add/"
NOTE = "Called her sister; ask again after lunch"


@pytest.fixture
def user():
    return staff_user(is_superuser=True)


@pytest.fixture
def desk(client, user):
    """A browser through both steps, by the pages themselves."""
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    phone = phone_of(user)
    client.post("/admin/second-step/", {"token": number(phone)})
    assert client.get("/admin/").status_code == 200
    return client


def later(**delay):
    return time_machine.travel(timezone.now() + timedelta(**delay))


@pytest.mark.parametrize("method", ["get", "post"])
def test_after_fifteen_idle_minutes_the_desk_is_shut(desk, method):
    with later(minutes=14):
        assert desk.get("/admin/").status_code == 200
    with later(minutes=30):
        assert getattr(desk, method)("/admin/").url.startswith("/admin/login/")


def test_after_ten_hours_the_desk_is_shut_however_busy(desk):
    for minutes in range(14, 10 * 60, 14):
        with later(minutes=minutes):
            assert desk.get("/admin/account/").status_code == 200
    with later(hours=10, minutes=1):
        assert desk.get("/admin/").url.startswith("/admin/login/")


@pytest.mark.parametrize("jump", [timedelta(days=1), -timedelta(days=1)])
def test_a_clock_that_jumps_ends_the_session(desk, jump):
    with time_machine.travel(timezone.now() + jump):
        assert desk.get("/admin/").url.startswith("/admin/login/")


def test_the_cookie_ends_with_the_browser(desk):
    assert not desk.cookies["sessionid"]["max-age"] and desk.cookies["sessionid"]["httponly"]


def sealed_in(page: str) -> str:
    found = re.search(r'name="carried" value="([^"]+)"', page)
    return found[1] if found else ""


def test_a_note_survives_the_end_of_the_session(desk, user):
    with later(minutes=16):
        answer = desk.post(FORM, {"first_name": NOTE, "password1": "a new secret", "action": "x"})
        page = answer.content.decode()
        assert answer.status_code == 200 and "you were signed out" in page.lower()
        assert NOTE not in page and "a new secret" not in page
        assert not type(user).objects.exclude(pk=user.pk).exists()  # nothing was done
        data = {"username": user.username, "password": PASSWORD, "next": FORM, "carried": sealed_in(page)}
        wrong = desk.post("/admin/login/", data | {"password": "wrong"}).content.decode()
        assert sealed_in(wrong) == data["carried"]
        desk.post("/admin/login/", data)
        assert desk.post("/admin/second-step/", {"token": number(phone_of(user))}).url == FORM
        back = desk.get(FORM)
        assert f'value="{NOTE}"' in back.content.decode()
        assert NOTE not in desk.get("/admin/account/").content.decode()
        desk.post(FORM, {"first_name": NOTE})
        assert NOTE not in desk.get(FORM).content.decode()


def test_a_note_opens_for_nobody_else_and_not_for_ever(rf, user):
    request = rf.post(FORM, {"note": NOTE})
    sealed = form_recovery.seal(request, user.pk)
    assert form_recovery.unseal(sealed, user.pk, FORM).dict() == {"note": NOTE}
    assert not form_recovery.unseal(sealed, user.pk + 1, FORM)
    assert not form_recovery.unseal(sealed, user.pk, "/admin/")
    assert not form_recovery.unseal(sealed[:-4] + "AAA=", user.pk, FORM)
    with later(minutes=31):
        assert not form_recovery.unseal(sealed, user.pk, FORM)


def test_a_stranger_carries_nothing(client):
    assert client.post(FORM, {"note": NOTE}).url.startswith("/admin/login/")


def test_all_sessions_are_listed_and_the_others_can_be_ended(desk, user):
    other = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    other.post("/admin/login/", {"username": user.username, "password": PASSWORD}, REMOTE_ADDR="192.0.2.9")
    page = desk.get("/admin/account/").content.decode()
    assert "Firefox on Windows" in page and "this one" in page and "192.0.2.9" not in page
    desk.post("/admin/account/sign-out-elsewhere/")
    assert other.get("/admin/").url.startswith("/admin/login/")
    assert "nowhere else" in desk.get("/admin/account/").content.decode()


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(desk, user):
    other = Client()
    other.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    new = {"old_password": PASSWORD, "new_password1": "another long phrase", "new_password2": "another long phrase"}
    with later(seconds=30):  # the number of now let the desk be opened
        new["token"] = number(phone_of(user))
        assert desk.post("/admin/password_change/", new).status_code == 302
    assert desk.get("/admin/account/").status_code == 200
    assert other.get("/admin/").url.startswith("/admin/login/")
    assert user.sessions.count() == 1
    assert Event.objects.filter(verb="account-changed", fields="password", actor=user, account=user).count() == 1


def test_what_is_stored_of_a_session_opens_none(desk, user):
    key = desk.cookies["sessionid"].value
    [row] = user.sessions.all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM staff_session")
        assert key not in repr(cursor.fetchall())
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert thief.get("/admin/account/").url.startswith("/admin/login/")
    assert desk.get("/admin/account/").status_code == 200


def test_a_session_stored_by_its_key_as_before_opens_nothing(desk, user):
    """Releases before kept the key itself: whoever has one from a stolen table finds it void."""
    key = desk.cookies["sessionid"].value
    user.sessions.update(session_key=key)
    assert desk.get("/admin/account/").url.startswith("/admin/login/")


def test_ended_sessions_are_cleared_by_the_command_too(desk, user):
    with later(minutes=30):
        call_command("clearsessions")
    assert not user.sessions.exists()


def test_sessions_of_an_account_that_is_switched_off_end(desk, user):
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert desk.get("/admin/").url.startswith("/admin/login/")

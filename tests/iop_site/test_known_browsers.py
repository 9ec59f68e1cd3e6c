"""A browser that was through both steps goes before strangers, for a while, for its account, and not without end."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from iop_site.staff import hashing, known_browsers, lockout
from iop_site.staff.models import Authenticator
from tests.factories import PASSWORD, phone_of, staff_user
from tests.iop_site.test_second_step import number

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]
LOGIN = "/admin/login/"
OWNER, COOKIE = "desk_owner", "desk_known"
NEW = "purple lantern orchard"


@pytest.fixture(autouse=True)
def nobody_tried_before(monkeypatch):
    monkeypatch.setattr(lockout, "_failed_at", {})
    monkeypatch.setattr(known_browsers, "_waits", {})


@pytest.fixture
def user():
    return staff_user(username="rosa")


def through_both_steps(user) -> Client:
    browser = Client()
    browser.post(LOGIN, {"username": user.username, "password": PASSWORD})
    browser.post("/admin/second-step/", {"token": number(phone_of(user))})
    return browser


def known(user) -> str:
    return through_both_steps(user).cookies[COOKIE].value


def asking(cookie="", network="192.0.2.1"):
    """A request from a network, of which a try failed before, with the cookie."""
    request = RequestFactory().post(LOGIN, REMOTE_ADDR=network)
    request.COOKIES = {COOKIE: cookie} if cookie else {}
    lockout.note_failure(lockout.network(request))
    return request


def test_it_waits_whatever_its_network_did(user):
    cookie = known(user)
    assert lockout.seat(asking()) is None
    assert lockout.seat(asking(cookie)) == hashing.KNOWN
    assert lockout.seat(asking(f"{cookie}x")) is None


def test_the_password_alone_makes_no_browser_known(client, user):
    phone_of(user)
    client.post(LOGIN, {"username": "rosa", "password": PASSWORD})
    assert client.cookies[OWNER].value and COOKIE not in client.cookies
    assert lockout.seat(asking(client.cookies[OWNER].value)) is None


def test_the_mark_stays_in_the_browser_for_thirty_days_and_the_owner_until_it_is_closed(user, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookies = through_both_steps(user).cookies
    assert cookies[COOKIE]["max-age"] == 30 * 24 * 60 * 60 and not cookies[OWNER]["max-age"]
    for cookie in (cookies[COOKIE], cookies[OWNER]):
        assert cookie["httponly"] and cookie["secure"]
        assert (cookie["samesite"], cookie["path"]) == ("Lax", "/")


@pytest.mark.parametrize("password", [PASSWORD, "a wrong one"])
def test_the_password_step_leaves_the_mark_of_before(user, password):
    browser = through_both_steps(user)
    browser.post("/admin/logout/")
    answer = browser.post(LOGIN, {"username": "rosa", "password": password})
    assert COOKIE not in answer.cookies
    assert lockout.seat(asking(browser.cookies[COOKIE].value)) == hashing.KNOWN


def test_a_wrong_number_leaves_the_mark_of_before(user):
    browser = through_both_steps(user)
    browser.post("/admin/logout/")
    browser.post(LOGIN, {"username": "rosa", "password": PASSWORD})
    assert COOKIE not in browser.post("/admin/second-step/", {"token": "000000"}).cookies
    assert lockout.seat(asking(browser.cookies[COOKIE].value)) == hashing.KNOWN


def test_sign_out_keeps_the_mark_which_opens_nothing(user):
    browser = through_both_steps(user)
    answer = browser.post("/admin/logout/")
    assert "cookies" not in answer["Clear-Site-Data"] and COOKIE not in answer.cookies
    assert lockout.seat(asking(browser.cookies[COOKIE].value)) == hashing.KNOWN
    assert browser.get("/admin/account/").url.startswith(LOGIN)


def test_a_first_phone_makes_it_known(client, user):
    client.post(LOGIN, {"username": "rosa", "password": PASSWORD})
    client.get("/admin/second-step/set-up/")
    client.post("/admin/second-step/set-up/", {"token": number(Authenticator.objects.get())})
    assert lockout.seat(asking(client.cookies[COOKIE].value)) == hashing.KNOWN


def switch_off(user):
    type(user).objects.filter(pk=user.pk).update(is_active=False)


def give_another_password(user):
    user.set_password(NEW)
    user.save()


def let_the_given_password_lapse(user):
    type(user).objects.update(must_choose_password=True, password_given_at=timezone.now() - timedelta(days=8))


@pytest.mark.parametrize(
    "change", [switch_off, give_another_password, let_the_given_password_lapse, Authenticator.remove_all]
)
def test_it_is_known_no_more_once_the_account_is_another(user, change):
    cookie = known(user)
    change(user)
    assert lockout.seat(asking(cookie)) is None


def test_it_is_known_for_thirty_days(user):
    cookie = known(user)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert lockout.seat(asking(cookie)) == hashing.KNOWN
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert lockout.seat(asking(cookie)) is None


def test_who_changes_their_own_password_stays_known(user):
    browser = through_both_steps(user)
    Authenticator.objects.update(last_step=-1)
    typed = {"old_password": PASSWORD, "token": number(phone_of(user)), "new_password1": NEW, "new_password2": NEW}
    assert browser.post("/admin/password_change/", typed).status_code == 302
    assert lockout.seat(asking(browser.cookies[COOKIE].value)) == hashing.KNOWN


def rounds_without_a_seat(flood: list, colleague) -> int:
    """Have all of ``flood`` ask for a seat, and then the colleague, a hundred times; return how often in vain.

    The slot is taken all the while. Who found a seat sits in it to the end of the round.
    """
    in_vain = 0
    for _round in range(100):
        sitting = []
        for request in [*flood, colleague]:
            seat = lockout.seat(request)
            found = seat is not None and hashing._seats[seat].acquire(blocking=False)
            sitting += [hashing._seats[seat]] if found else []
        in_vain += not found
        for seat in sitting:
            seat.release()
        known_browsers._waits.pop(colleague.COOKIES.get(COOKIE, "").partition(":")[0], None)  # who comes once
    return in_vain


@pytest.fixture
def colleague():
    return asking(known(staff_user(username="marisol")), "192.0.2.200")


def new_colleague():
    return RequestFactory().post(LOGIN, REMOTE_ADDR="192.0.2.201")


def networks(cookie="") -> list:
    return [asking(cookie, f"192.0.2.{k}") for k in range(50, 56)]


def test_a_flood_with_one_cookie_keeps_colleagues_waiting_for_its_share_alone(user, colleague):
    flood = networks(known(user))
    assert rounds_without_a_seat(flood, colleague) == known_browsers.SHARE
    assert rounds_without_a_seat(flood, new_colleague()) == 0


def test_a_flood_with_the_cookie_of_who_is_switched_off_takes_no_seat_at_all(
    user, colleague, django_assert_max_num_queries
):
    flood = networks(known(user))
    switch_off(user)
    assert rounds_without_a_seat(flood, new_colleague()) == 0
    assert rounds_without_a_seat(flood, colleague) == 0
    with django_assert_max_num_queries(0):
        assert {lockout.seat(request) for request in flood} == {None}


def test_a_flood_of_strangers_takes_no_seat(colleague):
    assert rounds_without_a_seat(networks(), colleague) == 0 == rounds_without_a_seat(networks(), new_colleague())


def test_without_a_database_it_is_answered_503(user, client, monkeypatch):
    def away(_user):
        raise OperationalError

    client.cookies[COOKIE] = known(user)
    monkeypatch.setattr(known_browsers, "mark_of", away)
    monkeypatch.setattr(hashing.Visit, "_takes_free_slot", lambda visit: False)
    assert client.post(LOGIN, {"username": "rosa", "password": PASSWORD}).status_code == 503


def test_a_share_is_had_again_after_five_minutes(user, monkeypatch):
    cookie, clock = known(user), [1000.0]
    monkeypatch.setattr(known_browsers.time, "monotonic", lambda: clock[0])
    for _wait in range(known_browsers.SHARE):
        assert known_browsers.may_wait_first(asking(cookie))
    assert not known_browsers.may_wait_first(asking(cookie))
    clock[0] += known_browsers.SHARE_OF
    assert known_browsers.may_wait_first(asking(cookie))


def test_a_cookie_of_the_release_before_carries_words_and_takes_no_seat(user, rf):
    response = Client().get(LOGIN)
    response.set_signed_cookie(OWNER, user.pk, salt="desk_owner")
    request = asking()
    request.COOKIES = {OWNER: response.cookies[OWNER].value}
    assert known_browsers.owner(request) == str(user.pk) and lockout.seat(request) is None


@pytest.mark.parametrize("name", ["rosa", "marisol"])
def test_the_release_before_reads_whose_words_it_is_to_seal(user, name):
    browser = through_both_steps(user)
    if name == "marisol":  # after rosa, and only with her password
        user = staff_user(username="marisol")
        browser.post("/admin/logout/")
        browser.post(LOGIN, {"username": "marisol", "password": PASSWORD})
    request = asking()
    request.COOKIES = {OWNER: browser.cookies[OWNER].value}
    assert request.get_signed_cookie("desk_owner", salt="desk_owner") == str(user.pk)

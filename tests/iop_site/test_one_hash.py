"""One password is hashed at a time in a process; whoever comes meanwhile is told to try again, and loses no word."""

import threading
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.urls import reverse
from django.utils.module_loading import import_string

from inquiries.models import Event
from iop_site import settings as shipped_settings
from iop_site.middleware import RequestBodyMiddleware
from iop_site.staff import account_mail, hashing, lockout, middleware
from iop_site.staff.models import SetUpCode, User
from tests.factories import PASSWORD, pass_second_step, phone_of, staff_user
from tests.iop_site.test_access_matrix import address, desk_names
from tests.iop_site.test_second_step import number

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.one_step]
LOGIN = "/admin/login/"
NEW = "purple lantern orchard"
# Whatever a page of the desk may ask for; of a page that hashes nothing, it is refused or does no harm.
TYPED = {
    "username": "rosa", "password": PASSWORD, "old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW,
    "password1": NEW, "password2": NEW, "usable_password": "true", "email": "r@example.com", "first_name": "Rosa",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_failed_before(monkeypatch):
    monkeypatch.setattr(lockout, "_failed_at", {})


@contextmanager
def taken(until=None):
    """Have another thread hold the slot while this lasts, or until the event ``until``."""
    held, over = threading.Event(), until or threading.Event()

    def hold():
        with hashing._slot:
            held.set()
            over.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(60)
    try:
        yield
    finally:
        over.set()
        holder.join()


def is_free() -> bool:
    """Whether another thread could take the slot now."""
    found = []

    def look():
        found.append(hashing._slot.acquire(blocking=False))
        if found == [True]:
            hashing._slot.release()

    other = threading.Thread(target=look)
    other.start()
    other.join()
    return found == [True]


def sign_in(client, username="rosa", **extra):
    return client.post(LOGIN, {"username": username, "password": PASSWORD, "next": "/admin/account/"}, **extra)


@pytest.mark.django_db(transaction=True)
def test_while_a_letter_about_an_account_is_sent_others_can_sign_in(client, settings, monkeypatch):
    user, seen = staff_user(), []
    settings.HAS_MAIL_SERVER = True
    monkeypatch.setattr(account_mail, "send_mail", lambda *letter: seen.append(is_free()))
    client.force_login(user)
    pass_second_step(client, user)
    [code, *_others] = user.authenticator.renew_codes()
    seen.clear()
    new = {"old_password": PASSWORD, "token": code, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/admin/password_change/", new).status_code == 302
    assert seen == [True, True] and is_free(), "of the code that was used, and of the password"


@pytest.mark.parametrize("path", [LOGIN, "/es/admin/login/"])
@pytest.mark.parametrize("username", ["rosa", "nobody", "<b>&{0}"])
def test_who_finds_it_taken_is_answered_429_with_the_name_kept_and_nothing_counted(client, monkeypatch, path, username):
    monkeypatch.setattr(hashing, "MAX_WAIT", 0)
    user = staff_user(username="rosa")
    typed = {"username": username, "password": PASSWORD, "next": "/admin/account/", "carried": "v1:sealed"}
    with taken():
        answers = [client.post(path, typed) for _twice in range(2)]
    for answer in answers:
        assert answer.status_code == 429 and answer["Retry-After"] == "2" and "no-store" in answer["Cache-Control"]
        page = answer.content.decode()
        for kept in (
            "/admin/account/",
            "v1:sealed",
            username.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        ):
            assert f'value="{kept}"' in page
        assert str(hashing.BUSY) in page or path != LOGIN
        assert PASSWORD not in page
    assert not Event.objects.exclude(verb=Event.Verb.ACCOUNT_MADE).exists() and lockout._failed_at == {}
    user.refresh_from_db()
    assert user.last_login is None


def test_the_page_of_the_refusal_signs_in_when_it_is_sent_again(monkeypatch):
    monkeypatch.setattr(hashing, "MAX_WAIT", 0)
    staff_user(username="rosa")
    browser = client_with_csrf()
    token = browser.get(LOGIN).context["csrf_token"]
    typed = {"username": "rosa", "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    with taken():
        page = browser.post(LOGIN, typed).content.decode()
    assert page.count(f'value="{token}"') == 1
    assert browser.post(LOGIN, typed).status_code == 302


def client_with_csrf():
    from_django = import_string("django.test.Client")
    return from_django(enforce_csrf_checks=True)


def test_a_network_without_failed_tries_waits_its_turn(client, monkeypatch):
    monkeypatch.setattr(hashing, "MAX_WAIT", 60)
    staff_user(username="rosa")
    let_go = threading.Event()
    asked = lockout.seat
    monkeypatch.setattr(lockout, "seat", lambda request: let_go.set() or asked(request))
    with taken(until=let_go):
        assert sign_in(client).status_code == 302
    assert is_free()


def test_a_network_whose_try_failed_does_not_wait(client, monkeypatch):
    monkeypatch.setattr(hashing, "MAX_WAIT", 60)
    staff_user(username="rosa")
    sign_in(client, "nobody", REMOTE_ADDR="2001:db8::7")
    waited = []
    monkeypatch.setattr(hashing, "_slot", Unwilling(waited))
    assert sign_in(client, REMOTE_ADDR="2001:db8::8").status_code == 429 and waited == []
    assert sign_in(client, REMOTE_ADDR="2001:db8:0:1::8").status_code == 429 and waited == [60]


class Unwilling:
    """A slot that is never free; notes for how long it was waited for."""

    def __init__(self, waited):
        self.waited = waited

    def acquire(self, blocking=True, timeout=-1):
        if blocking:
            self.waited.append(timeout)
        return False


def test_one_waits_and_the_next_is_sent_away_at_once(client, monkeypatch):
    staff_user(username="rosa")
    waited = []
    monkeypatch.setattr(hashing, "_slot", Unwilling(waited))
    with hashing._seats[hashing.NEW]:
        assert sign_in(client).status_code == 429
    assert waited == []


def test_nobody_passes_the_one_who_waits(client):
    staff_user(username="rosa")
    with hashing._seats[hashing.NEW]:
        assert sign_in(client).status_code == 429
    assert sign_in(client).status_code == 302


def test_a_known_browser_has_a_seat_that_no_stranger_takes_and_goes_before_them(client, monkeypatch):
    monkeypatch.setattr(hashing, "MAX_WAIT", 60)
    known, stranger = hashing.Visit(lambda: hashing.KNOWN), hashing.Visit(lambda: hashing.NEW)
    with hashing._seats[hashing.NEW]:
        assert known._waits()
    hashing._slot.release()
    with hashing._seats[hashing.KNOWN]:
        assert not stranger._waits()
    assert is_free()


def test_the_memory_of_failed_networks_is_bounded_and_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(lockout, "MOST_NETWORKS", 3)
    for name in ("a", "b", "c", "a", "d"):
        lockout.note_failure(name)
    assert list(lockout._failed_at) == ["c", "a", "d"]


def test_no_two_networks_are_noted_at_the_same_time(monkeypatch):
    class Remembered(dict):
        """Has another thread note its network just when the oldest is looked for."""

        def __iter__(self):
            if not others:
                others.append(threading.Thread(target=lockout.note_failure, args=("other",)))
                others[0].start()
                others[0].join(0.2)
                waits.append(others[0].is_alive())
            return super().__iter__()

    others, waits = [], []
    monkeypatch.setattr(lockout, "_failed_at", Remembered(a=1, b=2))
    monkeypatch.setattr(lockout, "MOST_NETWORKS", 2)
    lockout.note_failure("c")
    others[0].join(60)
    assert waits == [True] and set(lockout._failed_at) == {"c", "other"}


def test_the_slot_is_free_again_after_every_answer(client, monkeypatch):
    staff_user(username="rosa")
    for username in ("rosa", "nobody", ""):
        sign_in(client, username)
        assert is_free()
    monkeypatch.setattr("iop_site.staff.views.sign_in.sign_in_flow.begin", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sign_in(client)
    assert is_free()


def test_a_body_that_is_still_on_its_way_does_not_keep_the_slot(rf):
    seen = []
    body = BytesIO(b"username=rosa&password=wrong")
    read = body.read
    body.read = lambda *size: seen.append(is_free()) or read(*size)
    request = rf.post(LOGIN, "x" * 28, content_type="application/x-www-form-urlencoded")
    request._stream = body
    RequestBodyMiddleware(middleware.OneHashMiddleware(lambda request: seen.append(is_free())))(request)
    assert seen[0] is True and seen[-1] is False


def test_a_command_waits_for_its_turn():
    made, let_go = [], threading.Event()
    with taken(until=let_go):
        command = threading.Thread(target=lambda: made.append(make_password(PASSWORD)))
        command.start()
        command.join(0.05)
        assert made == []
        let_go.set()
        command.join(60)
    assert check_password(PASSWORD, made[0])


def test_every_hasher_that_ships_takes_the_slot():
    hashers = [import_string(name) for name in shipped_settings.PASSWORD_HASHERS]
    assert all(issubclass(hasher, hashing.OneAtATime) for hasher in hashers)


def test_passwords_are_hashed_by_argon2id_on_one_core_and_those_of_before_anew(settings, monkeypatch, client):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = staff_user(username="rosa")
    assert ",p=8$" in user.password
    settings.PASSWORD_HASHERS = shipped_settings.PASSWORD_HASHERS
    monkeypatch.setattr(hashing.Argon2, "least_seconds", 0)
    assert sign_in(client).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert client.get("/admin/second-step/set-up/").status_code == 200  # the session outlives the new hash


def test_a_hash_that_is_made_anew_in_a_session_does_not_end_it(settings, monkeypatch, client):
    monkeypatch.setattr(hashing.Argon2, "least_seconds", 0)
    user = desk_of(client)
    settings.PASSWORD_HASHERS = [shipped_settings.PASSWORD_HASHERS[0], "tests.hashers.Quick"]
    answer = client.post("/admin/account/confirm/", {"password": PASSWORD, **tokens(user)})
    assert answer.status_code == 302 and User.objects.get(pk=user.pk).password.startswith("argon2$")
    assert client.get("/admin/account/").status_code == 200


def test_a_hash_that_is_quicker_than_another_takes_as_long(monkeypatch):
    slept = []
    monkeypatch.setattr(hashing.time, "sleep", slept.append)
    monkeypatch.setattr(hashing.time, "monotonic", iter([100, 100.1, 200, 200.9]).__next__)
    quick = type("Quick", (hashing.OneAtATime, FakeHasher), {"least_seconds": 0.25})()
    assert quick.encode("a", "b") == quick.verify("a", "b") == "hashed"
    assert slept == [pytest.approx(0.15), 0]


class FakeHasher:
    def encode(self, *_):
        return "hashed"

    verify = encode


def desk_of(client, **fields):
    user = staff_user(is_superuser=True, **fields)
    client.force_login(user)
    pass_second_step(client, user)
    return user


# Every page that hashes a password, found by the next test; those behind a condition have a test of their own.
HASHING = {"login", "confirm", "password_change", "staff_user_add", "auth_user_password_change"}
ELSEWHERE = {"set_up", "own_password"}


def test_every_page_that_hashes_keeps_what_was_typed_and_changes_nothing_while_the_slot_is_taken(client, monkeypatch):
    monkeypatch.setattr(hashing, "MAX_WAIT", 0)
    other, user = staff_user(username="other"), desk_of(client)
    before = list(User.objects.order_by("pk").values_list("pk", "password"))
    busy = set()
    with taken():
        for name in sorted(set(desk_names()) - {"logout"}):
            answer = client.post(
                address(name) if name != "auth_user_password_change" else given(other), TYPED | tokens(user)
            )
            assert answer.status_code < 500, name
            if answer.status_code == 429:
                busy.add(name)
                assert answer["Retry-After"] == "2" and str(hashing.BUSY) in answer.content.decode(), name
                assert NEW not in answer.content.decode() and PASSWORD not in answer.content.decode(), name
    assert busy == HASHING
    assert before == list(User.objects.order_by("pk").values_list("pk", "password"))
    assert 'value="rosa"' in client_page(client, monkeypatch)


def client_page(client, monkeypatch) -> str:
    with taken():
        return client.post("/admin/staff/user/add/", TYPED).content.decode()


def given(user) -> str:
    return reverse("admin:auth_user_password_change", args=[user.pk])


def tokens(user) -> dict:
    return {"token": number(phone_of(user))}


def test_the_own_password_and_the_first_account_wait_alike(client, monkeypatch):
    monkeypatch.setattr(hashing, "MAX_WAIT", 0)
    code = SetUpCode.renew()
    first = {"code": code, "username": "first", "first_name": "Ana", "email": "f@example.com"}
    first |= {"password": NEW, "again": NEW}
    with taken():
        answer = client.post("/admin/set-up/", first)
        assert answer.status_code == 429 and f'value="{code}"' in answer.content.decode()
    assert not User.objects.exists() and SetUpCode.is_right(code)
    desk_of(client, must_choose_password=True)
    with taken():
        assert client.post("/admin/own-password/", TYPED).status_code == 429
    assert client.post("/admin/own-password/", TYPED).status_code == 302

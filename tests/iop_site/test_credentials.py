"""Every page that takes a password, a number or a code counts the wrong ones, records them, and tells the owner."""

import re
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Event
from iop_site.staff import lockout
from iop_site.staff.models import Authenticator, SetUpCode, User
from tests.factories import PASSWORD, pass_second_step, phone_of, staff_user
from tests.iop_site.test_access_matrix import address, desk_names
from tests.iop_site.test_own_password import OWN
from tests.iop_site.test_second_step import number

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]
CHANGE = "/admin/password_change/"
# Fields by which somebody proves something; a new password proves nothing.
SEEN = r'<input(?![^>]*type="hidden")[^>]*'
PROOF = re.compile(SEEN + r'(?:autocomplete="(?:current-password|one-time-code)"|name="(?:token|code)")[^>]*>')


@pytest.fixture
def user():
    return staff_user(is_superuser=True, username="rosa")


@pytest.fixture
def desk(client, user):
    client.force_login(user)
    pass_second_step(client, user)
    return client


def changed(client, old=PASSWORD, token="000000", new=OWN):  # noqa: S107
    return client.post(CHANGE, {"old_password": old, "token": token, "new_password1": new, "new_password2": new})


def later(**delay):
    return time_machine.travel(timezone.now() + timedelta(**delay))


def recorded():
    events = Event.objects.exclude(detail="command").order_by("pk")  # what the test itself set up
    return list(events.values_list("verb", "detail"))


def sign_in(client, password="wrong"):  # noqa: S107
    return client.post("/admin/login/", {"username": "rosa", "password": password})


def half_signed_in(client):
    sign_in(client, PASSWORD)


def through_both_steps(client):
    user = User.objects.get()
    client.force_login(user)
    pass_second_step(client, user)


def given_password(client):
    User.objects.update(must_choose_password=True)
    through_both_steps(client)


def no_account(client):
    User.objects.update(is_active=False)
    SetUpCode.renew()


# Each page: how one gets there, what is sent as wrong, what is recorded of it, and whether it is the phone that waits.
WRONG = {
    "login": (lambda client: None, {"username": "rosa", "password": "wrong"}, "password"),
    "second_step": (half_signed_in, {"token": "000000"}, "second-step"),
    "recovery": (half_signed_in, {"token": "AAAA-AAAA"}, "second-step"),
    "enrol": (half_signed_in, {"token": "000000"}, "second-step"),
    "confirm": (through_both_steps, {"password": "wrong", "token": "000000"}, "password:confirm"),
    "password_change": (
        through_both_steps, {"old_password": "wrong", "token": "000000", "new_password1": OWN, "new_password2": OWN},
        "password:change",
    ),
    "own_password": (
        given_password, {"old_password": "wrong", "new_password1": OWN, "new_password2": OWN}, "password:own",
    ),
    "set_up": (no_account, {"code": "wrong"}, "set-up-code"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_ones_are_recorded_and_after_a_few_none_is_looked_at(client, user, name):
    arrive, wrong, detail = WRONG[name]
    if name != "enrol":
        phone_of(user)
    arrive(client)
    before = len(recorded())
    path = reverse(f"admin:{name}")
    with time_machine.travel(timezone.now(), tick=False):  # a slow machine would sit out the wait of a second
        answers = [client.post(path, wrong) for _try in range(7)]
    assert {answer.status_code for answer in answers} <= {200, 429}
    events = recorded()[before:]
    assert events[0] == ("sign-in-failed", detail)
    if detail == "second-step":
        assert len(events) == 1 and "Wait a little" in answers[-1].content.decode()
        assert answers[-1].status_code == 429 and answers[-1]["Retry-After"] == "1"
    else:
        assert events == [("sign-in-failed", detail)] * 4 + [("locked-out", detail)]
        assert answers[-1].status_code == 429 and "Wait 15 minutes" in answers[-1].content.decode()
    assert all(answer.has_header("Retry-After") == (answer.status_code == 429) for answer in answers)


@pytest.mark.long
def test_no_other_page_asks_for_a_proof(client, user, desk):
    """A page that is missing here needs a line in WRONG: what it does with a wrong password, number or code."""
    stranger, half = type(client)(), type(client)()
    half_signed_in(half)
    asking = {name for name in desk_names() for browser in (stranger, half, desk) if asks(browser, name)}
    assert asking == set(WRONG) - {"enrol", "set_up", "own_password"}  # which have a condition that is not met here


def asks(browser, name: str) -> bool:
    return bool(PROOF.search(browser.get(address(name)).content.decode()))


def test_the_lock_of_a_wrong_old_password_is_that_of_the_sign_in(desk, client):
    for _try in range(5):
        last = changed(desk, old="wrong")
    assert last.status_code == 429 and last["Retry-After"] == "900"
    assert changed(desk, token=number(phone_of(User.objects.get()))).status_code == 429
    assert sign_in(type(client)(), PASSWORD).status_code == 429
    assert User.objects.get().check_password(PASSWORD)
    with later(minutes=16):
        assert sign_in(type(client)(), PASSWORD).status_code == 302


def test_a_password_is_changed_by_both_steps_and_not_by_the_password_alone(desk, user):
    phone = phone_of(user)
    answer = changed(desk, token="")
    assert answer.status_code == 200 and "This field is required" in answer.content.decode()
    answer = changed(desk, token="000000")
    assert "does not fit" in answer.content.decode() and recorded() == [("sign-in-failed", "second-step")]
    answer = changed(desk, token=number(phone))
    assert "Wait a little" in answer.content.decode() and (answer.status_code, answer["Retry-After"]) == (429, "1")
    assert User.objects.get().check_password(PASSWORD)
    with later(seconds=5):
        assert changed(desk, token=number(phone)).status_code == 302
    assert User.objects.get().check_password(OWN)


def test_a_recovery_code_does_for_the_number(desk, user):
    codes = phone_of(user).renew_codes()
    assert changed(desk, token=codes[0].lower()).status_code == 302
    assert phone_of(user).codes.count() == len(codes) - 1


def test_a_number_is_not_spent_on_a_new_password_that_does_not_do(desk, user):
    phone = phone_of(user)
    answer = changed(desk, token=number(phone), new="short")
    assert "at least 12 characters" in answer.content.decode()
    assert f'value="{number(phone)}"' in answer.content.decode()
    assert changed(desk, token=number(phone)).status_code == 302


def test_a_new_password_tells_nothing_of_the_given_one_to_who_does_not_know_it(client, user):
    given_password(client)
    typed = {"old_password": "wrong", "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "Choose another password" not in client.post("/admin/own-password/", typed).content.decode()


@pytest.mark.parametrize("arrive", [half_signed_in, through_both_steps])
def test_wrong_numbers_after_the_right_password_are_told_to_the_owner_once_a_day(
    client, user, settings, django_capture_on_commit_callbacks, arrive
):
    settings.HAS_MAIL_SERVER = True
    phone_of(user)

    def try_wrong_numbers():
        arrive(client)
        with django_capture_on_commit_callbacks(execute=True):
            for _try in range(3):
                Authenticator.objects.update(throttling_failure_timestamp=None)
                if arrive is half_signed_in:
                    client.post("/admin/second-step/", {"token": "000000"})
                else:
                    changed(client)

    try_wrong_numbers()
    assert [letter.to for letter in mail.outbox] == [[user.email]]
    for words in ("right password of your account", "rosa", "000000"):
        assert (words in mail.outbox[0].body) == (words == "right password of your account")
    with later(hours=23):
        try_wrong_numbers()
        assert len(mail.outbox) == 1
    with later(hours=25):
        try_wrong_numbers()
        assert len(mail.outbox) == 2


def test_a_letter_is_in_every_language_of_the_desk(user, settings, django_capture_on_commit_callbacks, monkeypatch):
    settings.HAS_MAIL_SERVER = True
    told = []
    monkeypatch.setattr(
        "iop_site.staff.account_mail.letter", lambda what, language: told.append(language) or ("a", language)
    )
    phone = phone_of(user)
    with django_capture_on_commit_callbacks(execute=True):
        phone.verify_token("000000")
    assert told == ["en", "es"] and "en\n\nes" in mail.outbox[0].body


def test_a_wrong_password_is_told_to_nobody(client, user, settings, django_capture_on_commit_callbacks):
    settings.HAS_MAIL_SERVER = True
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client)
    assert mail.outbox == []


def stored_by_axes() -> str:
    tables = [name for name in connection.introspection.table_names() if name.startswith("axes_")]
    assert "axes_accessattempt" in tables
    rows = []
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f"SELECT * FROM {name}")  # noqa: S608
            rows += cursor.fetchall()
    assert rows
    return repr(rows)


def test_what_was_typed_as_a_user_name_is_kept_by_nobody(client):
    typed = {"username": "my secret phrase", "password": "x", "more": "a stray word", "next": "/admin/?q=rosa"}
    for _try in range(6):
        client.post("/admin/login/?q=another+stray", typed)
    attempt = AccessAttempt.objects.get()
    assert attempt.username.startswith("keyed:") and attempt.failures_since_start == 5
    assert not [word for word in ("secret", "stray", "rosa") if word in stored_by_axes()]


def test_two_names_are_two_and_without_the_key_nobody_can_tell_which(client, settings):
    for username in ("rosa", "ana", "rosa"):
        client.post("/admin/login/", {"username": username, "password": "wrong"})
    assert sorted(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == [1, 2]
    before = set(AccessAttempt.objects.values_list("username", flat=True))
    settings.INDEX_KEY = b"another-index-key-of-32-bytes!!!"
    client.post("/admin/login/", {"username": "rosa", "password": "wrong"})
    assert len(set(AccessAttempt.objects.values_list("username", flat=True)) - before) == 1


def kept(username, **fields):
    return AccessAttempt.objects.create(username=username, ip_address="192.0.2.7", failures_since_start=5, **fields)


@pytest.mark.parametrize("clear", [lambda: call_command("prepare"), lambda: lockout.clear(timezone.now())])
def test_names_that_an_earlier_release_kept_lock_out_its_processes_until_their_time_is_over(client, monkeypatch, clear):
    for step in ("collect_static_files", "greet"):
        monkeypatch.setattr(f"iop_site.management.commands.prepare.Command.{step}", lambda self: None)
    kept("rosa")
    kept(None)
    client.post("/admin/login/", {"username": "ana", "password": "wrong"})
    with later(minutes=14):
        clear()
    assert AccessAttempt.objects.count() == 3
    with later(minutes=16):
        clear()
    assert not AccessAttempt.objects.exists()

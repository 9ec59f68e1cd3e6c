"""The number from the phone: each works once, guessing is slowed, secrets are sealed, and only its owner changes it."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_otp.oath import TOTP

from inquiries.models import Event
from iop_site.staff.models import Authenticator, RecoveryCode
from tests.factories import PASSWORD, phone_of, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]


def number(phone, steps=0) -> str:
    totp = TOTP(bytes.fromhex(phone.secret))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


@pytest.fixture
def user():
    return staff_user("inquiries.view_inquiry")


@pytest.fixture
def half(client, user):
    """A browser that gave the password of ``user``."""
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD, "next": "/admin/account/"})
    return client


def enrol(client, user) -> list[str]:
    client.get("/admin/second-step/set-up/")
    phone = Authenticator.objects.get(user=user, confirmed=False)
    assert client.post("/admin/second-step/set-up/", {"token": number(phone)}).url == "/admin/second-step/codes/"
    return re.findall(r'<li class="code">(.+?)</li>', client.get("/admin/second-step/codes/").content.decode())


def test_a_first_sign_in_sets_up_a_phone_and_shows_ten_codes_once(half, user):
    codes = enrol(half, user)
    assert len(set(codes)) == 10
    assert half.get("/admin/").url == "/admin/second-step/codes/"
    assert half.get("/admin/second-step/codes/text/").content.decode().count("\r\n") == 12
    assert codes[0] in half.get("/admin/second-step/codes/print/").content.decode()
    assert "Save the codes first" in half.post("/admin/second-step/codes/").content.decode()
    assert half.post("/admin/second-step/codes/", {"is_saved": "on"}).url == "/admin/account/"
    for path in ("text/", "print/"):
        assert half.get(f"/admin/second-step/codes/{path}").status_code == 404
    assert [event.verb for event in Event.objects.filter(actor=user).order_by("id")] == ["device-added", "signed-in"]


def test_the_number_opens_the_desk_where_one_wanted_to_go(half, user):
    phone = phone_of(user)
    before = half.session.session_key
    assert half.post("/admin/second-step/", {"token": number(phone)}).url == "/admin/account/"
    assert half.session.session_key != before
    assert half.get("/admin/account/").status_code == 200


def test_a_number_works_once(user):
    phone = phone_of(user)
    token = number(phone)
    assert phone.verify_token(token)
    assert not phone_of(user).verify_token(token)


def test_a_number_before_the_last_one_used_is_refused(user):
    phone = phone_of(user)
    assert phone.verify_token(number(phone))
    assert not phone_of(user).verify_token(number(phone, -1))


@pytest.mark.parametrize("token", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "0x1234"])
def test_what_is_no_number_is_refused(half, user, token):
    phone_of(user)
    assert half.post("/admin/second-step/", {"token": token}).status_code == 200
    assert half.get("/admin/").url == "/admin/second-step/"


def test_after_wrong_numbers_the_right_one_waits(half, user):
    phone = phone_of(user)
    for _try in range(3):
        phone.refresh_from_db()
        phone.throttling_failure_timestamp = None  # as if the wait were over
        phone.save()
        half.post("/admin/second-step/", {"token": "000000"})
    assert "Wait a little" in half.post("/admin/second-step/", {"token": number(phone)}).content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        assert half.post("/admin/second-step/", {"token": number(phone)}).status_code == 302


def test_the_wait_ends_within_the_hour(user):
    phone = phone_of(user)
    phone.throttling_failure_count = 40
    phone.throttle_increment()
    with time_machine.travel(timezone.now() + timedelta(minutes=18)):
        assert not phone.is_waiting


@pytest.mark.parametrize("jump", [timedelta(days=1), -timedelta(days=1)])
def test_a_clock_that_jumps_opens_nothing_with_an_old_number(user, jump):
    phone = phone_of(user)
    token = number(phone)
    assert phone.verify_token(token)
    with time_machine.travel(timezone.now() + jump):
        assert not phone.verify_token(token)


def test_a_recovery_code_works_once_and_its_owner_is_told(half, user, settings, django_capture_on_commit_callbacks):
    codes = enrol(half, user)
    settings.HAS_MAIL_SERVER = True
    for expected in (302, 200):
        half.post("/admin/logout/")
        half.post("/admin/login/", {"username": user.username, "password": PASSWORD})
        with django_capture_on_commit_callbacks(execute=True):
            typed = codes[3].lower().replace("-", " ")
            assert half.post("/admin/second-step/recovery/", {"token": typed}).status_code == expected
    assert RecoveryCode.objects.count() == 9
    used, wrong = mail.outbox
    assert used.to == wrong.to == [user.email]
    assert "A recovery code was used" in used.body and "wrong number or recovery code" in wrong.body
    assert codes[3] not in used.body


def test_secret_and_codes_lie_sealed_and_hashed(half, user):
    codes = enrol(half, user)
    phone = user.authenticator
    with connection.cursor() as cursor:
        for table in ("staff_authenticator", "staff_recoverycode", "staff_session"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            stored = repr(cursor.fetchall())
            assert stored.count("(") and phone.secret not in stored
            assert not [code for code in codes if code in stored or code.replace("-", "") in stored]


def test_the_picture_is_an_image_for_the_half_signed_in_alone(client, half, user):
    answer = half.get("/admin/second-step/picture.svg")
    assert answer["Content-Type"] == "image/svg+xml" and "no-store" in answer["Cache-Control"]
    drawing = answer.content.decode()
    assert 'fill="white"' in drawing and "style" not in drawing and "<script" not in drawing
    enrol(half, user)
    half.post("/admin/second-step/codes/", {"is_saved": "on"})
    assert half.get("/admin/second-step/picture.svg").status_code == 404


def test_another_session_is_shown_another_secret(half, user):
    half.get("/admin/second-step/set-up/")
    first = Authenticator.objects.get(user=user).secret
    half.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    half.get("/admin/second-step/set-up/")
    assert Authenticator.objects.get(user=user).secret != first


def test_changing_the_phone_asks_for_both_steps_again(half, user):
    phone = phone_of(user)
    half.post("/admin/second-step/", {"token": number(phone)})
    assert half.get("/admin/second-step/set-up/").url == "/admin/account/confirm/"
    wrong = {"password": "wrong", "token": number(phone, 1)}
    assert half.post("/admin/account/confirm/", wrong).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        right = {"password": PASSWORD, "token": number(phone)}
        assert half.post("/admin/account/confirm/", right).url == "/admin/second-step/set-up/"
        assert len(enrol(half, user)) == 10
    assert user.authenticator.pk != phone.pk
    assert {"device-removed", "device-added"} <= set(Event.objects.values_list("verb", flat=True))
    assert half.post("/admin/second-step/codes/", {"is_saved": "on"}).status_code == 302


def test_new_codes_replace_the_old_ones(half, user):
    old = enrol(half, user)
    half.post("/admin/second-step/codes/", {"is_saved": "on"})
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        given = {"password": PASSWORD, "token": number(user.authenticator)}
        assert half.post("/admin/account/confirm/?for=codes", given).url == "/admin/second-step/codes/"
    assert not user.authenticator.verify_recovery_code(old[0])
    assert user.authenticator.codes.count() == 10


def test_a_recovery_code_is_as_good_as_a_number_for_changing_the_phone(half, user):
    codes = enrol(half, user)
    half.post("/admin/second-step/codes/", {"is_saved": "on"})
    given = {"password": PASSWORD, "token": codes[0]}
    assert half.post("/admin/account/confirm/", given).url == "/admin/second-step/set-up/"


def test_a_lost_phone_is_reset_at_the_command_line(half, user, settings, django_capture_on_commit_callbacks, capsys):
    settings.HAS_MAIL_SERVER = True
    phone_of(user)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("mfa_reset", user.username)
    assert half.get("/admin/").url.startswith("/admin/login/")
    assert Event.objects.filter(verb="device-removed", detail="command", account=user, actor=None).count() == 1
    assert len(mail.outbox) == 1 and user.username not in mail.outbox[0].body
    half.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert half.get("/admin/").url == "/admin/second-step/set-up/"
    with pytest.raises(CommandError):
        call_command("mfa_reset", "nobody")

"""The second step takes digits of any keyboard; what has not the shape of a number or a code is no wrong try."""

import pytest

from inquiries.models import Event
from tests.factories import PASSWORD, phone_of, staff_user
from tests.iop_site.test_second_step import number

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]

STEP, RECOVERY, CONFIRM = "/admin/second-step/", "/admin/second-step/recovery/", "/admin/account/confirm/"


@pytest.fixture
def user():
    return staff_user("inquiries.view_inquiry")


@pytest.fixture
def half(client, user):
    """A browser that gave the password of ``user``, who has a phone."""
    phone_of(user)
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD, "next": "/admin/account/"})
    return client


def in_digits_from(zero: str, digits: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in digits)


@pytest.mark.parametrize(
    "how",
    [
        lambda digits: in_digits_from("٠", digits),
        lambda digits: in_digits_from("۰", digits),
        lambda digits: in_digits_from("０", digits),
        lambda digits: f"{digits[:3]} {digits[3:]}",
        lambda digits: f"{digits[:3]}-{digits[3:]}",
        lambda digits: f"“{digits}”",
        lambda digits: f"Your number: {digits}",
        lambda digits: digits.replace("0", "O"),
    ],
    ids=["Arabic", "Persian", "full width", "blank", "dash", "quotes", "with its name", "letters O"],
)
def test_the_number_is_taken_however_it_is_typed(half, user, how):
    assert half.post(STEP, {"token": how(number(user.authenticator))}).status_code == 302


def test_a_recovery_code_is_taken_in_other_digits(half, user):
    [code, *_codes] = user.authenticator.renew_codes()
    typed = "".join(in_digits_from("٠", letter) if letter.isdigit() else letter.lower() for letter in code)
    assert half.post(RECOVERY, {"token": f"“{typed}”"}).status_code == 302


SHAPES = [
    (STEP, "12345", "The number has 6 digits. You typed 5."),
    (STEP, "1234567", "The number has 6 digits. You typed 7."),
    (STEP, "abcdef", "The number has 6 digits. You typed 0."),
    (RECOVERY, "ABCD-234", "A recovery code has 8 letters and digits. You typed 7."),
    (RECOVERY, "123 456", "A recovery code has 8 letters and digits. You typed 6."),
]


@pytest.mark.parametrize(("path", "typed", "words"), SHAPES)
def test_a_wrong_shape_is_told_and_is_no_wrong_try(half, user, path, typed, words):
    before = Event.objects.count()
    for _try in range(3):
        assert words in half.post(path, {"token": typed}).content.decode()
    assert not user.authenticator.is_waiting and Event.objects.count() == before
    assert half.post(STEP, {"token": number(user.authenticator)}).status_code == 302


def test_where_either_is_taken_a_wrong_shape_is_no_wrong_try_and_both_open(half, user):
    half.post(STEP, {"token": number(user.authenticator)})
    told = half.post(CONFIRM, {"password": PASSWORD, "token": "12345"}).content.decode()
    assert "Type the 6 digits that your phone shows, or a recovery code of 8 letters and digits." in told
    assert not user.authenticator.is_waiting
    [code, *_codes] = user.authenticator.renew_codes()
    assert half.post(CONFIRM, {"password": PASSWORD, "token": f"“{code}”"}).status_code == 302

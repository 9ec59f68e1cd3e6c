"""One submission key is one inquiry; its token is good for seven days, its code is derived from it alone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from inquiries.crypto import tokens
from inquiries.crypto.tokens import SubmissionKey, TokenError, TokenExpired

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_a_token_gives_its_key_back():
    key = SubmissionKey.new()
    assert SubmissionKey.from_token(key.token()) == key
    assert len(key.random) == 16


@pytest.mark.parametrize("token", ["", "x", "x:y:z", "é", "a" * 10_000])
def test_a_token_that_was_not_made_here_is_refused(token):
    with pytest.raises(TokenError):
        SubmissionKey.from_token(token)


def test_a_changed_token_is_refused():
    token = SubmissionKey.new().token()
    with pytest.raises(TokenError):
        SubmissionKey.from_token(("B" if token[0] == "A" else "A") + token[1:])


def test_a_token_is_good_for_seven_days_and_then_still_tells_its_key():
    key = SubmissionKey.new()
    with time_machine.travel(NOW, tick=False):
        token = key.token()
    with time_machine.travel(NOW + timedelta(days=6, hours=23), tick=False):
        assert SubmissionKey.from_token(token) == key
    with time_machine.travel(NOW + timedelta(days=7, hours=1), tick=False):
        with pytest.raises(TokenExpired):
            SubmissionKey.from_token(token)
        assert SubmissionKey.from_token(token, max_age=None) == key


def test_a_token_survives_a_new_secret_key_with_the_old_one_as_fallback(settings):
    key = SubmissionKey.new()
    token = key.token()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    assert SubmissionKey.from_token(token) == key


def test_the_code_has_fifteen_digits_and_a_check_digit_and_never_changes():
    key = SubmissionKey(bytes(16))
    assert len(key.code) == 16 and key.code.isdigit()
    assert key.code == SubmissionKey(bytes(16)).code
    assert key.code != SubmissionKey.new().code


def test_the_check_digit_is_luhns():
    assert tokens.luhn_digit("7992739871") == "3"  # the example of ISO/IEC 7812-1's usual literature
    assert tokens.luhn_digit("411111111111111") == "1"


def test_what_is_stored_tells_neither_key_nor_code(settings):
    key = SubmissionKey.new()
    before = key.digest, tokens.code_digest(key.code)
    assert key.random.hex() not in "".join(before) and key.code not in "".join(before)
    settings.INDEX_KEY = b"another index key of thirty-two."
    assert (key.digest, tokens.code_digest(key.code)) != before

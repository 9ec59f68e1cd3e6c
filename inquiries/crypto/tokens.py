"""A form's key: 128 random bits inside a signed token; the database keeps a keyed hash, so the same key is never stored
twice. Whoever typed a private code carries a second, shorter-lived token from page to page."""

import base64
import json
import secrets
import uuid
from dataclasses import dataclass

from django.core import signing

from inquiries.crypto import keyring

KEY_BYTES = 16
TOKEN_SALT = "inquiries.form"  # noqa: S105 - a name space for signing, not a secret
TOKEN_LIFE_SECONDS = 7 * 24 * 60 * 60
STATUS_TOKEN_SALT = "inquiries.intake.status_views"  # noqa: S105 - likewise
STATUS_TOKEN_LIFE_SECONDS = 30 * 60
CODE_DIGITS = 16
MARK = 16  # hexadecimal digits of the hash of a code: which code opened a page


class TokenError(Exception):
    """A form token that was not made here."""


class TokenExpired(TokenError):
    """A form token that was made here, more than seven days ago."""


def unsigned(token: str, salt: str, max_age: float | None) -> str:
    try:
        return signing.TimestampSigner(salt=salt).unsign(token, max_age=max_age)
    except signing.SignatureExpired:
        raise TokenExpired from None
    except (signing.BadSignature, ValueError):
        raise TokenError from None


@dataclass(frozen=True)
class SubmissionKey:
    random: bytes

    @classmethod
    def new(cls) -> "SubmissionKey":
        return cls(secrets.token_bytes(KEY_BYTES))

    @property
    def digest(self) -> str:
        return keyring.current().digest("submission key", self.random).hex()

    @property
    def code(self) -> str:
        return code_of(int.from_bytes(keyring.current().digest("private code", self.random), "big"))

    def token(self) -> str:
        text = base64.urlsafe_b64encode(self.random).decode().rstrip("=")
        return signing.TimestampSigner(salt=TOKEN_SALT).sign(text)

    @classmethod
    def from_token(cls, token: str, max_age: float | None = TOKEN_LIFE_SECONDS) -> "SubmissionKey":
        """With ``max_age`` None one of any age is read: a form kept open too long still cannot be stored twice."""
        return cls(base64.urlsafe_b64decode(unsigned(token, TOKEN_SALT, max_age) + "=="))


def is_signed_within(token: str, seconds: float) -> bool:
    try:
        return bool(unsigned(token, TOKEN_SALT, seconds))
    except TokenError:
        return False


@dataclass(frozen=True)
class StatusKey:
    """Which inquiry, and a number drawn for one page, which makes two presses of one button one deed.

    Behind the number stands a mark of the code that opened the page.
    """

    inquiry_uid: uuid.UUID
    once: str

    @classmethod
    def new(cls, inquiry_uid: uuid.UUID, code_digest: str) -> "StatusKey":
        return cls(inquiry_uid, f"{secrets.token_hex(8)}-{code_digest[:MARK]}")

    @property
    def code_mark(self) -> str:
        """How the hash of the code begins that opened this page; empty on a page of the release before."""
        return self.once.partition("-")[2]

    def token(self) -> str:
        return signing.TimestampSigner(salt=STATUS_TOKEN_SALT).sign(f"{self.inquiry_uid.hex}-{self.once}")

    @classmethod
    def from_token(cls, token: str, max_age: float | None = STATUS_TOKEN_LIFE_SECONDS) -> "StatusKey":
        uid, _, once = unsigned(token, STATUS_TOKEN_SALT, max_age).partition("-")
        return cls(uuid.UUID(uid), once)


def code_of(number: int) -> str:
    digits = f"{number % 10**15:015d}"
    return digits + luhn_digit(digits)


def new_code() -> str:
    """Return a private code that nothing leads to: it stands in the place of the one derived from the form."""
    return code_of(secrets.randbelow(10**15))


def code_digest(code: str) -> str:
    return keyring.current().digest("private code look-up", code.encode()).hex()


def answers_digest(answers: dict) -> str:
    message = json.dumps(answers, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return keyring.current().digest("answers", message.encode()).hex()


def addition_digest(once: str, text: str) -> str:
    return keyring.current().digest("addition", f"{once}\n{text}".encode()).hex()


def luhn_digit(digits: str) -> str:
    """The check digit of ISO/IEC 7812."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)

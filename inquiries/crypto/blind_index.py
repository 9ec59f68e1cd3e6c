"""Search over encrypted values: a token is the first 8 bytes of HMAC-SHA256 over kind and normalised value. It shows
which values are equal, and frequent names by their counts; so answers with few values have none."""

import secrets
import unicodedata

from inquiries import phone_numbers
from inquiries.crypto import keyring

TOKEN_BYTES = 8
LABEL = "blind index"
KINDS = ("name", "phone", "email")  # of what is indexed, each by the name of its answer


def words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    spaced = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in plain)
    return spaced.split()


def token(kind: str, value: str) -> bytes:
    return keyring.current().digest(LABEL, f"{kind}:{value}".encode())[:TOKEN_BYTES]


def terms(*, name: str = "", phone: str = "", email: str = "", reference: str = "") -> set[tuple[str, str]]:
    found = {("name", word) for word in words(name)}
    if phone:
        found.add(("phone", phone_numbers.to_e164(phone) or phone))
    if email:
        found.add(("email", email.casefold()))
    if reference:
        found.add(("reference", reference))
    return found


def tokens(**answers: str) -> set[bytes]:
    """Who can be neither called nor written to, or gave no reference, has a token that matches nothing in its place:
    counting them does not tell it."""
    found = {token(kind, value) for kind, value in terms(**answers)}
    has_any = (answers.get("phone") or answers.get("email"), answers.get("reference"))
    return found | {secrets.token_bytes(TOKEN_BYTES) for given in has_any if not given}


def query_terms(text: str) -> list[tuple[str, str]]:
    text = text.strip()
    if "@" in text:
        return [("email", text.casefold())]
    phone = phone_numbers.to_e164(text)
    if phone:
        return [("phone", phone)]
    return [("name", word) for word in words(text)]

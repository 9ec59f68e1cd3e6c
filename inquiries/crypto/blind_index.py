"""Search over encrypted values: a token is the first 8 bytes of HMAC-SHA256 over kind and normalised value. It shows
which values are equal, and frequent names by their counts; so answers with few values have none."""

import re
import secrets
import unicodedata

from inquiries import phone_numbers
from inquiries.crypto import keyring

TOKEN_BYTES = 8
LABEL = "blind index"
KINDS = ("name", "phone", "email")  # of what is indexed, each by the name of its answer


# What people type as an apostrophe, and the letter of Hawaiian and Arabic names that looks like one.
APOSTROPHES = dict.fromkeys(
    map(ord, "'\u2018\u2019\u201b\u02bb\u02bc\u02bd\u02bf\u02be\u02b9\u02c8\u00b4`\u2032\uff07")
)
# Letters that no normal form of Unicode takes apart, as a keyboard without them spells them.
SPELT = {"æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n", "ə": "e", "ĸ": "k"}
WITH_A_MARK = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH ")


def words_before(name: str) -> list[str]:
    """As releases before this one cut a name: rows that they stored are found by these alone until they are indexed
    again, and processes of theirs may still ask for them."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    spaced = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in plain)
    return spaced.split()


def words(name: str) -> list[str]:
    """Like ``obrien`` for O’Brien and ``dang`` for Đặng: without marks, strokes and apostrophes."""
    return ["".join(map(_unmarked, word)) for word in words_before(name.translate(APOSTROPHES))]


def _unmarked(letter: str) -> str:
    if letter.isascii():
        return letter
    marked = WITH_A_MARK.match(unicodedata.name(letter, ""))
    return marked[1].lower() if marked else SPELT.get(letter, letter)


def words_stored(name: str) -> set[str]:
    """With the parts of a name around its apostrophes, so that Brien finds O’Brien, too."""
    return {*words(name), *words_before(name)}


def token(kind: str, value: str) -> bytes:
    return keyring.current().digest(LABEL, f"{kind}:{value}".encode())[:TOKEN_BYTES]


def terms(*, name: str = "", phone: str = "", email: str = "", reference: str = "") -> set[tuple[str, str]]:
    found = {("name", word) for word in words_stored(name)}
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


def queries(text: str) -> list[list[tuple[str, str]]]:
    """Return the terms that ``text`` stands for; for a name that was cut in another way before, those of then, too."""
    text = text.strip()
    if "@" in text:
        return [[("email", text.casefold())]]
    phone = phone_numbers.to_e164(text)
    if phone:
        return [[("phone", phone)]]
    ways = (words(text), words_before(text))
    return [[("name", word) for word in way] for way in (ways if ways[0] != ways[1] else ways[:1])]

"""Codes that work once: 5 random bits a letter, kept as a keyed hash, and known however they are typed."""

import re
import secrets

from inquiries.crypto import keyring
from inquiries.typed_digits import in_ascii

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none looks like another


def new(length: int) -> str:
    letters = "".join(secrets.choice(LETTERS) for _place in range(length))
    return "-".join(letters[at : at + 4] for at in range(0, length, 4))


def digest(use: str, code: str, owner: str = "") -> str:
    letters = re.sub(r"[^A-Z0-9]", "", in_ascii(code).upper())
    return keyring.current().digest(use, f"{owner}{letters}".encode()).hex()

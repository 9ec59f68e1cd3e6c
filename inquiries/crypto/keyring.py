"""A sealed text is ``v2:<key id>:<base64 of nonce and ciphertext>``: AES-256-GCM over padded text, bound to its place.
``v1`` is the text alone: still read, and written only to a database that older processes may read too. No key comes
from SECRET_KEY: changing how sessions are signed must not lose data."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from inquiries.crypto import padding

PLAIN, PADDED = "v1", "v2"
NONCE_BYTES = 12


class SealError(Exception):
    """A sealed text does not open: its key is not there, or it was changed or moved. Never holds the text."""


def opened(read: Callable, otherwise=""):
    try:
        return read()
    except SealError:
        return otherwise


def is_padded(sealed: str) -> bool:
    return sealed.startswith(f"{PADDED}:")


def key_id_of(sealed: str) -> str:
    return sealed.partition(":")[2].partition(":")[0]


class Keyring:
    def __init__(self, field_keys: dict[str, bytes], index_key: bytes):
        self.ciphers = {key_id: AESGCM(key) for key_id, key in field_keys.items()}
        self.index_key = index_key
        self.derived: dict[str, bytes] = {}
        self.is_verified = False  # whether the database was found to open with these keys
        self.pads = False  # whether all who read the database know padded texts, as KeyCheck says

    @property
    def active_key_id(self) -> str:
        if not self.ciphers:
            raise ImproperlyConfigured("FIELD_KEYS is missing: nothing personal can be stored or read without it.")
        return next(iter(self.ciphers))

    def seal(self, text: str, place: str, room: int = padding.SHORT) -> str:
        key_id, nonce = self.active_key_id, os.urandom(NONCE_BYTES)
        version, plain = (PADDED, padding.pad(text.encode(), room)) if self.pads else (PLAIN, text.encode())
        sealed = self.ciphers[key_id].encrypt(nonce, plain, as_associated(version, place))
        return f"{version}:{key_id}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> str:
        version, _, rest = sealed.partition(":")
        key_id, _, encoded = rest.partition(":")
        if version not in (PLAIN, PADDED):
            raise SealError("in a format that this release does not know")
        cipher = self.ciphers.get(key_id)
        if cipher is None:
            raise SealError(f"sealed with the key {key_id!r}, which is not in FIELD_KEYS")
        try:
            blob = base64.b64decode(encoded, validate=True)
            plain = cipher.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], as_associated(version, place))
            return (padding.unpad(plain) if version == PADDED else plain).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise SealError(f"changed, moved, or sealed with another key than {key_id!r}") from None

    def is_outdated(self, sealed: str) -> bool:
        if not is_padded(sealed) and self.pads:
            return True
        return bool(sealed) and key_id_of(sealed) != self.active_key_id

    def derive(self, label: str) -> bytes:
        if label not in self.derived:
            if not self.index_key:
                raise ImproperlyConfigured(
                    "INDEX_KEY is missing: inquiries can be neither stored nor found without it."
                )
            hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"iop-guide {label}".encode())
            self.derived[label] = hkdf.derive(self.index_key)
        return self.derived[label]

    def digest(self, label: str, message: bytes) -> bytes:
        return hmac.digest(self.derive(label), message, hashlib.sha256)


def as_associated(version: str, place: str) -> bytes:
    """From ``v2`` on a text is bound to its version too, so that none passes for one of the other."""
    return (place if version == PLAIN else f"{version}|{place}").encode()


@lru_cache(maxsize=4)
def _keyring(field_keys: tuple[tuple[str, bytes], ...], index_key: bytes) -> Keyring:
    return Keyring(dict(field_keys), index_key)


def current() -> Keyring:
    return _keyring(tuple(settings.FIELD_KEYS.items()), settings.INDEX_KEY)

"""Sealed pieces, numbered, the last one marked: any missing, moved or cut off is noticed (STREAM by Hoang et al.)."""

import json
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.management import CommandError

FORMAT = "iop-backup-1"
PIECE_BYTES = 1 << 20
LARGEST_PIECE = PIECE_BYTES + 64
SALT_BYTES = 16


class BackupError(CommandError):
    """A backup that cannot be made or read; the message is one sentence for the operator."""


def write(path: Path, field_keys: dict[str, bytes], inventory: dict, pieces: Iterable[bytes]):
    key_id, key = next(iter(field_keys.items()))
    salt = os.urandom(SALT_BYTES)
    head = json.dumps({"format": FORMAT, "key": key_id, "salt": salt.hex()}).encode() + b"\n"
    cipher = _cipher(key, salt)
    unfinished = path.with_suffix(".unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(head)
        waiting = json.dumps(inventory).encode()
        number = 0
        for piece in pieces:
            _write_piece(file, cipher, head, number, waiting, is_last=False)
            waiting, number = piece, number + 1
        _write_piece(file, cipher, head, number, waiting, is_last=True)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)  # the new name, too
    os.close(folder)


def read(path: Path, field_keys: dict[str, bytes]) -> tuple[dict, Iterator[bytes]]:
    """Return the inventory and the pieces of the database; raise BackupError, at the latest at the piece at fault."""
    file = path.open("rb")
    head = file.readline(1000)
    try:
        about = json.loads(head)
        key_id, salt = about["key"], bytes.fromhex(about["salt"])
        is_ours = about["format"] == FORMAT and isinstance(key_id, str)
    except (ValueError, KeyError, TypeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise BackupError(f"{path.name} is not a backup of this site.")
    if key_id not in field_keys:
        raise BackupError(f"{path.name} was sealed with the field key {key_id!r}, which FIELD_KEYS does not hold.")
    pieces = _pieces(file, _cipher(field_keys[key_id], salt), head, path.name)
    return json.loads(next(pieces)), pieces


def _pieces(file: BinaryIO, cipher: AESGCM, head: bytes, name: str) -> Iterator[bytes]:
    with file:
        is_last, number = False, 0
        while not is_last:
            length = file.read(4)
            sealed = file.read(min(int.from_bytes(length, "big"), LARGEST_PIECE))
            is_last = not file.peek(1)
            try:
                yield cipher.decrypt(_nonce(number, is_last), sealed, head)
            except InvalidTag:
                raise BackupError(f"{name} is damaged, cut off, or sealed with another key of the same name.") from None
            number += 1


def _write_piece(file: BinaryIO, cipher: AESGCM, head: bytes, number: int, piece: bytes, *, is_last: bool):
    sealed = cipher.encrypt(_nonce(number, is_last), piece, head)
    file.write(len(sealed).to_bytes(4, "big") + sealed)


def _nonce(number: int, is_last: bool) -> bytes:
    """Return the nonce of one piece: unique, because the key serves this file alone."""
    return struct.pack(">QI", number, is_last)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"iop-guide backup").derive(key))

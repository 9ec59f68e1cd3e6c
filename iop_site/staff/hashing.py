"""One password hash at a time in a process, and hardly anybody waits: docs/decisions/0013-one-hash-at-a-time.md."""

import contextlib
import threading
import time

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_WAIT = 0.2  # seconds that one request waits for another's hash
KNOWN, NEW = "known", "new"  # seats: of a browser that was signed in before, which goes first, and of any other
RETRY_AFTER = 2  # seconds, told to who is refused
BUSY = _("The desk is busy for a moment. Wait a few seconds, then send this again.")

_slot = threading.RLock()  # some hashers encode in order to verify
_seats = {KNOWN: threading.Lock(), NEW: threading.Lock()}  # each of the one that waits in it for the slot
_thread = threading.local()


def is_taken(seat: str) -> bool:
    return _seats[seat].locked()


class Busy(ValidationError):
    """The slot is taken; the refusal tells nothing of the account, at which nobody has looked."""

    def __init__(self):
        super().__init__(BUSY, code="busy")


class Visit:
    def __init__(self, seat):
        self.seat = seat
        self.has_slot = self.is_refused = False

    def take_slot(self):
        if self.has_slot:
            return
        self.has_slot = self._takes_free_slot() or self._waits()
        if not self.has_slot:
            self.is_refused = True
            raise Busy

    def _takes_free_slot(self) -> bool:
        is_waited_for = any(map(is_taken, _seats))
        return not is_waited_for and _slot.acquire(blocking=False)  # never past one who waits

    def _waits(self) -> bool:
        seat = self.seat()
        if seat is None or not _seats[seat].acquire(blocking=False):
            return False
        try:
            has_slot = _slot.acquire(timeout=MAX_WAIT)
        finally:
            _seats[seat].release()
        if has_slot and seat == NEW and is_taken(KNOWN):
            _slot.release()
            return False
        return has_slot


@contextlib.contextmanager
def visit(seat):
    _thread.visit = current = Visit(seat)
    try:
        yield current
    finally:
        _thread.visit = None
        if current.has_slot:
            _slot.release()


def take_slot():
    if current := getattr(_thread, "visit", None):
        current.take_slot()


@contextlib.contextmanager
def lent():
    """Let others hash while this request waits for somebody else; then it has the slot again, and may hash on."""
    current = getattr(_thread, "visit", None)
    if current is None or not current.has_slot:
        yield
        return
    _slot.release()
    try:
        yield
    finally:
        _slot.acquire()


@contextlib.contextmanager
def _slot_held():
    if getattr(_thread, "visit", None):
        take_slot()
        yield
    else:
        with _slot:
            yield


class OneAtATime:
    least_seconds = 0.0

    def encode(self, *args, **kwargs):
        return self._in_turn(super().encode, *args, **kwargs)

    def verify(self, *args, **kwargs):
        return self._in_turn(super().verify, *args, **kwargs)

    def _in_turn(self, hash_password, *args, **kwargs):
        with _slot_held():
            started = time.monotonic()
            result = hash_password(*args, **kwargs)
            time.sleep(max(0, started + self.least_seconds - time.monotonic()))
            return result


class Argon2(OneAtATime, Argon2PasswordHasher):
    """OWASP's least memory and passes. Every hash takes as long, most of it asleep, so that its time tells nothing."""

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1
    least_seconds = 0.25


class PBKDF2(OneAtATime, PBKDF2PasswordHasher):
    """For passwords that were hashed elsewhere; a right one is hashed anew."""

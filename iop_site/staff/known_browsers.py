"""Browsers of colleagues: a signed cookie says which account was last signed in on one.

What is typed there after a session has ended is sealed for that account (``form_recovery``). Once somebody was through
both steps, the cookie also lets their next sign-in wait for a hash in a seat that no stranger takes (``lockout``).
"""

import threading
import time
from collections import deque
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.crypto import constant_time_compare

from inquiries.crypto import keyring
from iop_site.staff import hashing
from iop_site.staff.backends import StaffBackend
from iop_site.staff.models import User

SALT = "desk_owner"
LASTS = timedelta(days=30)  # longer than a holiday; whoever was away for longer waits once like a new colleague
SHARE, SHARE_OF = 5, 5 * 60  # waits of one cookie, and seconds: room for typing errors, and none to keep others out
_waits: dict[str, deque[float]] = {}  # by account and mark, which only our own signature makes: when it waited
_one_counts = threading.Lock()


def signed(request) -> tuple[str, str]:
    """Return the key of the account last signed in on this browser, and its mark of then; empty texts if there is none.

    Cookies of an earlier release, and those of who gave only the password, have no mark.
    """
    try:
        value = request.get_signed_cookie(settings.OWNER_COOKIE_NAME, default="", salt=SALT, max_age=LASTS)
    except BadSignature:
        value = ""
    account, _dot, mark = value.partition(".")
    return account, mark


def mark_of(user) -> str:
    """Return what another password or another phone changes."""
    phone = user.authenticator
    proofs = f"{user.pk}|{user.password}|{phone.uid if phone else ''}"
    return keyring.current().digest("known browser", proofs.encode()).hex()


def remember(response, user, *, is_through: bool):
    """Note in the browser who signs in, and by a mark that they were through both steps; return the response."""
    response.set_signed_cookie(
        settings.OWNER_COOKIE_NAME,
        f"{user.pk}.{mark_of(user) if is_through else ''}",
        salt=SALT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def forget(response):
    response.delete_cookie(settings.OWNER_COOKIE_NAME, samesite="Lax")


def may_wait_first(request) -> bool:
    """Whether this browser may wait in the seat of known ones now, which counts as one of its waits.

    The database is asked last, and so no more often than the share allows: a flood must not reach it.
    """
    account, mark = signed(request)
    if not mark or hashing.is_taken(hashing.KNOWN) or not _counts_within_share(f"{account}.{mark}"):
        return False
    user = User.objects.filter(pk=account).first()
    may_sign_in = user is not None and StaffBackend().user_can_authenticate(user)
    return may_sign_in and constant_time_compare(mark, mark_of(user))


def _counts_within_share(cookie: str) -> bool:
    with _one_counts:
        waits, now = _waits.setdefault(cookie, deque(maxlen=SHARE)), time.monotonic()
        if len(waits) == SHARE and now - waits[0] < SHARE_OF:
            return False
        waits.append(now)
        return True

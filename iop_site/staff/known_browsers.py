"""Signed cookies: for the owner is sealed what outlives a session; who is known waits in a seat of their own."""

import threading
import time
from collections import deque
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare

from inquiries.crypto import keyring
from iop_site.staff import hashing
from iop_site.staff.backends import StaffBackend
from iop_site.staff.models import User

SALT = "desk_owner"  # of both: Django adds the name of the cookie
LASTS = timedelta(days=30)  # longer than a holiday; whoever was away for longer waits once like a new colleague
SHARE, SHARE_OF = 5, 5 * 60  # waits of one cookie, and seconds: room for typing errors, and none to keep others out
_waits: dict[str, deque[float]] = {}  # by account and mark, which only our own signature makes: when it waited
_one_counts = threading.Lock()


def owner(request) -> str:
    return request.get_signed_cookie(settings.OWNER_COOKIE_NAME, default="", salt=SALT)


def remember_owner(response, user):
    """The value is the key alone: the release before seals for all of it, and may run beside this one."""
    return _set(response, settings.OWNER_COOKIE_NAME, user.pk)


def mark_of(user) -> str:
    """Return what another password or another phone changes."""
    phone = user.authenticator
    proofs = f"{user.pk}|{user.password}|{phone.uid if phone else ''}"
    return keyring.current().digest("known browser", proofs.encode()).hex()


def remember(response, user):
    return _set(response, settings.KNOWN_BROWSER_COOKIE_NAME, f"{user.pk}.{mark_of(user)}", max_age=LASTS)


def _set(response, name: str, value, **lasts):
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(name, value, salt=SALT, httponly=True, secure=secure, samesite="Lax", **lasts)
    return response


def may_wait_first(request) -> bool:
    """The database is asked last, and so no more often than the share allows: a flood must not reach it."""
    value = request.get_signed_cookie(settings.KNOWN_BROWSER_COOKIE_NAME, default="", salt=SALT, max_age=LASTS)
    if not value or hashing.is_taken(hashing.KNOWN) or not _counts_within_share(value):
        return False
    account, _dot, mark = value.partition(".")
    user = User.objects.filter(pk=account).first()
    may_sign_in = user is not None and StaffBackend().user_can_authenticate(user)
    return may_sign_in and constant_time_compare(mark, mark_of(user))


def _counts_within_share(value: str) -> bool:
    with _one_counts:
        waits, now = _waits.setdefault(value, deque(maxlen=SHARE)), time.monotonic()
        if len(waits) == SHARE and now - waits[0] < SHARE_OF:
            return False
        waits.append(now)
        return True

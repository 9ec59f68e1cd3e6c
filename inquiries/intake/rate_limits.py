"""Limits of forms per network, of wrong private codes, and of words added to one request. Only wrong codes count, so
whoever knows theirs may look as often as they like. When the counter fails, nobody is refused."""

import logging

from django.conf import settings
from django.db import Error

from inquiries.db import sqlite
from inquiries.intake.requests import network_of
from inquiries.models import NetworkCount

logger = logging.getLogger(__name__)

COUNT_WAITS = 2000  # milliseconds; the inquiry itself may then wait 20 seconds for a locked SQLite
MANY_FACTOR = 3  # times the limit of forms, from where on the number is a reason to set aside, beside another one
FLOOD_FACTOR = 10  # times the limit of forms, from where on nothing is accepted
MINUTES = 10
RETRY_AFTER = MINUTES * 60  # seconds
WRONG_CODES = "wrong codes"
ADDITIONS = "added words"
# In ten minutes; a clinic or a library shares one network. Words are counted by request: by network, whoever shares it
# could tell from the count that somebody else wrote.
MOST = {WRONG_CODES: 20, ADDITIONS: 30}


def has_to_wait(whose: str, what: str) -> bool:
    return _counted(NetworkCount.objects.current, whose, what, what=what, minutes=MINUTES) >= MOST[what]


def record_attempt(whose: str, what: str):
    _counted(NetworkCount.objects.add, whose, what, what=what, minutes=MINUTES)


def _counted(ask, whose: str, what_is_counted: str, **bucket) -> int:
    """0 when it cannot be counted: a fault of the counter must not cost a person their inquiry."""
    if not whose:
        return 0
    try:
        with sqlite.busy_timeout(COUNT_WAITS):
            return ask(whose, **bucket)
    except Error as error:
        logger.warning("%s are not counted: %s", what_is_counted, type(error).__name__)
        return 0


def record_form(request) -> int:
    if not settings.INQUIRY_LIMIT_PER_HOUR:
        return 0
    with sqlite.write_lock():
        return _counted(NetworkCount.objects.add, network_of(request), "forms")


def is_over_limit(count: int) -> bool:
    return 0 < settings.INQUIRY_LIMIT_PER_HOUR < count


def is_many(count: int) -> bool:
    return 0 < settings.INQUIRY_LIMIT_PER_HOUR * MANY_FACTOR <= count


def is_flood(count: int) -> bool:
    return 0 < settings.INQUIRY_LIMIT_PER_HOUR * FLOOD_FACTOR < count

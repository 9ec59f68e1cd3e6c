"""How often one network may type wrong private codes, or words be added to one request, before one has to wait.

Only wrong codes count, so whoever knows theirs may look as often as they like. The counter must not stand between a
person and their request: when it fails, nobody is refused.
"""

import logging

from django.db import Error

from inquiries.intake import spam
from inquiries.models import NetworkCount

logger = logging.getLogger(__name__)

MINUTES = 10
RETRY_AFTER = MINUTES * 60  # seconds
WRONG_CODES = "wrong codes"
ADDITIONS = "added words"
# In ten minutes; a clinic or a library shares one network. Words are counted by request: by network, whoever shares it
# could tell from the count that somebody else wrote.
MOST = {WRONG_CODES: 20, ADDITIONS: 30}


def is_over_limit(whose: str, what: str) -> bool:
    """Whether a network, or who writes to one request, has to wait."""
    return _counted(NetworkCount.objects.so_far, whose, what) >= MOST[what]


def count(whose: str, what: str):
    """Count one more."""
    _counted(NetworkCount.objects.add, whose, what)


def _counted(ask, whose: str, what: str) -> int:
    if not whose:
        return 0
    try:
        with spam.waiting_at_most(spam.COUNT_WAITS):
            return ask(whose, what=what, minutes=MINUTES)
    except Error as error:
        logger.warning("%s are not counted: %s", what, type(error).__name__)
        return 0

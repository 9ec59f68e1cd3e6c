"""How often one network may type wrong private codes, or add words, before it has to wait.

Only wrong codes count, so whoever knows theirs may look as often as they like. The counter must not stand between a
person and their request: when it fails, nobody is refused.
"""

import logging

from django.db import Error

from inquiries import screening
from inquiries.models import NetworkCount

logger = logging.getLogger(__name__)

MINUTES = 10
RETRY_AFTER = MINUTES * 60  # seconds
WRONG_CODES = "wrong codes"
ADDITIONS = "added words"
MOST = {WRONG_CODES: 20, ADDITIONS: 30}  # in ten minutes; a clinic or a library shares one network


def is_over_limit(request, what: str) -> bool:
    """Whether the network of the sender has to wait."""
    return _counted(NetworkCount.objects.so_far, request, what) >= MOST[what]


def count(request, what: str):
    """Count one more."""
    _counted(NetworkCount.objects.add, request, what)


def _counted(ask, request, what: str) -> int:
    network = screening.network_of(request)
    if not network:
        return 0
    try:
        with screening.waiting_at_most(screening.COUNT_WAITS):
            return ask(network, what=what, minutes=MINUTES)
    except Error as error:
        logger.warning("%s are not counted: %s", what, type(error).__name__)
        return 0

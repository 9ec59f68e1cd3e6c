"""What tells floods and forged requests from people. Suspicion marks an inquiry; it never drops one."""

import ipaddress
import logging
import re
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection

from inquiries.crypto import tokens
from inquiries.db import sqlite
from inquiries.models import Doubt, Inquiry, NetworkCount, RecentAnswers

logger = logging.getLogger(__name__)

MANY_FACTOR = 3  # times the limit, from where on the number is a reason to set aside, beside another one
FLOOD_FACTOR = 10  # times the limit, from where on nothing is accepted
FASTEST = 4  # seconds in which a person can read two pages
COUNT_WAITS = 2000  # milliseconds; the inquiry itself may then wait 20 seconds for a locked SQLite
LENGTH = re.compile(r"[0-9]{1,18}")  # bytes; str.isdigit would take ² for a number
LINK = re.compile(r"https?://|\bwww\.|\[url|<a\b", re.IGNORECASE)


def is_own_origin(request) -> bool:
    """Whether the form was sent from this site. Who names no origin is believed: the token says the rest."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = f"{request.scheme}://{request.get_host()}"
    return origin.lower() in (own.lower(), str(settings.SITE_URL).lower())


def is_origin_hidden(request) -> bool:
    """Whether a browser will not say where the form was sent from, so that sending it again would not help."""
    return request.headers.get("Origin") == "null"


def is_too_large(request) -> bool:
    """Whether the body is larger than any form, or of no length that a browser would tell.

    The one rule on size. Django itself would count files separately.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not LENGTH.fullmatch(length) or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def network_of(request) -> str:
    """Return the IPv4 address or the IPv6 /64 of the sender, or an empty text when it is not known.

    Forwarded headers are believed only as far as our own proxies wrote them, counted from the right.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops = [*forwarded.split(","), peer] if forwarded else [peer]
    believed = hops[-1 - settings.TRUSTED_PROXIES] if len(hops) > settings.TRUSTED_PROXIES else peer
    believed = believed.strip()
    if believed.count(":") == 1 or believed.startswith("["):  # some proxies write the port behind the address
        believed = believed.rpartition(":")[0].strip("[]")
    try:
        address = ipaddress.ip_address(believed)
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    return str(address) if address.version == 4 else str(ipaddress.IPv6Network((int(address), 64), strict=False))


def count_send(request) -> int:
    """Count one more form from the network of the sender in this hour; 0 when that cannot be done."""
    network = network_of(request)
    if not settings.INQUIRY_LIMIT_PER_HOUR or not network:
        return 0
    try:
        with sqlite.turn(), waiting_at_most(COUNT_WAITS):
            return NetworkCount.objects.add(network)
    except Error as error:
        # A fault of the counter must not cost a person their inquiry.
        logger.warning("forms are not counted: %s", type(error).__name__)
        return 0


@contextmanager
def waiting_at_most(milliseconds: int):
    """Have SQLite wait less than usual for another writer; PostgreSQL has its lock_timeout."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")


def doubts(inquiry: Inquiry, key: tokens.SubmissionKey, token: str, count: int) -> list[Doubt]:
    """Return the reasons to doubt that a person sent ``inquiry``, as far as time, network and words tell."""
    links = sum(len(LINK.findall(getattr(inquiry, name))) for name in Inquiry.typed())
    found = {
        Doubt.FAST: tokens.is_signed_within(token, FASTEST),
        Doubt.LIMIT: is_over_limit(count) and not is_many(count),
        Doubt.MANY: is_many(count),
        Doubt.LINK: links == 1,
        Doubt.LINKS: links > 1,
        Doubt.COPY: RecentAnswers.objects.has_copy_of(inquiry.question, key.digest),
    }
    return [doubt for doubt, is_there in found.items() if is_there]


def is_over_limit(count: int) -> bool:
    """Whether so many forms from one network in one hour are marked."""
    return 0 < settings.INQUIRY_LIMIT_PER_HOUR < count


def is_many(count: int) -> bool:
    """Whether so many forms from one network in one hour are a reason to set the next one aside."""
    return 0 < settings.INQUIRY_LIMIT_PER_HOUR * MANY_FACTOR <= count


def is_flood(count: int) -> bool:
    """Whether so many forms from one network in one hour are refused."""
    return 0 < settings.INQUIRY_LIMIT_PER_HOUR * FLOOD_FACTOR < count

"""What a request tells of itself before anything of it is believed: its size, its origin, its network."""

import ipaddress
import re

from django.conf import settings

LENGTH = re.compile(r"[0-9]{1,18}")  # bytes; str.isdigit would take ² for a number


def is_own_origin(request) -> bool:
    """Who names no origin is believed: the token says the rest."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = f"{request.scheme}://{request.get_host()}"
    return origin.lower() in (own.lower(), str(settings.SITE_URL).lower())


def is_origin_hidden(request) -> bool:
    """Sending the form again would then not help."""
    return request.headers.get("Origin") == "null"


def is_too_large(request) -> bool:
    """Or of no length that a browser would tell. The one rule on size: Django would count files separately."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not LENGTH.fullmatch(length) or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def network_of(request) -> str:
    """IPv4 address or IPv6 /64. Forwarded headers count only as far as our own proxies wrote them, from the right."""
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

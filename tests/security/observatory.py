"""The score of the public HTTP observatory, by its own points (mdn/mdn-http-observatory, src/grader/charts.js).

What needs a network is left out: the redirect and the certificate are looked at elsewhere, the preload list not at all.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

BASE = 100
LEAST_FOR_EXTRA = 90  # below it, what is good beyond the base is not counted
HALF_A_YEAR = 15_768_000  # seconds
PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
UNSAFE = re.compile(r"'unsafe-(inline|eval)'|\bdata:|\bhttps?:(\s|$)|\*")


class Scripts(HTMLParser):
    """The script elements of a page that load something."""

    def __init__(self):
        super().__init__()
        self.found: list[dict] = []

    def handle_starttag(self, tag, attributes):
        if tag == "script" and dict(attributes).get("src"):
            self.found.append(dict(attributes))


def directives(policy: str) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in policy.split(";") if part.strip()]
    return {name.lower(): value.strip() for name, _, value in parts}


def content_security_policy(response) -> int:
    rules = directives(response.get("Content-Security-Policy", ""))
    if not rules:
        return -25
    scripts = rules.get("script-src", rules.get("default-src", "*"))
    objects = rules.get("object-src", rules.get("default-src", "*"))
    if UNSAFE.search(scripts) or UNSAFE.search(objects):
        return -20
    if UNSAFE.search(rules.get("style-src", rules.get("default-src", "*"))):
        return 0
    is_closed = rules.get("default-src") == "'none'" and rules.get("form-action") in ("'none'", "'self'")
    return 10 if is_closed else 5


def cookies(response) -> int:
    points = [_cookie(cookie) for cookie in response.cookies.values() if cookie.value]  # without one, it is deleted
    return min(points) if points else 0


def _cookie(cookie) -> int:
    if not cookie["secure"]:
        return -40 if "session" in cookie.key else -20
    if "session" in cookie.key and not cookie["httponly"]:
        return -30
    if cookie["samesite"] not in ("Lax", "Strict"):
        return -20 if cookie["samesite"] or "csrf" in cookie.key else 0
    return 5


def cross_origin_sharing(response) -> int:
    is_open = response.get("Access-Control-Allow-Origin") and response.get("Access-Control-Allow-Credentials")
    return -50 if is_open else 0


def cross_origin_resource_policy(response) -> int:
    value = response.get("Cross-Origin-Resource-Policy")
    return {None: 0, "same-origin": 10, "same-site": 10, "cross-origin": 0}.get(value, -5)


def referrer_policy(response) -> int:
    value = response.get("Referrer-Policy")
    return 0 if value is None else 5 if value in PRIVATE_REFERRERS else -5


def strict_transport_security(response) -> int:
    found = re.match(r"max-age=(\d+)", response.get("Strict-Transport-Security", ""))
    return -20 if not found else 0 if int(found[1]) >= HALF_A_YEAR else -10


def subresource_integrity(response) -> int:
    if "text/html" not in response.get("Content-Type", ""):
        return 0
    parser = Scripts()
    parser.feed(response.content.decode())
    if any(script["src"].startswith(("//", "http:")) for script in parser.found):
        return -50
    if any(urlsplit(script["src"]).netloc and "integrity" not in script for script in parser.found):
        return -5
    return 5 if parser.found and all("integrity" in script for script in parser.found) else 0


def content_type_options(response) -> int:
    return 0 if response.get("X-Content-Type-Options") == "nosniff" else -5


def framing(response) -> int:
    if directives(response.get("Content-Security-Policy", "")).get("frame-ancestors") == "'none'":
        return 5
    return 0 if response.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


RULES = (
    content_security_policy, cookies, cross_origin_sharing, cross_origin_resource_policy, referrer_policy,
    strict_transport_security, subresource_integrity, content_type_options, framing,
)  # fmt: skip


def score(response) -> int:
    """Return the points of one answer, 0 to 145."""
    points = [rule(response) for rule in RULES]
    base = BASE + sum(point for point in points if point < 0)
    return max(0, base + (sum(point for point in points if point > 0) if base >= LEAST_FOR_EXTRA else 0))

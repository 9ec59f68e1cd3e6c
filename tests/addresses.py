"""Every address of the site, read from the resolver, and bodies that no form of it sends."""

import re

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils import translation

from tests.wire import FORM, chunked

# What may stand where an address takes something: a row that there is comes first.
ODD = [
    "0",
    "-1",
    "99999999999999999999",
    "new",
    "x" * 300,
    "%C3%A9",
    "%E6%97%A5",
    "a%20b",
    "%00",
    "%ff",
    "..",
    "_5F",
    "'",
]
NAMES = {"app_label": "inquiries", "url": "nonsense/", "language": "es", "slug": "therapies"}
HOLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
BOUNDARY = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n'
# By name: what a request tells of its body, and the body.
BODIES = {
    "empty": ({"Content-Type": FORM}, b""),
    "form": ({"Content-Type": FORM}, b"step=check&name=x&token=x&action=x&_save=1"),
    "no length": ({"Content-Type": FORM, "Content-Length": None}, b""),
    "in chunks": ({"Content-Type": FORM, "Content-Length": None, "Transfer-Encoding": "chunked"}, chunked(b"step=x")),
    "broken chunks": ({"Content-Type": FORM, "Content-Length": None, "Transfer-Encoding": "chunked"}, b"5\r\nab"),
    "parts": ({"Content-Type": BOUNDARY}, PART % b"step" + b"--b--\r\n"),
    "parts without an end": ({"Content-Type": BOUNDARY}, PART % b"step"),
    "parts without a name": (
        {"Content-Type": BOUNDARY},
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
    ),
    "parts without a boundary": ({"Content-Type": "multipart/form-data"}, PART % b"step"),
    "a boundary in Latin-1": ({"Content-Type": "multipart/form-data; boundary=é"}, PART % b"step"),
    "a file": (
        {"Content-Type": BOUNDARY},
        b'--b\r\nContent-Disposition: form-data; name="step"; filename="a"\r\n\r\nx\r\n--b--\r\n',
    ),
    "json": ({"Content-Type": "application/json"}, b'{"step": "check"}'),
    "no type": ({"Content-Type": None}, b"step=check"),
    "nonsense for a type": ({"Content-Type": "é;;=,\t"}, b"step=check"),
    "many fields": ({"Content-Type": FORM}, b"&".join(b"a%d=" % number for number in range(3000))),
    "another charset": ({"Content-Type": f"{FORM}; charset=utf-7"}, b"step=check"),
    "no charset": ({"Content-Type": f"{FORM}; charset=rot13"}, b"step=check"),
    "cut percent signs": ({"Content-Type": FORM}, b"step=%&name=%e&token=%ff%fe&x=%u0041&%=%"),
    "not in utf-8": ({"Content-Type": FORM}, b"step=\xff\xfe&name=\xed\xa0\x80"),
    "nul": ({"Content-Type": FORM}, b"step=%00&name=\0&_selected_action=1%00&action=x&q=%00"),
    "odd numbers": ({"Content-Type": FORM}, b"version=-1&version=99999999999999999999&page=nan&due_0=x&_save=1"),
    "cut off": ({"Content-Type": FORM, "Content-Length": "50"}, b"step=check"),
    "too large": ({"Content-Type": FORM}, b"step=" + settings.DATA_UPLOAD_MAX_MEMORY_SIZE * b"x"),
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "INVENTED"]
QUERIES = ["", "?q=x&p=9999999999999999999999&o=-1.x&e=%00", "?next=//evil.example/%ff&_popup=1&language=xx"]


def patterns(resolver=None, before: str = ""):
    """Yield each address with its holes, in the language in force, and its pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + route_of(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern
        else:
            yield from patterns(pattern, address)


def route_of(pattern) -> str:
    route = str(pattern)
    return route.removeprefix("^").removesuffix("$").removesuffix("\\Z") if isinstance(pattern, RegexPattern) else route


def with_holes() -> list[str]:
    """Return every address of both languages, with its holes."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= dict.fromkeys("/" + address for address, _pattern in patterns())
    return list(found)


def filled(address: str) -> list[str]:
    """Return an address with a plausible value in each hole, and once with something odd in each of them."""
    if not HOLE.search(address):
        return [address]
    odd = ODD[sum(address.encode()) % len(ODD)]
    return [HOLE.sub(lambda hole: plausible(address, hole), address), HOLE.sub(lambda _hole: odd, address)]


def plausible(address: str, hole) -> str:
    """Return the key of a row that there is, or a name that the site knows."""
    of_model = re.search(r"admin/(\w+)/(\w+)/", address)
    if (name := hole[1] or hole[2]) in NAMES or not of_model:
        return NAMES.get(name, "1")
    rows = apps.get_model(*of_model.groups())._default_manager
    return str(rows.values_list("pk", flat=True).first() or 1)


def every_address() -> list[str]:
    return [path for address in with_holes() for path in filled(address)]

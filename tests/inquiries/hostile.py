# ruff: noqa: E501
"""Texts that break careless programs, names that careless programs break, and what must hold of every answer."""

import re
import signal
import unicodedata
from contextlib import contextmanager
from urllib.parse import quote_from_bytes

from inquiries.crypto.tokens import SubmissionKey
from tests.inquiries.form_pages import ANSWERS, PATHS, Page

NAMES = """José Núñez|O'Connor-Smith|O’Brien|Nguyễn Thị Ánh|Zoë d’Arc|Øyvind Ærø|李小龍|李|Владимир|محمد|עֲדִינָה|
    क्\u200dषत्रिय|می\u200cخواهم|ශ්\u200dරී|மணி|ဇော်|ພອນ|አበበ|👩🏽\u200d⚕️ Kim|X Æ A-12|N|Ñ|𝒜da|ʻŌlelo|'Ofa|Kim (Jr.)|
    Null|None|undefined|True|NaN|Robert'); Test|Jean-Luc|Mary Ann|van der Berg|Łukasz Żółć|Ðorđe|İpek ığ|ß|ﬁona|
    Weiß & Söhne|A. B.|Dr. K, MD|Ana/María|50 % Kim|#Kim|@kim|Kim <3|김철수|たろう|さくら🌸|ᏣᎳᎩ|ꦗꦮ|ሰላም"""
NAMES = [name.strip() for name in NAMES.split("|")]

MARKUP = """<script>alert(1)</script>|</textarea><script>alert(1)</script>|"><script>alert(1)</script>|
    '><img src=x onerror=alert(1)>|<img src=x onerror=alert(1)>|<svg onload=alert(1)>|<svg/onload=alert(1)>|
    " autofocus onfocus=alert(1) x="|' onmouseover='alert(1)|</title><script>alert(1)</script>|--><script>alert(1)</script>|
    <!--#exec cmd="ls"-->|<iframe src=javascript:alert(1)>|<a href="javascript:alert(1)">x</a>|javascript:alert(1)|
    data:text/html,<script>alert(1)</script>|<base href=//evil.example>|<form action=//evil.example>|<input type=hidden name=token>|
    <meta http-equiv=refresh content=0>|<style>*{display:none}</style>|<link rel=stylesheet href=//evil.example>|
    <math><mtext></form><form>|<template><script>1</script>|<ScRiPt>alert(1)</sCrIpT>|<script\u00a0>alert(1)|
    &lt;script&gt;alert(1)&lt;/script&gt;|&#60;script&#62;|&amp;amp;|&quot;|&nbsp;|&#0;|&#x80;|]]>|<![CDATA[x]]>|<?php x ?>|
    <object data=x>|<embed src=x>|<details open ontoggle=alert(1)>|<body onload=alert(1)>|<marquee onstart=alert(1)>|
    </body></html>|</form>|</label></p></div></main>|<x contenteditable onblur=alert(1)>|`${alert(1)}`|
    ＜script＞alert(1)＜/script＞|<plaintext>|<noscript><p title="</noscript><img src=x onerror=alert(1)>">"""
MARKUP = [text.strip() for text in MARKUP.split("|")]

CODE = r"""' OR '1'='1¦'; DROP TABLE inquiries_inquiry;--¦1; SELECT pg_sleep(9)¦' UNION SELECT NULL--¦admin'--¦\'; --¦" OR ""="¦
    1/0¦%s%s%s%n¦%(name)s¦%d¦{0}¦{}¦{{ token }}¦{% now "Y" %}¦{% load x %}¦{{7*7}}¦${7*7}¦#{7*7}¦<%= 7*7 %>¦${jndi:ldap://x/a}¦
    $(id)¦`id`¦; cat /etc/passwd¦| id¦&& id¦../../../../etc/passwd¦..\..\windows¦/dev/zero¦file:///etc/passwd¦C:\¦CON¦\\host\x¦
    =1+1¦+1+1¦-1+1¦@SUM(1)¦=HYPERLINK("http://evil.example")¦=cmd|' /C calc'!A0¦(&(uid=*))¦*)(uid=*¦//*¦' or ''='¦
    __import__('os')¦os.system("id")¦O:8:"stdClass":0:{}¦{"$ne": null}¦{"a": 1}¦[1, 2]¦[]¦null¦true¦false¦undefined¦NaN¦Infinity¦
    -0¦0¦1e309¦0x7f¦9999999999999999999999¦-1¦1.5¦١٢٣¦½¦Ⅷ¦2026-13-45¦00:00:99¦a=b&c=d¦%00¦%0d%0aX: y¦%u003cscript¦
    \0¦\n¦\u0041¦\x41¦a@b¦a@b.c¦@¦a@@b.com¦a"b"@c.com¦"a b"@c.com¦a@[127.0.0.1]¦a@localhost¦a@-b.com¦a@b..com¦é@é.com¦
    <a@b.com>¦a@b.com,c@d.com¦a@b.com;c@d.com¦a@xn--a.com¦911¦988¦+¦+1¦++16265550142¦+16265550142+16265550142¦(((((((¦
    tel:+16265550142¦626-555-0142 ext. 99999999999¦6265550142x¦+999999999999¦+0¦００¦٦٢٦٥٥٥٠١٤٢¦;ext=1¦;phone-context=evil.example"""
CODE = [text.strip() for text in CODE.split("¦")]

UNSEEN = {
    "nul": "a\0b",
    "only nul": "\0",
    "controls": "".join(map(chr, range(1, 32))),
    "c1": "".join(map(chr, range(0x7F, 0xA0))),
    "escape": "\x1b[31mred\x1b]0;title\x07",
    "crlf": "a\r\nBcc: all@evil.example\r\n\r\nbody",
    "lf": "a\nb",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "bidi": "\u202eevil\u202c \u2066x\u2069 \u200f\u061c",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "fillers": "\u3164\u115f\u1160\uffa0\u2800\u180e",
    "soft hyphen": "Ro\u00adsa",
    "blanks": " \t\u00a0\u2003\u3000 ",
    "tags": "a" + "".join(chr(0xE0000 + ord(c)) for c in "evil"),
    "variation": "a\ufe0f\U000e0100",
    "not characters": "\ufffe\uffff\ufdd0\U0010ffff",
    "private": "\ue000\U000f0000",
    "replacement": "\ufffd",
    "combining alone": "\u0301\u0323",
    "zalgo": "a" + "\u0301\u0323" * 20,
    "more marks than characters": "a" + "\u0301\u0323" * 5_000,
    "expands": "\ufdfa" * 80,
    "decomposed": "e\u0301" * 80,
    "hangul": "\u1100\u1161" * 80,
    "flags": "🏳️\u200d🌈" * 10,
    "family": "👨\u200d👩\u200d👧\u200d👦" * 11,
    "case folds longer": "ŉǰΐ" * 20,
    "turkish": "İıI",
    "long s": "ſcript",
    "kelvin": "\u212a",
    "fullwidth": "ｓｃｒｉｐｔ",
    "not utf-8": b"\xff\xfe\x80",
    "surrogate": b"\xed\xa0\x80",
    "overlong": b"\xc0\xbcscript\xc0\xbe",
    "cut": b"\xe2\x82",
    "latin-1": "Peña".encode("latin-1"),
    "byte order": b"\xef\xbb\xbfRosa",
    "81": "x" * 81,
    "321": "x" * 321,
    "1001": "x" * 1001,
    "10000": "x" * 10_000,
    "100000 at signs": "@" * 100_000,
    "100000 digits": "1" * 100_000,
    "100000 blanks": " " * 100_000,
    "100000 marks": "<" * 100_000,
    "100000 dots": "a@" + "a." * 50_000 + "com",
    "100000 lines": "\r\n" * 50_000,
    "brackets": "(" * 40,
    "dashes": "-" * 40,
    "plus": "+" * 40,
}
HOSTILE = [*MARKUP, *CODE, *UNSEEN.values()]

END_TAGS = re.compile(r"(</\w+>)+")
CPU_SECONDS, WALL_SECONDS = 2, 30
OURS = [("details", {"class": "menu"}), *(("details", {"class": "fold", **how}) for how in ({}, {"open": ""}))]
TAGS_NOBODY_TYPES = {"iframe", "object", "embed", "base", "math", "template", "marquee", "plaintext", "details", "x"}
ADDRESSES = ("href", "src", "action", "formaction", "data")


class Hang(BaseException):
    """An answer takes longer than anybody waits. No handler of Exception may swallow it."""


@contextmanager
def watchdog():
    """Raise Hang after two seconds of computing, or half a minute of waiting."""

    def bark(*_args):
        raise Hang

    timers = {signal.ITIMER_PROF: (signal.SIGPROF, CPU_SECONDS), signal.ITIMER_REAL: (signal.SIGALRM, WALL_SECONDS)}
    before = {number: signal.signal(number, bark) for number, _seconds in timers.values()}
    for timer, (_number, seconds) in timers.items():
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer in timers:
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def press(client, step, way, changed: dict, language="en"):
    """Press a button of a well filled form with some answers ``changed``, texts or raw bytes, under the watchdog."""
    answers = {**ANSWERS[way], "token": SubmissionKey.new().token(), "step": step, **changed}
    body = "&".join(f"{name}={as_sent(one)}" for name, value in answers.items() for one in as_list(value))
    with watchdog():
        return client.post(PATHS[way][language], body, content_type="application/x-www-form-urlencoded")


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def as_sent(value) -> str:
    return quote_from_bytes(value if isinstance(value, bytes) else value.encode())


def fields_of(form_class) -> list[str]:
    """Return every name that a form reads, the hidden ones too."""
    return [*form_class.base_fields, "token", "step"]


def assert_harmless(response, *values):
    """The answer is no fault of ours, and a browser reads no element, handler or script address out of ``values``."""
    assert response.status_code in (200, 400, 413), response.status_code
    text = response.content.decode()
    for value in filter(is_markup, values):
        assert value not in text, value
    page = Page(response)
    assert page.all("html") and page.all("main") and len(page.all("title")) == 1
    for tag, attributes in page.elements:
        assert tag not in TAGS_NOBODY_TYPES or (tag, attributes) in OURS, tag
        assert tag != "script" or "src" in attributes
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name not in ADDRESSES or not value.lower().startswith(("javascript:", "data:", "//")), value
    return page


def is_markup(value) -> bool:
    """Whether a page that holds ``value`` as it is was written by ``value``: end tags stand in every page."""
    return isinstance(value, str) and "<" in value and len(value) > 4 and not END_TAGS.fullmatch(value)


def visible(text: str) -> str:
    """Return what can be seen of a text, in the form in which it is kept."""
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] in "LMNPS")
    return unicodedata.normalize("NFC", seen)

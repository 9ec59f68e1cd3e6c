"""Links made from what people typed call one number or write to one address, and do nothing else."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from programs import contact_links as links

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("ana@example.com", "mailto:ana@example.com"),
        ("ana+duarte@example.com", "mailto:ana+duarte@example.com"),
        ("ana?bcc=boss@example.com", "mailto:ana%3Fbcc%3Dboss@example.com"),
        ("100%40you@example.com", "mailto:100%2540you@example.com"),
        ("a&b=c#d/e@example.com", "mailto:a%26b%3Dc%23d%2Fe@example.com"),
        ('"a,b"@example.com', "mailto:%22a%2Cb%22@example.com"),
        ("ana@[127.0.0.1]", "mailto:ana@%5B127.0.0.1%5D"),
    ],
)
def test_an_address_writes_to_itself_alone(typed, link):
    assert links.mailto(typed) == link
    parts = urlsplit(link)
    assert unquote(parts.path) == typed and not parts.query and not parts.fragment


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "ana@", "@example.com", "a@b.example,c@d.example", "ana@example.com?bcc=x@y.example",
     "ana@example.com\nbcc:x@y.example", "mailto:ana@example.com?subject=x", "ana@example.com&cc=x@y.example"],
)  # fmt: skip
def test_what_is_no_address_is_no_link(typed):
    assert links.mailto(typed) == ""


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("988", "988"),
        ("911", "911"),
        ("1-800-662-4357", "18006624357"),
        ("(626) 555-0142", "6265550142"),
        ("626.555.0142", "6265550142"),
        ("+16265550142", "+16265550142"),
        ("+16265550142 x12", "+16265550142,12"),
        ("(626) 555-0142 ext. 12", "6265550142,12"),
        ("+52 55 1234 5678", "+525512345678"),
    ],
)
def test_a_number_in_any_usual_spelling_is_dialled(typed, number):
    assert links.tel(typed) == f"tel:{number}"
    assert links.sms(typed) == f"sms:{number.partition(',')[0]}"


@pytest.mark.parametrize(
    "typed",
    ["", "callus555", "x12", "62", "626 555 0142 ask Ana", "626;phone-context=evil.example", "911?body=x", "*#06#",
     "626,,1", "+", "++16265550142", "6" * 16, "٩١١"],
)  # fmt: skip
def test_what_is_no_number_is_no_link(typed):
    assert links.tel(typed) == links.sms(typed) == ""


def test_the_words_of_a_text_are_encoded():
    assert links.sms("741741", "AYUDA & más?") == "sms:741741?body=AYUDA%20%26%20m%C3%A1s%3F"


def test_every_link_that_a_template_builds_comes_from_here():
    """Fixed numbers are written out; a variable behind such a scheme is a link that was built by hand."""
    by_hand = re.compile(r"(mailto|tel|sms|wa\.me|maps)[^\"'\s]*[:/]\s*\{[{%]|%\}:\{\{")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if by_hand.search(path.read_text("utf-8"))]
    known = {"_crisis_strip.html"}  # its number is fixed; what follows is a word to send
    assert [path for path in pages if path.name not in known] == []
    assert len(list((ROOT / "templates").rglob("*.html"))) > 100

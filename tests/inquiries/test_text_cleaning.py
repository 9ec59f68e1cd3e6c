"""What can be seen of a text stays code point for code point; what cannot be seen goes; length comes first."""

import time
import unicodedata

import pytest
from hypothesis import given, strategies as st

from inquiries import text_cleaning

NAMES = [
    "José Núñez",
    "O'Connor-Smith",
    "Nguyễn Thị Ánh",
    "Zoë d’Arc",
    "Øyvind Ærø",
    "李小龍",
    "Владимир",
    "محمد",
    "עֲדִינָה",
    "क्\u200dषत्रिय",
    "می\u200cخواهم",
    "ශ්\u200dරී",
    "மணி",
    "ဇော်",
    "👩🏽\u200d⚕️",
    "X Æ A-12",
    "N",
    "𝒜da",
    "ʻŌlelo",
    "Ñ",
    "'Ofa",
    "Kim (Jr.)",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_kinds_stay_as_they_are(name):
    assert text_cleaning.one_line(name, 80) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rosa  ", "Rosa"),
        ("e\u0301", "é"),
        ("Ro\x1bsa\x07\x9f", "Rosa"),
        ("\u202eRosa\u202c\u2066\u200f", "Rosa"),
        ("Rosa\r\nPeña\tR", "Rosa Peña R"),
        ("\u200b\u200d\ufeff", ""),
        ("\u3164\u2800", ""),
        ("\ufe0f", ""),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(typed, kept):
    assert text_cleaning.one_line(typed, 80) == kept


def test_lines_end_in_one_way():
    assert text_cleaning.many_lines("a\r\nb\rc\u2028d\x85e\n\nf\tg", 80) == "a\nb\nc\nd\ne\n\nf g"


def test_the_length_counts_what_is_kept():
    assert len(text_cleaning.one_line("e\u0301" * 80, 80)) == 80
    with pytest.raises(text_cleaning.TooLong):
        text_cleaning.one_line("x" * 81, 80)


def test_an_overlong_text_is_refused_before_any_work():
    began = time.perf_counter()
    with pytest.raises(text_cleaning.TooLong):
        text_cleaning.many_lines("a" + "\u0301\u0323" * 500_000, 1000)
    assert time.perf_counter() - began < 0.05


def test_a_nul_is_refused():
    with pytest.raises(text_cleaning.Unreadable):
        text_cleaning.one_line("Ro\0sa", 80)


def test_an_address_loses_what_copying_brought_along():
    assert text_cleaning.address("\u202a(626)\u200b 555\u20110142\u202c ", 40) == "(626) 555\u20110142"


@given(st.text(max_size=200))
def test_any_text_is_cleaned_or_refused(text):
    try:
        kept = text_cleaning.many_lines(text, 80)
    except (text_cleaning.TooLong, text_cleaning.Unreadable):
        return
    assert len(kept) <= 80
    assert not [c for c in kept if unicodedata.category(c) == "Cc" and c != "\n"]
    assert text_cleaning.many_lines(kept, 80) == kept

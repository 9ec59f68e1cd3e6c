"""The field of the private code takes what people type; what is no code by its shape is told, and is no guess."""

import pytest

from inquiries.models import NetworkCount
from inquiries.typed_digits import digits_of
from tests.inquiries.form_pages import Page
from tests.inquiries.status_pages import heading, open_with, sent

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def in_digits_from(zero: str):
    return lambda code: "".join(chr(ord(zero) + int(digit)) for digit in code)


def grouped(mark: str):
    return lambda code: mark.join(code[at : at + 4] for at in range(0, 16, 4))


TYPED = {
    "Arabic": in_digits_from("٠"),
    "Persian": in_digits_from("۰"),
    "Devanagari": in_digits_from("०"),
    "full width": in_digits_from("０"),
    "blanks": grouped(" "),
    "one by one": " ".join,
    "no-break blanks": grouped("\u00a0"),
    "dashes": grouped("-"),
    "em dashes": grouped("—"),
    "minus signs": grouped("−"),
    "dots": grouped("."),
    "underscores": grouped("_"),
    "lines": grouped("\r\n"),
    "marks of direction": lambda code: "\u200f" + grouped("\u200e")(code) + "\u202c",
    "quotes": lambda code: f'"{code}"',
    "curly quotes": lambda code: f"“{code}”",
    "angle quotes": lambda code: f"«{code}»",
    "letters O": lambda code: code.replace("0", "O"),
    "small letters o in groups": lambda code: grouped(" ")(code.replace("0", "o")),
    "with its name": lambda code: f"Your private code: {code}",
    "with its name in Spanish": lambda code: f"Su código privado\n{grouped(' ')(code)}. Anótelo o imprima esta página.",
    "with its reference": lambda code: f"Your reference is QT86-EX Your private code {grouped(' ')(code)}",
}


@pytest.mark.parametrize("how", TYPED)
def test_however_it_is_typed_it_opens(client, how):
    _inquiry, code = sent()
    assert heading(open_with(client, TYPED[how](code))) == "Your request"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("1OO2", "1002"),
        ("OOOO 12", "000012"),
        ("12O", "120"),
        ("o12", "012"),
        ("uno o dos", ""),
        ("foo 12 book", "12"),
        ("O", ""),
        ("٣O٤", "304"),
        ("code12", "12"),
        ("½²①", ""),
    ],
)
def test_the_letter_o_is_a_zero_only_among_digits(typed, digits):
    assert digits_of(typed) == digits


SHAPES = [
    ("", "Enter your private code. It has 16 digits"),
    ("   ", "Enter your private code. It has 16 digits"),
    ("my code", "Enter your private code. It has 16 digits"),
    ("\0", "Enter your private code. It has 16 digits"),
    ("QT86-EX", "This is the reference. Enter the private code, which has 16 digits"),
    ("qt86ex", "This is the reference. Enter the private code, which has 16 digits"),
    ("“QT٨٦ – EX”", "This is the reference. Enter the private code, which has 16 digits"),
    ("Your reference is QT86-EX", "This is the reference. Enter the private code, which has 16 digits"),
    ("1", "The private code has 16 digits. You typed 1"),
    ("1234 5678 9012 345", "The private code has 16 digits. You typed 15"),
    ("۱۲۳۴ ۵۶۷۸", "The private code has 16 digits. You typed 8"),
    ("(626) 555-0142", "The private code has 16 digits. You typed 10"),
    ("9" * 500, "The private code has 16 digits. You typed 500"),
]


@pytest.mark.parametrize(("typed", "problem"), SHAPES)
def test_what_is_no_code_by_its_shape_is_told(client, typed, problem):
    response = open_with(client, typed, words="Mornings")
    page = Page(response)
    assert response.status_code == 200 and page.problems == [problem]
    assert page.value("code") == typed.replace("\0", "")[:64]
    assert page.all("input", name="words")[0]["value"] == "Mornings"


def test_it_is_no_guess_and_nothing_is_looked_up(client, django_assert_num_queries, monkeypatch):
    _inquiry, code = sent()
    monkeypatch.setattr("inquiries.models.inquiry.InquiryQuerySet.by_code", lambda *_: pytest.fail("looked up"))
    for typed, _problem in SHAPES * 3:
        assert open_with(client, typed).status_code == 200
    assert not NetworkCount.objects.exists()
    monkeypatch.undo()
    assert heading(open_with(client, code)) == "Your request"


def test_it_is_told_also_to_a_network_that_has_to_wait(client):
    for number in range(20):
        open_with(client, f"{number:016d}")
    assert open_with(client, "1" * 16).status_code == 429
    assert Page(open_with(client, "QT86-EX")).problems == [SHAPES[4][1]]

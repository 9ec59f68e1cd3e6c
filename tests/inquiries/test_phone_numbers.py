"""Phone numbers are read in any usual spelling, with their extension, and shown as written at home."""

import pytest

from inquiries import phone_numbers

AT_HOME = [
    "626 555 0142",
    "(626) 555-0142",
    "626.555.0142",
    "+1 626 555 0142",
    "1-626-555-0142",
    "６２６５５５０１４２",
]


@pytest.mark.parametrize("text", AT_HOME)
def test_any_usual_spelling_is_the_same_number(text):
    assert phone_numbers.to_stored(text) == phone_numbers.to_e164(text) == "+16265550142"
    assert phone_numbers.to_display("+16265550142") == "(626) 555-0142"


def test_a_number_of_another_country_begins_with_a_plus():
    assert phone_numbers.to_stored("+52 55 1234 5678") == "+525512345678"
    assert phone_numbers.to_display("+525512345678") == "+52 55 1234 5678"


def test_an_extension_is_kept_and_shown():
    assert phone_numbers.to_stored("(626) 555-0142 x12") == "+16265550142 x12"
    assert phone_numbers.to_e164("+16265550142 x12") == "+16265550142"
    assert phone_numbers.to_display("+16265550142 x12") == "(626) 555-0142 ext. 12"


@pytest.mark.parametrize("text", ["", "555-0142", "626 555 01", "988", "rosa", "+", "6265550142" * 5, "1" * 10_000])
def test_what_cannot_be_called_from_here_is_no_number(text):
    assert phone_numbers.to_stored(text) == phone_numbers.to_e164(text) == ""

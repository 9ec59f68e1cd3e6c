"""Phone numbers are read in any usual spelling, with their extension, and shown as written at home."""

import pytest
from django.core.exceptions import ValidationError

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


@pytest.mark.parametrize("text", ["626-555-0142 ext. 12", "626 555 0142 extensión 12", "tel:6265550142;ext=12"])
def test_an_extension_is_read_in_any_usual_spelling(text):
    assert phone_numbers.to_stored(text) == "+16265550142 x12"


@pytest.mark.parametrize("text", ["+52 1 55 1234 5678", "+5215512345678", "011 52 1 55 1234 5678"])
def test_a_mexican_number_may_have_the_old_1(text):
    assert phone_numbers.to_stored(text) == phone_numbers.to_e164(text) == "+525512345678"


@pytest.mark.parametrize("text", ["", "555-0142", "626 555 01", "988", "+", "6265550142" * 5, "1" * 10_000])
def test_what_cannot_be_called_from_here_is_no_number(text):
    assert words_about(text) == phone_numbers.TEN_DIGITS
    assert phone_numbers.to_e164(text) == ""


@pytest.mark.parametrize("text", ["000 000 0000", "111-111-1111", "123 456 7890", "626 055 0142", "+1 026 555 0142"])
def test_a_number_that_cannot_exist_at_home_gets_the_hint_on_the_plus(text):
    assert words_about(text) == phone_numbers.NOT_AT_HOME
    assert "start with + for another country" in words_about(text)


@pytest.mark.parametrize(
    "text", ["555-0142 mom", "5550142 Ana", "(555) 0142 MOM", "1-800-FLOWERS", "626-555-0142 cel", "Ana 626 555 0142"]
)
def test_letters_are_never_turned_into_digits(text):
    assert words_about(text) == phone_numbers.NO_WORDS


def test_a_text_message_needs_a_number_without_an_extension():
    phone_numbers.check_for_texts("+16265550142")
    with pytest.raises(ValidationError):
        phone_numbers.check_for_texts("+16265550142 x12")


def words_about(typed: str) -> str:
    """What is said about a number that is not taken."""
    with pytest.raises(ValidationError) as refused:
        phone_numbers.to_stored(typed)
    return refused.value.messages[0]

"""Read in any usual spelling, kept as E.164 with the extension behind: ``+16265550142 x12``, shown as at home.

What is wrong with a number that somebody typed is said here, too.
"""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat as Style, ValidationResult

HOME_REGION = "US"
LONGEST = 40  # characters; a longer text is no phone number, and parsing it would take time
HOME, MEXICO = 1, 52  # calling codes; the first is of the USA, Canada and some islands
EXISTS_AT_HOME = re.compile(r"[2-9]\d\d[2-9]\d{6}")  # area code and exchange begin with 2 to 9
EXTENSION = re.compile(r"(?:\be?xt(?:n|ensi[oó]n)?|\banexo|\bint|x)[.:=\s]*\d{1,7}\s*$", re.IGNORECASE)
LABEL = re.compile(r"\s*tel[.:]", re.IGNORECASE)  # as in a link, or on a card

TEN_DIGITS = _("Enter a phone number with 10 digits, or start with + for another country")
NO_WORDS = _("Enter a phone number with 10 digits, without words or letters")
NOT_AT_HOME = _(
    "No phone in the United States or Canada has this number. Check it, or start with + for another country"
)
NO_TEXT_TO_EXTENSION = _(
    "A text message does not reach an extension. Enter a phone number without one, or choose a call"
)


def to_e164(text: str) -> str:
    """Without extension; empty when it is no possible number."""
    number = _parse(text)
    return phonenumbers.format_number(number, Style.E164) if number else ""


def to_stored(typed: str) -> str:
    """``+16265550142`` or ``+16265550142 x12`` for a number that may exist; else raise ValidationError."""
    if any(c.isalpha() for c in EXTENSION.sub("", LABEL.sub("", typed))):
        raise ValidationError(NO_WORDS, code="words")  # read as on old keypads, they would make a stranger's number
    number = _parse(typed)
    if not number:
        raise ValidationError(TEN_DIGITS, code="format")
    if number.country_code == HOME and not EXISTS_AT_HOME.fullmatch(str(number.national_number)):
        raise ValidationError(NOT_AT_HOME, code="not-at-home")
    extension = f" x{number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, Style.E164) + extension


def to_display(stored: str) -> str:
    """``(626) 555-0142`` for a number at home, ``+52 55 1234 5678`` for one abroad."""
    try:
        number = phonenumbers.parse(stored, None)
    except phonenumbers.NumberParseException:
        return stored
    return phonenumbers.format_number(number, Style.NATIONAL if number.country_code == HOME else Style.INTERNATIONAL)


def check_for_texts(stored: str):
    """Raise ValidationError for a number that no text message can be sent to."""
    if " x" in stored:
        raise ValidationError(NO_TEXT_TO_EXTENSION, code="extension")


def _parse(text: str):
    if not text or len(text) > LONGEST:
        return None
    try:
        number = _without_old_prefix(phonenumbers.parse(text, HOME_REGION))
    except phonenumbers.NumberParseException:
        return None
    # A number without its area code is "possible" too, but only its neighbours could call it.
    is_whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if is_whole else None


def _without_old_prefix(number):
    """Leave out the 1 that was dialled before Mexican mobile numbers until 2019, and that many still write."""
    digits = str(number.national_number)
    if number.country_code == MEXICO and len(digits) == 11 and digits[0] == "1":
        number.national_number = int(digits[1:])
    return number

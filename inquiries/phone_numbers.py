"""Read in any usual spelling, kept as E.164 with the extension behind: ``+16265550142 x12``, shown as at home."""

import phonenumbers
from phonenumbers import PhoneNumberFormat as Style
from phonenumbers import ValidationResult

HOME_REGION = "US"
LONGEST = 40  # characters; a longer text is no phone number, and parsing it would take time


def to_e164(text: str) -> str:
    """Without extension; empty when it is no possible number."""
    number = _parse(text)
    return phonenumbers.format_number(number, Style.E164) if number else ""


def to_stored(text: str) -> str:
    """``+16265550142`` or ``+16265550142 x12``; empty when it is no possible number."""
    number = _parse(text)
    if not number:
        return ""
    extension = f" x{number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, Style.E164) + extension


def to_display(stored: str) -> str:
    """``(626) 555-0142`` for a number at home, ``+52 55 1234 5678`` for one abroad."""
    try:
        number = phonenumbers.parse(stored, None)
    except phonenumbers.NumberParseException:
        return stored
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    return phonenumbers.format_number(number, Style.NATIONAL if at_home else Style.INTERNATIONAL)


def _parse(text: str):
    if not text or len(text) > LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    # A number without its area code is "possible" too, but only its neighbours could call it.
    is_whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if is_whole else None

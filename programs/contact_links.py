"""What was typed ends up as the number or address alone, with no second recipient, subject or text; else as nothing."""

import re
from urllib.parse import quote, unquote

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# Digits as RFC 3966 has them; 988 and 911 are numbers as well, which the check of a whole number would refuse.
NUMBER = re.compile(r"\+?[0-9]{3,15}")
BETWEEN_DIGITS = re.compile(r"[\s().–-]")
EXTENSION = re.compile(r"\s*(?:x|ext\.?)\s*([0-9]{1,9})$", re.IGNORECASE)
HOME_REGION, HOME_CODE = "US", 1


def formatted(text: str) -> str:
    """Return a whole phone number as it is written at home, or from abroad; an empty text when nobody could call it."""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    is_national = number.country_code == HOME_CODE
    written = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, written.NATIONAL if is_national else written.INTERNATIONAL)


def dialled(text: str) -> str:
    """Return what a phone dials for a number as people write it, an extension after a pause; or an empty text."""
    extension = EXTENSION.search(text)
    number = BETWEEN_DIGITS.sub("", text[: extension.start()] if extension else text)
    if not NUMBER.fullmatch(number):
        return ""
    return f"{number},{extension[1]}" if extension else number


def tel(text: str) -> str:
    number = dialled(text)
    return f"tel:{number}" if number else ""


def sms(text: str, body: str = "") -> str:
    number = dialled(text).partition(",")[0]
    query = f"?body={quote(body, safe='')}" if body else ""
    return f"sms:{number}{query}" if number else ""


def mailto(text: str) -> str:
    """Return the link that writes to one address, encoded as RFC 6068 asks; empty when it is none."""
    try:
        validate_email(text)
    except ValidationError:
        return ""
    local, _at, domain = text.rpartition("@")
    return f"mailto:{quote(local, safe='+')}@{quote(domain, safe='')}"


def usable(href: str) -> str:
    """Return an address as a link may hold it; empty for a number or a mail address that reaches nobody."""
    scheme, _colon, rest = href.partition(":")
    match scheme.lower():
        case "tel":
            return tel(unquote(rest))
        case "sms":
            number, _query, body = rest.partition("?body=")
            return sms(unquote(number), unquote(body))
        case "mailto":
            return mailto(unquote(rest))
    return href

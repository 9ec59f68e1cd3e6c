"""What can be seen stays code point for code point, what cannot be seen goes. The length is looked at first, as
bringing a text into normal form may take quadratic time. A zero-width joiner in a word (emoji, Indic and Persian names)
stays."""

import re
import unicodedata

# Decomposed accents and Windows line ends make a text longer than it will be, but not by more than this.
SLACK = 4

LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
BLANK_CATEGORIES = ("Cc", "Cf", "Zl", "Zp", "Zs")
# What else shows nothing: fillers, joiners, variation selectors, the empty Braille cell.
BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


class TooLong(ValueError):
    """The text has more characters than may be kept."""


class Unreadable(ValueError):
    """The text holds a NUL, which no keyboard types and no database keeps."""


def one_line(text: str, longest: int) -> str:
    return _clean(text, longest, line_end=" ")


def many_lines(text: str, longest: int) -> str:
    return _clean(text, longest, line_end="\n")


def address(text: str, longest: int) -> str:
    """Copying adds invisible characters to a phone number or an email address."""
    text = one_line(text, longest)
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def is_blank(text: str) -> bool:
    return all(unicodedata.category(c) in BLANK_CATEGORIES or BLANK.match(c) for c in text)


def _clean(text: str, longest: int, line_end: str) -> str:
    if len(text) > SLACK * longest:
        raise TooLong
    if "\0" in text:
        raise Unreadable
    text = LINE_ENDS.sub(line_end, text).replace("\t", " ")
    text = BIDI_CONTROLS.sub("", CONTROLS.sub("", text))
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > longest:
        raise TooLong
    return "" if is_blank(text) else text

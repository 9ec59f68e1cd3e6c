"""Digits as people type them: of any keyboard, with words and quotes around them, and with the letter O for a zero."""

import re
import unicodedata

LETTER = r"[^\W\d_]"
# A word of nothing but O, several or beside a digit: alone it is a word of Spanish.
ZEROS = re.compile(rf"(?<!{LETTER})(?:(?<=\d)[oO]+|[oO]+(?=\d)|[oO]{{2,}})(?!{LETTER})")
NOT_A_DIGIT = re.compile(r"[^0-9]+")


def in_ascii(text: str) -> str:
    """Return ``text`` with the digits of every script as 0 to 9."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


def digits_of(text: str) -> str:
    """Return the digits in ``text``, and the letters O that stand for one; words are passed over."""
    return NOT_A_DIGIT.sub("", ZEROS.sub(lambda found: "0" * len(found[0]), in_ascii(text)))

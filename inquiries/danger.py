"""Whether typed words tell that a life may be in danger, in either language.

A net for what must be read soon, not a judgement: a form that it catches is never set aside. Another reading can be
named in ``settings.TELLS_OF_DANGER``; the list that ships is ``danger_words.txt``.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

LIST = Path(__file__).with_name("danger_words.txt")
APOSTROPHES = str.maketrans("", "", "'’ʼ`´")


def tells_of_danger(text: str) -> bool:
    """Ask the function that the settings name."""
    return bool(text) and import_string(settings.TELLS_OF_DANGER)(text)


def holds_listed_words(text: str) -> bool:
    """Whether ``text`` holds a line of the list, whatever its case, accents, apostrophes and punctuation."""
    plain = normalised(text)
    return any(words in plain for words in listed_words())


def normalised(text: str) -> str:
    """Return letters and digits in small, without accents, with single blanks for all that stands between them."""
    apart = unicodedata.normalize("NFKD", text.translate(APOSTROPHES)).casefold()
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare))


@cache
def listed_words() -> tuple[str, ...]:
    lines = (line.strip() for line in LIST.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))

"""Whether typed words tell that a life may be in danger, in either language.

A net with holes, not a judgement: a form that it catches is never set aside. Who is in danger may write in words that
nobody foresaw. Another reading can be named in ``settings.TELLS_OF_DANGER``; what ships is ``danger_words.txt``.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

LIST = Path(__file__).with_name("danger_words.txt")
UNSEEN = ("Cf", "Mn", "Me", "Lm")  # soft hyphens, joiners of no width, accents, letters that look like apostrophes
# "don t" is all that is left of "don't", whichever of the many apostrophes it was typed with.
CUT_OFF = re.compile(r"(?<=n) (?=t\b)|(?<=\bi) (?=m\b)")


def tells_of_danger(text: str) -> bool:
    """Ask the function that the settings name."""
    return bool(text) and import_string(settings.TELLS_OF_DANGER)(text)


def holds_listed_words(text: str) -> bool:
    """Whether a line of the list is found in ``text``, whatever its case, accents, apostrophes and punctuation."""
    return bool(listed_words().search(normalised(text)))


def normalised(text: str) -> str:
    """Return letters and digits in small, without accents, with single blanks for all that stands between them."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in apart if unicodedata.category(c) not in UNSEEN)
    return CUT_OFF.sub("", " ".join(re.findall(r"[^\W_]+", bare)))


@cache
def listed_words() -> re.Pattern:
    """Return the list as one pattern. Each gap in it has an end, so that its time is linear in the text."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    sets = dict(line.split(" = ", 1) for line in lines if " = " in line)
    phrases = "|".join(line for line in lines if " = " not in line)
    for name, words in sets.items():
        phrases = phrases.replace(f"<{name}>", f"(?:{words})")
    phrases = re.sub(r"<(\d)>", r"(?:\\w++ ){0,\1}", phrases)
    return re.compile(rf"\b(?:{phrases})\b")

"""Do words tell that a life may be in danger? A net with holes, not a judgement: what it catches is never set aside.

``settings.TELLS_OF_DANGER`` names what reads them: the site adds the words that supervisors keep to
``danger_words.txt``, which ships with the code and needs no database.
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
CUT_OFF = re.compile(r"(?<=n)[ \n](?=t\b)|(?<=\bi)[ \n](?=m\b)")
NESTED = r"(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*"
GUARD = re.compile(rf"(\(\?<?!{NESTED}\))")  # words that must not follow, or stand before


def tells_of_danger(text: str) -> bool:
    return bool(text) and import_string(settings.TELLS_OF_DANGER)(text)


def holds_listed_words(text: str) -> bool:
    return bool(listed_words().search(normalised(text)))


def normalised(text: str) -> str:
    """Letters and digits in small, without accents; between words one blank, or one line end for any mark."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in apart if unicodedata.category(c) not in UNSEEN)
    return CUT_OFF.sub("", re.sub(r"[\W_]+", gap, bare).strip())


def gap(between: re.Match) -> str:
    return "\n" if between[0].strip(" \t-/") else " "


@cache
def listed_words() -> re.Pattern:
    """Each gap in the pattern has an end, so that its time is linear in the text."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    sets = dict(line.split(" = ", 1) for line in lines if " = " in line)
    phrases = "|".join(line for line in lines if " = " not in line)
    for name, words in sets.items():
        phrases = phrases.replace(f"<{name}>", f"(?:{words})")
    phrases = re.sub(r"<(\d)>", r"(?:\\w++ ){0,\1}", phrases)
    return re.compile(rf"\b(?:{over_marks(phrases)})\b")


def over_marks(phrases: str) -> str:
    """The blanks of phrases stand for any gap; those of a guard stay blanks, so that it reaches over no mark."""
    parts = GUARD.split(phrases)
    return "".join(bounded(part) if GUARD.fullmatch(part) else part.replace(" ", r"[ \n]") for part in parts)


def bounded(guard: str) -> str:
    """A guard ends at the end of a word: " por" is not meant to be found in " porque"."""
    if not guard.startswith("(?!"):
        return guard
    return rf"(?!(?:{GUARD.sub(lambda inner: bounded(inner[1]), guard[3:-1])})\b)"

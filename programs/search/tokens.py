import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

STEMMERS = {"en": snowballstemmer.stemmer("english"), "es": snowballstemmer.stemmer("spanish")}
stemmer_lock = Lock()  # a stemmer holds the word that it is working on
# Snowball leaves the plural of short words ("días") and of words in -osa longer or shorter than their singular.
SPANISH_PLURAL = re.compile(r"(?<=[ao])s$")
# Words whose ending makes another word of them: "seguro" is what pays, "segura" is what a safe way is.
KEPT = {"es": {"seguro": "seguro", "seguros": "seguro"}}
# Words that stand on every page and tell none from the others.
COMMON = {
    "en": frozenset(
        "a about again all also am an and any are at be been but by can cant could do does dont for from get give go "
        "got had has have he her here him his how i if im in into is it its just like me more much my need of on one "
        "or our out s say she should so some something t tell than that the their them then there they this to too "
        "up want was we what when where which who why will with wont would you your".split()
    ),
    "es": frozenset(
        "a al algo ante aqui asi aun como con cual cuando de del desde donde e el ella ellos en entre era es esa ese "
        "eso esta estan estar este esto estoy fue ha hacer hace hago hay he la las le les lo los mas me mi mis muy "
        "nada necesito ni no nos o para pero por porque puede puedo que quiero se ser si sin sobre son soy su sus tan "
        "te tener tengo tiene todo tu tus u un una uno usted va voy y ya yo".split()
    ),
}


def fold(text: str) -> str:
    if text.isascii():
        return text.lower().replace("'", "")
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’")


def words(text: str) -> list[str]:
    return [fold(word) for word in WORD.findall(text)]


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    if kept := KEPT.get(language, {}).get(word):
        return kept
    if language == "es":
        word = SPANISH_PLURAL.sub("", word)
    with stemmer_lock:
        return STEMMERS[language].stemWord(word)


def slips_forgiven(word: str) -> int:
    """Return how many slips are forgiven in a word: a short word with one is too often another word."""
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2


def distance(one: str, other: str) -> int:
    """By Damerau and Levenshtein; rapidfuzz takes 0.1 ms a typed word instead of 0.8, and 12 MB more to install."""
    before, last = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


class Spelling:
    """Pairs of letters choose the few known words that are compared in full."""

    def __init__(self, known: Iterable[str]):
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for word in set(known):
            for pair in self._pairs(word):
                self._by_pair[pair].append(word)

    @staticmethod
    def _pairs(word: str) -> set[str]:
        padded = f" {word} "
        return {padded[start : start + 2] for start in range(len(padded) - 1)}

    def nearest(self, word: str) -> tuple[int, list[str]]:
        """Return the number of slips in ``word`` and the known words that it may be; no words if it is like none."""
        allowed = slips_forgiven(word)
        if not allowed:
            return 0, []
        pairs = self._pairs(word)
        shared = Counter(known for pair in pairs for known in self._by_pair.get(pair, ()))
        least = max(1, len(pairs) - 3 * allowed)  # two letters swapped change three pairs
        found = defaultdict(list)
        for known, count in shared.items():
            if count >= least and abs(len(known) - len(word)) <= allowed:
                found[distance(word, known)].append(known)
        slips = min(found, default=allowed + 1)
        return (slips, sorted(found[slips])) if slips <= allowed else (0, [])

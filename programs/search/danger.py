"""Whether a text holds words of danger, as supervisors keep them in the guide, in either language.

Nothing of a text is kept, logged, or sent to the database.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from threading import Lock

from django.conf import settings
from django.db import Error
from django.utils import timezone

from programs.models import ContentVersion, DangerWords
from programs.search.tokens import Spelling, stem, words

logger = logging.getLogger(__name__)
BETWEEN = 1  # words that may stand between two of a phrase
SURE_ALONE = 7  # letters of a phrase of one word in which a slip is forgiven: a shorter one is another word
FRESH = 5  # seconds for which it is not asked whether the rows changed
Key = tuple[str, str]  # a language and the stem of a word in it


class Phrases:
    """Phrases of every language, ready to be looked for. It never changes once it is made."""

    def __init__(self, phrases: Iterable[tuple[str, str]]):
        self._alone: set[str] = set()
        self._by_first: dict[Key, list[tuple[Key, ...]]] = defaultdict(list)
        self._keys_of: dict[str, set[Key]] = defaultdict(set)
        for language, phrase in phrases:
            parts = words(phrase)
            if len(parts) == 1:
                self._alone.add(parts[0])
            elif parts:
                keys = tuple(self._key(word, language) for word in parts)
                self._by_first[keys[0]].append(keys[1:])
        self._known = {key for keys in self._keys_of.values() for key in keys}
        self._spelling = Spelling(self._keys_of)
        self._spelling_alone = Spelling(word for word in self._alone if len(word) >= SURE_ALONE)

    def _key(self, word: str, language: str) -> Key:
        key = (language, stem(word, language))
        self._keys_of[word].add(key)
        return key

    def are_in(self, text: str) -> bool:
        typed = words(text)
        if any(word in self._alone or self._spelling_alone.nearest(word)[0] == 1 for word in set(typed)):
            return True
        meant = {word: self._meant(word) for word in set(typed)}
        places: dict[Key, set[int]] = defaultdict(set)
        for place, word in enumerate(typed):
            for key in meant[word]:
                places[key].add(place)
        return any(
            self._goes_on(rest, places, starts)
            for first, starts in places.items()
            for rest in self._by_first.get(first, ())
        )

    def _meant(self, word: str) -> set[Key]:
        """Return which words of phrases a typed one may be: whatever its ending, else with one slip."""
        exact = {(language, stem(word, language)) for language, _name in settings.LANGUAGES} & self._known
        if exact:
            return exact
        slips, near = self._spelling.nearest(word)
        return {key for name in near for key in self._keys_of[name]} if slips == 1 else set()

    @staticmethod
    def _goes_on(rest: tuple[Key, ...], places: dict[Key, set[int]], ends: set[int]) -> bool:
        """Whether ``rest`` stands behind any of ``ends``; all of them are followed at once, in linear time."""
        for key in rest:
            behind = {place for end in ends for place in range(end + 1, end + BETWEEN + 2)}
            ends = behind & places.get(key, set())
        return bool(ends)


class PhrasesCache:
    """The phrases of the guide, in this process; what was read last while the database is away."""

    def __init__(self):
        self._lock = Lock()
        self.clear()

    def clear(self):
        self._phrases, self._made_of, self._asked_at = Phrases(()), None, -FRESH

    def current(self) -> Phrases:
        with self._lock:
            if time.monotonic() - self._asked_at >= FRESH:
                try:
                    self._read()
                except Error as error:
                    logger.warning("the words of danger of the guide were not read: %s", type(error).__name__)
                self._asked_at = time.monotonic()
            return self._phrases

    def _read(self):
        wanted = (ContentVersion.objects.current(), timezone.localdate())
        if wanted != self._made_of:
            rows = DangerWords.objects.visible(wanted[1])
            texts = (
                (language, getattr(row, f"words_{language}")) for row in rows for language, _name in settings.LANGUAGES
            )
            self._phrases = Phrases((lang, phrase) for lang, text in texts for phrase in (text or "").split(","))
            self._made_of = wanted


phrases_cache = PhrasesCache()


def tells_of_danger(text: str) -> bool:
    return phrases_cache.current().are_in(text)

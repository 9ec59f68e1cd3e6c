"""An index in memory for each language. Nothing of a query is kept, logged, or sent to the database."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock

from django.utils import translation

from programs.models import ContentVersion, Synonym
from programs.search.passages import Passage, passages
from programs.search.tokens import COMMON, WORD, Spelling, fold, stem, words

MOST_LETTERS = 100  # of a query; the rest is not read
MOST_WORDS = 12
MOST_RESULTS = 20
CRISIS_PAGE = "crisis"

# How much a word counts by where it stands.
IN_TITLE, IN_HEADING, IN_ANSWER, IN_TEXT = 6.0, 3.0, 2.0, 1.0
# How much a reading of a typed word counts: as it is, as a beginning, with slips, as what a lay word means.
EXACT, BEGINNING, SLIP, MEANT = 1.0, 0.5, 0.7, 0.7
NAMED_PAGE = 4.0  # for the page that answers a lay word
WORTH_SHOWING = 0.3  # of the best score


@dataclass(frozen=True)
class Result:
    """A page that was found, and the place on it to look at. Texts are parts: (words, whether they are a hit)."""

    page_key: str
    anchor: str
    title: list[tuple[str, bool]]
    heading: list[tuple[str, bool]]
    sentence: list[tuple[str, bool]]


@dataclass(frozen=True)
class SearchResults:
    query: str
    count: int = 0  # of all pages, of which ``results`` are the best
    results: tuple[Result, ...] = ()
    asks_for_crisis_help: bool = False
    asks_for_own_request: bool = False


@dataclass(frozen=True)
class Entry:
    key: str
    passages: tuple[Passage, ...]

    @cached_property
    def length(self) -> int:
        return sum(len(text.split()) for passage in self.passages for text in passage.sentences)


@dataclass(frozen=True)
class LayWords:
    phrases: tuple[tuple[str, ...], ...]
    means: tuple[str, ...]
    page_key: str


def clean(query: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in query[: 4 * MOST_LETTERS])
    return " ".join(printable.split())[:MOST_LETTERS].strip()


class Index:
    def __init__(self, language: str, pages, synonyms):
        self.language = language
        with translation.override(language):
            shown = [page for page in pages if page.has_text_in(language)]
            self.entries = tuple(Entry(page.key, tuple(passages(page))) for page in shown)
            self.synonyms = tuple(map(self._lay_words, synonyms))
            self._hits, known = self._read(shown)
        self._stems = sorted(self._hits)
        self._lay_stems = {part for lay in self.synonyms for phrase in lay.phrases for part in phrase}
        known |= {word for synonym in synonyms for word in words(getattr(synonym, f"words_{language}"))}
        self._spelling = Spelling(known)
        self._usual_length = sum(entry.length for entry in self.entries) / max(1, len(self.entries))

    def _lay_words(self, synonym) -> LayWords:
        phrases = tuple(tuple(self._stems_of(phrase)) for phrase in synonym.words.split(","))
        means = [word for word in words(synonym.means or "") if word not in COMMON[self.language]]
        return LayWords(tuple(filter(None, phrases)), tuple(self._stems_of(" ".join(means))), synonym.page)

    def _stems_of(self, text: str) -> list[str]:
        return [stem(word, self.language) for word in words(text)]

    def _read(self, pages):
        """Return where each stem stands, by page, as (passage, line, weight), and all words. Line -1 is the heading."""
        hits: dict[str, dict[int, list[tuple[int, int, float]]]] = defaultdict(lambda: defaultdict(list))
        known: dict[str, str] = {}  # the stem of each word
        for page_number, (page, entry) in enumerate(zip(pages, self.entries, strict=True)):
            for number, passage in enumerate(entry.passages):
                is_top = number == 0
                heading = f"{passage.heading} {page.menu_label} {page.topic or ''}" if is_top else passage.heading
                lines = [(-1, heading, IN_TITLE if is_top else IN_HEADING)]
                lines += [(line, text, IN_ANSWER if is_top else IN_TEXT) for line, text in enumerate(passage.sentences)]
                for line, text, weight in lines:
                    for word in set(words(text)):
                        if word not in known:
                            known[word] = stem(word, self.language)
                        hits[known[word]][page_number].append((number, line, weight))
        return {name: dict(places) for name, places in hits.items()}, set(known)

    def find(self, query: str, is_danger=False) -> SearchResults:
        """Return the pages that answer a query, best first; slips are forgiven, lay words understood.

        ``is_danger``: its words tell of danger to a life, and the help in a crisis comes first.
        """
        query = clean(query)
        typed = words(query)[:MOST_WORDS]
        readings = [self._readings(word) for word in typed]
        lay = [synonym for synonym in self.synonyms if self._has_phrase(synonym, readings)]
        rare = [reading for word, reading in zip(typed, readings, strict=True) if word not in COMMON[self.language]]
        groups = rare or (readings if not lay else [])
        groups = groups + [dict.fromkeys(synonym.means, MEANT) for synonym in lay]
        named = {synonym.page_key for synonym in lay if synonym.page_key} | ({CRISIS_PAGE} if is_danger else set())
        best = self._best(self._sums(groups, self._page_scores), named)
        results = tuple(self._result(page, groups) for page in best[:MOST_RESULTS])
        return SearchResults(query, len(best), results, CRISIS_PAGE in named, Synonym.STATUS in named)

    def _best(self, scores: dict[int, float], named: set[str]) -> list[int]:
        """Return the pages worth showing, best first; help in a crisis comes before all else."""
        least = WORTH_SHOWING * max(scores.values(), default=0)
        ranks = {}
        for page, entry in enumerate(self.entries):
            score, is_named = scores.get(page, 0), entry.key in named
            if is_named or (score and score >= least):
                ranks[page] = (is_named and entry.key == CRISIS_PAGE, score + is_named * NAMED_PAGE, -page)
        return sorted(ranks, key=ranks.get, reverse=True)

    def _readings(self, word: str) -> dict[str, float]:
        root = stem(word, self.language)
        found = {}
        if len(word) > 3:
            start = bisect_left(self._stems, word)
            found = {name: BEGINNING for name in self._stems[start : start + 20] if name.startswith(word)}
        if root in self._hits or root in self._lay_stems:
            found[root] = EXACT
        if not found:
            slips, near = self._spelling.nearest(word)
            found = {stem(name, self.language): SLIP / slips for name in near if slips}
        return found

    @staticmethod
    def _has_phrase(synonym: LayWords, readings: list[dict[str, float]]) -> bool:
        """Whether a phrase of the synonym was typed, each word whole: the beginning of one is not enough."""
        return any(
            all(
                reading.get(part, BEGINNING) != BEGINNING
                for part, reading in zip(phrase, readings[start:], strict=False)
            )
            for phrase in synonym.phrases
            for start in range(len(readings) - len(phrase) + 1)
        )

    def _rarity(self, name: str) -> float:
        pages = len(self._hits.get(name, ()))
        return math.log(1 + (len(self.entries) - pages + 0.5) / (pages + 0.5))

    def _page_scores(self, name: str):
        for page, hits in self._hits.get(name, {}).items():
            count = sum(weight for _passage, _line, weight in hits)
            length = 0.5 + 0.5 * self.entries[page].length / self._usual_length
            yield page, count / (count + 2 * length)

    def _sums(self, groups: list[dict[str, float]], scores_of: Callable) -> dict:
        """Add up the best score of each group; a stem counts by how surely it is meant and how rare it is."""
        sums: dict = defaultdict(float)
        for group in groups:
            best: dict = defaultdict(float)
            for name, sureness in group.items():
                worth = sureness * self._rarity(name)
                for target, score in scores_of(name):
                    best[target] = max(best[target], worth * score)
            for target, score in best.items():
                sums[target] += score
        return sums

    def _result(self, page: int, groups: list[dict[str, float]]) -> Result:
        lines = self._sums(groups, lambda name: [(hit[:2], 1) for hit in self._hits.get(name, {}).get(page, ())])
        entry = self.entries[page]
        number, line = self._best_line(entry, lines)
        passage = entry.passages[number]
        wanted = {name for group in groups for name in group}
        return Result(
            page_key=entry.key,
            anchor=passage.anchor,
            title=self._highlighted(entry.passages[0].heading, wanted),
            heading=self._highlighted(passage.heading if number else "", wanted),
            sentence=self._highlighted(passage.sentences[line] if passage.sentences else "", wanted),
        )

    @staticmethod
    def _best_line(entry: Entry, lines: dict[tuple[int, int], float]) -> tuple[int, int]:
        """Return the passage and the line to show: the title alone tells nothing."""
        ranked = []
        for number, passage in enumerate(entry.passages):
            in_text = [(lines.get((number, line), 0.0), -line) for line in range(len(passage.sentences))]
            score, line = max(in_text, default=(0.0, 0))
            if passage.sentences or (number and passage.heading):
                ranked.append((score + lines.get((number, -1), 0.0), -number, line))
        _score, number, line = max(ranked, default=(0, 0, 0))
        return -number, -line

    def _highlighted(self, text: str, wanted: set[str]) -> list[tuple[str, bool]]:
        parts, end = [], 0
        for match in WORD.finditer(text):
            if stem(fold(match[0]), self.language) in wanted:
                parts += [(text[end : match.start()], False), (match[0], True)]
                end = match.end()
        return [part for part in [*parts, (text[end:], False)] if part[0]]


class IndexCache:
    def __init__(self):
        self._lock = Lock()
        self._indexes: dict[str, tuple[tuple[int, date], Index]] = {}

    def index(self, language: str, today: date, read_pages: Callable) -> Index:
        """The version is read before the pages are: a change in between is found at the next search."""
        wanted = (ContentVersion.objects.current(), today)
        with self._lock:
            kept = self._indexes.get(language)
            if kept is None or kept[0] != wanted:
                synonyms = [row for row in Synonym.objects.visible(today) if row.has_text_in(language)]
                kept = self._indexes[language] = (wanted, Index(language, read_pages(), synonyms))
            return kept[1]

    def clear(self):
        with self._lock:
            self._indexes.clear()


index_cache = IndexCache()

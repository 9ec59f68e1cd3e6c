"""Two published formulas, and the lengths that the content rules name. The figures prioritise, people decide.

English: Kincaid and others, "Derivation of new readability formulas for Navy enlisted personnel", Report 8-75, 1975.
Spanish: J. Fernández Huerta, "Medidas sencillas de lecturabilidad", Consigna 214, 1959, in its corrected form.
"""

import re

MOST_WORDS = 20  # in a sentence
MOST_SENTENCES = 3  # in a paragraph
LEAST_GRADE, MOST_GRADE = 4.5, 7  # English; below it reads like flash cards
LEAST_EASE, MOST_EASE = 65, 85  # Spanish
LEAST_WORDS = 30  # the formulas were made for passages; of a line or two they say nothing

_link = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_heading = re.compile(r"^\s*#+\s.*$", re.MULTILINE)
_emphasis = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}")
_item = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+|^[|\s:-]+$|\s*\|\s*", re.MULTILINE)
_sentence_end = re.compile(r"(?<=[.!?…:])[)\]”\"’]*\s+")
_word = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_english_vowels = re.compile(r"[aeiouy]+")
_english_silent = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy])le$|(?<=[^aeiouysxz])es$(?<![cg]es)|(?<=[^aeiouytd])ed$")
# Vowels that meet and are two syllables, and an ending said with a vowel that is not written.
_english_apart = re.compile(
    r"(?<![cst])i[ao](?!us)|(?<=sc)ie|(?<=qu)ie|(?<=[cd])rea|(?<=[rd])ea$|eo(?!p)|[^gq]ua(?=[lt])|[aeiouy]ing$|sm$"
)
# In Spanish a strong vowel, or a weak one with an accent, makes a syllable; a weak one beside a strong one joins it.
_spanish_mute = re.compile(r"(?<=q)u|(?<=g)u(?=[eéií])")
_spanish_syllable = re.compile(r"[aeoáéóíú]|(?<![aeoáéó])[iuü](?![aeoáéóiuü])|[iuü]{2}|(?<![aeoáéóu])y$")


def blocks(markdown: str) -> list[str]:
    text = _emphasis.sub("", _link.sub(r"\1", _heading.sub("", markdown)))
    parts = [part for paragraph in re.split(r"\n\s*\n", text) for part in _item.split(paragraph)]
    return [" ".join(part.split()) for part in parts if part.strip()]


def sentences(block: str) -> list[str]:
    """Return the sentences of one block; a colon ends one, as a list does that follows it."""
    return [sentence for sentence in _sentence_end.split(block) if _word.search(sentence)]


def syllables(word: str, language: str) -> int:
    count = 0
    for part in re.split(r"['’-]", word.lower()):
        if language == "es":
            count += len(_spanish_syllable.findall(_spanish_mute.sub("", part)))
        else:
            count += len(_english_vowels.findall(_english_silent.sub("", part))) + len(_english_apart.findall(part))
    return max(1, count)


def figures(texts: list[str], language: str) -> tuple[float, float] | None:
    """Return words per sentence and syllables per word of all texts together; none when they are too short to tell."""
    parts = [sentence for text in texts for block in blocks(text) for sentence in sentences(block)]
    words = [word for sentence in parts for word in _word.findall(sentence)]
    if len(words) < LEAST_WORDS:
        return None
    return len(words) / len(parts), sum(syllables(word, language) for word in words) / len(words)


def grade(texts: list[str]) -> float | None:
    found = figures(texts, "en")
    return found and 0.39 * found[0] + 11.8 * found[1] - 15.59


def ease(texts: list[str]) -> float | None:
    """Return how easy Spanish texts are (Fernández Huerta, 100 is easiest); none when they are too short to tell."""
    found = figures(texts, "es")
    return found and 206.84 - 60 * found[1] - 1.02 * found[0]


def long_sentences(text: str) -> list[str]:
    return [s for block in blocks(text) for s in sentences(block) if len(s.split()) > MOST_WORDS]


def long_paragraphs(text: str) -> list[str]:
    """Return the blocks of too many sentences; a line that ends in a colon leads to a list and does not count."""
    return [block for block in blocks(text) if sum(not s.endswith(":") for s in sentences(block)) > MOST_SENTENCES]

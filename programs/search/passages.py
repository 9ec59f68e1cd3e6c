import html
import re
from dataclasses import dataclass

from programs.markup import with_numbers
from programs.page_content import ROWS_UNDER, Layout

BLOCK_END = re.compile(r"</(?:p|li|h3|h4|td|th|tr)>|<br>")
TAG = re.compile(r"<[^>]+>")
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!siglas\.)[”\"]?\s+(?=[A-ZÁÉÍÓÚÑ¿¡“0-9])|\n")


@dataclass(frozen=True)
class Passage:
    """A heading and the sentences under it; the first passage of a page has the page's title and no anchor."""

    anchor: str
    heading: str
    sentences: tuple[str, ...]


def sentences(text: str | None) -> tuple[str, ...]:
    plain = html.unescape(TAG.sub("", BLOCK_END.sub("\n", with_numbers(text or "").replace("\n", " "))))
    return tuple(" ".join(part.split()) for part in SENTENCE_END.split(plain) if part and part.strip())


def passages(page) -> list[Passage]:
    """``page`` must come with its sections and their rows."""
    found = [Passage("", page.title, sentences(page.answer_html))]
    for section in page.sections.all():
        found += _section_passages(section)
    return found


def _section_passages(section) -> list[Passage]:
    listing = ROWS_UNDER.get(section.layout)
    if section.layout == Layout.CONTACT_WAYS or (listing and not section.rows):
        return []  # it stands on the page only while there is something to list
    found = [Passage(section.anchor, section.heading or "", sentences(section.body_html))]
    for row in section.rows:
        texts = tuple(sentence for field in listing.texts for sentence in sentences(getattr(row, field)))
        anchor = listing.anchor.format(key=row.key) or section.anchor
        found.append(Passage(anchor, getattr(row, row.heading_field), texts))
    return found

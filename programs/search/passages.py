"""What stands on the pages of the guide, in the pieces that have an address of their own."""

import html
import re
from dataclasses import dataclass

from programs.markup import with_numbers
from programs.models import Section

Layout = Section.Layout
BLOCK_END = re.compile(r"</(?:p|li|h3|h4|td|th|tr)>|<br>")
TAG = re.compile(r"<[^>]+>")
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!siglas\.)[”\"]?\s+(?=[A-ZÁÉÍÓÚÑ¿¡“0-9])|\n")

# Of each list: the anchor of a row (none: the row is reached by its section), and the fields of it that are printed.
ROW_TEXTS = {
    Layout.AUDIENCES: ("{key}", ("body_html",)),
    Layout.BENEFITS: ("{key}", ("body_html",)),
    Layout.CARE_LEVELS: ("", ("body_html", "support")),
    Layout.CREDENTIALS: ("{key}", ("what_it_is_html", "number", "how_to_check_html")),
    Layout.CRISIS_LINES: ("line-{key}", ("body_html", "call_label", "text_label")),
    Layout.ENROLLMENT_STEPS: ("{key}", ("body_html", "may_need_html", "can_skip_html")),
    Layout.ENROLLMENT_SUMMARY: ("", ("summary",)),
    Layout.EXAMPLES: ("{key}", ("body_html",)),
    Layout.FACILITIES: ("{key}", ("body_html",)),
    Layout.GLOSSARY_TERMS: ("{key}", ("body_html",)),
    Layout.REASONS: ("{key}", ("body_html",)),
    Layout.SCHEDULE_FACTS: ("", ("value", "body_html")),
    Layout.SERVICE_AREAS: ("", ()),
    Layout.THERAPIES: ("{key}", ("term", "body_html")),
}


@dataclass(frozen=True)
class Passage:
    """A heading and the sentences under it; the first passage of a page has the page's title and no anchor."""

    anchor: str
    heading: str
    sentences: tuple[str, ...]


def sentences(text: str | None) -> tuple[str, ...]:
    """Return the sentences of a stored HTML or plain text."""
    plain = html.unescape(TAG.sub("", BLOCK_END.sub("\n", with_numbers(text or "").replace("\n", " "))))
    return tuple(" ".join(part.split()) for part in SENTENCE_END.split(plain) if part and part.strip())


def passages(page) -> list[Passage]:
    """Return what a page says, in the language in force. ``page`` must come with its sections and their rows."""
    found = [Passage("", page.title, sentences(page.answer_html))]
    for section in page.sections.all():
        found += _section_passages(section)
    return found


def _section_passages(section) -> list[Passage]:
    if section.layout == Layout.CONTACT_WAYS or (section.layout in ROW_TEXTS and not section.rows):
        return []  # it stands on the page only while there is something to list
    found = [Passage(section.anchor, section.heading or "", sentences(section.body_html))]
    anchor, fields = ROW_TEXTS.get(section.layout, ("", ()))
    for row in section.rows if section.layout in ROW_TEXTS else ():
        texts = tuple(sentence for field in fields for sentence in sentences(getattr(row, field)))
        place = anchor.format(key=row.key) or section.anchor
        found.append(Passage(place, getattr(row, row.heading_field), texts))
    return found

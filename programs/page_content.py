from typing import NamedTuple

from programs import models
from programs.models import Section

Layout = Section.Layout


class Listing(NamedTuple):
    model: type
    anchor: str = "{key}"  # empty: a row is reached by its section
    texts: tuple[str, ...] = ("body_html",)
    needs: str = ""  # the field without which a row does not stand here


ROWS_UNDER = {
    Layout.AUDIENCES: Listing(models.Audience),
    Layout.BENEFITS: Listing(models.Benefit),
    Layout.CARE_LEVELS: Listing(models.CareLevel, "", ("body_html", "support")),
    Layout.CREDENTIALS_SUMMARY: Listing(models.Credential, "", (), needs="number"),
    Layout.CREDENTIALS: Listing(models.Credential, texts=("what_it_is_html", "number", "how_to_check_html")),
    Layout.CRISIS_LINES: Listing(models.CrisisLine, "line-{key}", ("body_html", "call_label", "text_label")),
    Layout.ENROLLMENT_STEPS: Listing(models.EnrollmentStep, texts=("body_html", "may_need_html", "can_skip_html")),
    Layout.ENROLLMENT_SUMMARY: Listing(models.EnrollmentStep, "", ("summary",)),
    Layout.EXAMPLES: Listing(models.Example),
    Layout.FACILITIES: Listing(models.Facility),
    Layout.GLOSSARY_TERMS: Listing(models.GlossaryTerm),
    Layout.QUESTIONS: Listing(models.CommonQuestion, texts=("body_html", "closing_html")),
    Layout.REASONS: Listing(models.Reason),
    Layout.SCHEDULE_FACTS: Listing(models.ScheduleFact, "", ("value", "body_html")),
    Layout.SERVICE_AREAS: Listing(models.ServiceArea, "", ()),
    Layout.THERAPIES: Listing(models.Therapy, texts=("term", "body_html")),
}
SHORT_LISTS = {Layout.ENROLLMENT_SUMMARY, Layout.CREDENTIALS_SUMMARY}  # another list shows the same rows whole


def with_sections(pages, today):
    pages = list(pages.with_visible_sections(today))
    attach_rows(pages, lambda model: list(model.objects.visible(today)))
    return pages


def attach_rows(pages, rows_of):
    """Give every section of pages the rows of the list that stands in it; ``rows_of`` finds those of a model."""
    rows: dict[type, list] = {}
    for page in pages:
        for section in page.sections.all():
            listing = ROWS_UNDER.get(section.layout)
            if listing and listing.model not in rows:
                rows[listing.model] = rows_of(listing.model)
            shown = rows[listing.model] if listing else []
            needs = listing.needs if listing else ""
            section.rows = [
                row for row in shown if row.has_text_in(page.content_language) and (not needs or getattr(row, needs))
            ]

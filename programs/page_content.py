"""What a page shows: its visible sections, and the rows of the lists that stand in them."""

from django.db.models import Prefetch

from programs.models import Section
from programs.models.listings import (
    Audience,
    Benefit,
    CareLevel,
    EnrollmentStep,
    Example,
    GlossaryTerm,
    Reason,
    ScheduleFact,
    Therapy,
)
from programs.models.organizations import Credential, CrisisLine, Facility, ServiceArea

Layout = Section.Layout
ROWS_UNDER = {
    Layout.AUDIENCES: Audience,
    Layout.BENEFITS: Benefit,
    Layout.CARE_LEVELS: CareLevel,
    Layout.CREDENTIALS: Credential,
    Layout.CRISIS_LINES: CrisisLine,
    Layout.ENROLLMENT_STEPS: EnrollmentStep,
    Layout.ENROLLMENT_SUMMARY: EnrollmentStep,
    Layout.EXAMPLES: Example,
    Layout.FACILITIES: Facility,
    Layout.GLOSSARY_TERMS: GlossaryTerm,
    Layout.REASONS: Reason,
    Layout.SCHEDULE_FACTS: ScheduleFact,
    Layout.SERVICE_AREAS: ServiceArea,
    Layout.THERAPIES: Therapy,
}


def with_sections(pages, today):
    """Fetch pages with their visible sections, and the rows of the lists that stand in them."""
    pages = list(pages.prefetch_related(Prefetch("sections", Section.objects.visible(today))))
    attach_rows(pages, lambda model: list(model.objects.visible(today)))
    return pages


def attach_rows(pages, rows_of):
    """Give every section of pages the rows of the list that stands in it; ``rows_of`` finds those of a model."""
    rows: dict[type, list] = {}
    for page in pages:
        for section in page.sections.all():
            model = ROWS_UNDER.get(section.layout)
            if model and model not in rows:
                rows[model] = rows_of(model)
            section.rows = [row for row in rows.get(model, []) if row.has_text_in(page.content_language)]

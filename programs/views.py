"""The pages of the guide. A view is the queryset it chooses; a page costs a small, fixed number of queries."""

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import TemplateView

from programs.models import GuidePage, Section
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
from programs.search.index import MOST_LETTERS, shelf
from programs.week_planner import WeekForm

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
PROXIES_KEEP = "public, max-age=0, s-maxage=60, stale-if-error=86400"
NOBODY_KEEPS = "no-store"


def with_sections(pages, today):
    """Fetch pages with their visible sections, and the rows of the lists that stand in them."""
    pages = list(pages.prefetch_related(Prefetch("sections", Section.objects.visible(today))))
    fill(pages, lambda model: list(model.objects.visible(today)))
    return pages


def fill(pages, rows_of):
    """Give every section of pages the rows of the list that stands in it; ``rows_of`` finds those of a model."""
    rows: dict[type, list] = {}
    for page in pages:
        for section in page.sections.all():
            model = ROWS_UNDER.get(section.layout)
            if model and model not in rows:
                rows[model] = rows_of(model)
            section.rows = [row for row in rows.get(model, []) if row.is_told_in(page.content_language)]


class ReadOnlyView(TemplateView):
    """A page that is the same for everybody until the content changes: proxies may keep it for a minute.

    With a query it is one visitor's own, and nobody keeps it.
    """

    http_method_names = ["get", "head"]

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = NOBODY_KEEPS if request.META["QUERY_STRING"] else PROXIES_KEEP
        return response


class PageView(ReadOnlyView):
    """One page of the guide, at the address that staff gave it."""

    template_name = "programs/page.html"

    def choose(self, pages):
        return pages.filter(kind=GuidePage.Kind.PAGE, slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        found = with_sections(self.choose(GuidePage.objects.visible(today)), today)
        if not found:
            raise Http404
        return super().get_context_data(page=found[0], week_form=WeekForm.asked(self.request.GET), **kwargs)


class HomeView(PageView):
    """The home page, which has no address of its own."""

    template_name = "programs/home.html"

    def choose(self, pages):
        return pages.filter(kind=GuidePage.Kind.HOME)


class StatementView(PageView):
    """A page that others rely on, at an address that no edit changes."""

    def choose(self, pages):
        return pages.filter(kind=GuidePage.Kind.STATEMENT, key=self.kwargs["key"])


class PrintView(ReadOnlyView):
    """The whole guide on one page, for paper."""

    template_name = "programs/print.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        pages = with_sections(GuidePage.objects.visible(today), today)
        return super().get_context_data(guide=pages, today=today, **kwargs)


class SiteMapView(ReadOnlyView):
    """Every page as a link; the frame's own list of pages is all it needs."""

    template_name = "programs/site_map.html"


class SearchView(ReadOnlyView):
    """What the guide says about the words of the query ``q``; they are kept nowhere."""

    template_name = "programs/search.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        index = shelf.index(get_language(), today, lambda: with_sections(GuidePage.objects.visible(today), today))
        found = index.find(self.request.GET.get("q", ""))
        return super().get_context_data(found=found, most_letters=MOST_LETTERS, **kwargs)

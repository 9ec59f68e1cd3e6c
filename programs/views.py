from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.generic import TemplateView

from programs.models import GuidePage
from programs.page_content import with_sections
from programs.redirects import from_old_address
from programs.search.index import MOST_LETTERS, index_cache
from programs.week_planner import WeekForm

CACHE_PUBLIC = "public, max-age=0, s-maxage=60, stale-if-error=86400"
NO_STORE = "no-store"
MOST_READ = 2000  # letters of a query, for words of danger


class ReadOnlyView(TemplateView):
    """Proxies may keep a page for a minute; with a query it is one visitor's own, and nobody keeps it."""

    http_method_names = ["get", "head"]

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = NO_STORE if request.META["QUERY_STRING"] else CACHE_PUBLIC
        return response


class PageView(ReadOnlyView):
    template_name = "programs/page.html"
    kind = GuidePage.Kind.PAGE

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        found = with_sections(GuidePage.objects.visible(today).filter(kind=self.kind, **self.kwargs), today)
        if not found:
            raise Http404
        return super().get_context_data(page=found[0], week_form=WeekForm.asked(self.request.GET), **kwargs)


class GuidePageView(PageView):
    """A page that has an address of its own; an address that it had before leads to it."""

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            pages = GuidePage.objects.visible(timezone.localdate()).filter(kind=self.kind)
            if redirect := from_old_address(request, pages, kwargs["slug"]):
                return redirect
            raise


class PrintView(ReadOnlyView):
    template_name = "programs/print.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        pages = with_sections(GuidePage.objects.visible(today), today)
        return super().get_context_data(guide=pages, today=today, **kwargs)


class SearchView(ReadOnlyView):
    template_name = "programs/search.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        index = index_cache.index(get_language(), today, lambda: with_sections(GuidePage.objects.visible(today), today))
        query = self.request.GET.get("q", "")[:MOST_READ]
        found = index.find(query, is_danger=import_string(settings.TELLS_OF_DANGER)(query))
        return super().get_context_data(found=found, most_letters=MOST_LETTERS, **kwargs)

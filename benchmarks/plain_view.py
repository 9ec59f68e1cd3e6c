"""A guide page as an ordinary Django project makes it, to compare with: no frame kept, no page kept.

The middleware of `startproject`, one view, sections prefetched, one query for each list that the page shows; menu,
profile and notices are read at every request, and nothing of them is kept. It prints with the
product's own templates, so that both make the same page byte for byte.
"""

from functools import cache

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.backends.django import DjangoTemplates
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from iop_site.context_processors import alternates, home_path
from iop_site.frame import ASK_LINKS, guide_links, notices
from iop_site.handlers import Handler
from programs.models import GuidePage, Section, SiteProfile
from programs.views import ROWS_UNDER
from programs.week import WeekForm

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "iop_site.middleware.LanguageFromPathMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "benchmarks.plain_view.InsteadOfOurs",
]


def handler() -> Handler:
    """Return a WSGI application that answers the address of every guide page with the plain view."""
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return Handler()


class InsteadOfOurs:
    """Calls the plain view where the addresses of the product name its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        return guide_page(request, **kwargs)


def guide_page(request, slug: str) -> HttpResponse:
    visible = GuidePage.objects.visible(timezone.localdate())
    sections = Prefetch("sections", Section.objects.visible(timezone.localdate()))
    page = get_object_or_404(visible.prefetch_related(sections), slug=slug)
    for section in page.sections.all():
        model = ROWS_UNDER.get(section.layout)
        rows = model.objects.visible(timezone.localdate()) if model else []
        section.rows = [row for row in rows if row.is_told_in(page.content_language)]
    context = {"page": page, "week_form": WeekForm.asked({}), **surroundings(request)}
    return HttpResponse(engine().get_template("programs/page.html").render(context, request))


def surroundings(request) -> dict:
    """Return what menu, footer and the links of texts need."""
    today = timezone.localdate()
    pages = list(GuidePage.objects.visible(today))
    paths = alternates(request, pages)
    return {
        "pages": pages,
        "links": guide_links(pages) | {name: reverse(view) for name, view in ASK_LINKS.items()},
        "alternates": paths,
        "language_links": {language: home_path(language) for language, _name in settings.LANGUAGES} | paths,
        "profile": SiteProfile.objects.visible(today).first(),
        "notices": notices(today),
        "site_url": str(settings.SITE_URL),
    }


@cache
def engine() -> DjangoTemplates:
    """Return the templates of the product, without the context processor that keeps the frame."""
    ours = settings.TEMPLATES[0]
    processors = [name for name in ours["OPTIONS"]["context_processors"] if not name.startswith("iop_site.")]
    options = {"NAME": "plain", "DIRS": ours["DIRS"], "APP_DIRS": True, "OPTIONS": {"context_processors": processors}}
    return DjangoTemplates(options)

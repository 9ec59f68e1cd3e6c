"""The addresses that the public may read, and the site map of those that search engines may list."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone, translation

from iop_site.page_chrome import page_path
from programs.models import GuidePage, Section


class SiteSitemap(Sitemap):
    """Addresses under SITE_URL, whatever host was asked, with the same page in the other language beside them."""

    i18n = alternates = x_default = True

    def get_domain(self, site=None):
        return settings.SITE_URL.netloc

    def get_protocol(self, protocol=None):
        return settings.SITE_URL.scheme


class GuideSitemap(SiteSitemap):
    """The visible pages of the guide; one that is shown in English at its Spanish address counts as English only."""

    def items(self):
        today = timezone.localdate()
        return GuidePage.objects.visible(today).prefetch_related(Prefetch("sections", Section.objects.visible(today)))

    def get_languages_for_item(self, item):
        return [language for language, _name in settings.LANGUAGES if self.is_told(item, language)]

    @staticmethod
    def is_told(page, language: str) -> bool:
        with translation.override(language):
            return page.content_language == language and bool(page_path(page))

    def location(self, item):
        return page_path(item)

    def lastmod(self, item):
        return item.reviewed_on


class FixedSitemap(SiteSitemap):
    """Pages that are the same in both languages whatever the guide holds."""

    def items(self):
        return ["inquiries:ask", "programs:site_map"]

    def location(self, item):
        return reverse(item)


def public_paths() -> list[str]:
    """Return the path of every visible page of the guide in every language in which it has an address."""
    pages = list(GuidePage.objects.visible(timezone.localdate()))
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += filter(None, map(page_path, pages))
    return found


SITEMAPS = {"guide": GuideSitemap, "fixed": FixedSitemap}

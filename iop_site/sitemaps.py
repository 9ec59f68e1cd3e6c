from itertools import chain

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from iop_site.page_chrome import in_every_language, page_path
from programs.models import GuidePage


class SiteSitemap(Sitemap):
    i18n = alternates = x_default = True

    def get_domain(self, site=None):
        return settings.SITE_URL.netloc

    def get_protocol(self, protocol=None):
        return settings.SITE_URL.scheme


class GuideSitemap(SiteSitemap):
    """A page that is shown in English at its Spanish address counts as English only."""

    def items(self):
        today = timezone.localdate()
        return GuidePage.objects.visible(today).with_visible_sections(today)

    def get_languages_for_item(self, item):
        twins = in_every_language(lambda: page_path(item) if item.has_text_in(get_language()) else "")
        return list(twins)

    def location(self, item):
        return page_path(item)

    def lastmod(self, item):
        return item.reviewed_on


class FixedSitemap(SiteSitemap):
    def items(self):
        return ["inquiries:ask", "programs:site_map"]

    def location(self, item):
        return reverse(item)


def public_paths() -> list[str]:
    pages = list(GuidePage.objects.visible(timezone.localdate()))
    paths = in_every_language(lambda: list(filter(None, map(page_path, pages))))
    return list(chain.from_iterable(paths.values()))


SITEMAPS = {"guide": GuideSitemap, "fixed": FixedSitemap}

"""The addresses of all pages that the public may read."""

from django.conf import settings
from django.utils import timezone, translation

from iop_site.context_processors import page_path
from programs.models import GuidePage


def paths() -> list[str]:
    """Return the path of every visible page of the guide in every language in which it has an address."""
    pages = list(GuidePage.objects.visible(timezone.localdate()))
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += filter(None, map(page_path, pages))
    return found

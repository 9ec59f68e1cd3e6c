from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import get_language


def from_old_address(request, pages, slug: str) -> HttpResponsePermanentRedirect | None:
    """Lead to the one of ``pages`` that had this address before (``OldAddress``), at once and with the query."""
    page = pages.once_at(slug, get_language())
    query = request.META["QUERY_STRING"]
    return page and HttpResponsePermanentRedirect(reverse("programs:page", args=[page.slug]) + (query and f"?{query}"))

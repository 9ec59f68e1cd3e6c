"""Small answers that belong to no app."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse
from django.templatetags.static import static
from django.views import defaults
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from iop_site.middleware import database_away


def page_not_found(request, exception):
    """Answer 404 in the frame of the site, or, while the database is away, with the page that needs nothing."""
    try:
        return defaults.page_not_found(request, exception)
    except DatabaseError as error:
        return database_away(error)


@require_safe
def leave(request):
    """Lead away to a dull page at once, and ask the browser to forget what this site stored.

    Only a top-level navigation clears anything, so that no other site can sign staff out with a picture.
    """
    response = HttpResponse(status=303, headers={"Location": settings.LEAVE_URL})
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    if request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") == "document":
        response["Clear-Site-Data"] = '"cookies", "storage"'
    return response


class FaviconView(RedirectView):
    """Browsers ask for it at this address, whatever the page says."""

    def get_redirect_url(self):
        return static("img/favicon.ico")

import sys
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views import defaults
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from iop_site.refusals import DATABASE_AWAY, database_away

# Not for search engines: the desk, the steps of the form, what somebody searched for. /status/ is private by its code.
NOT_FOR_ROBOTS = [
    *("inquiries:ask_me", "inquiries:ask_loved_one", "inquiries:ask_refer", "inquiries:ask_question"),
    *("admin:index", "programs:search", "leave"),
]
STATUS_PATHS = ["/status/", "/es/estado/"]
SECURITY_TXT_LIFE = timedelta(days=90)  # RFC 9116 wants less than a year, so that a copy does not outlive the contact
ICONS = [
    {"src": "img/favicon.svg", "sizes": "any", "type": "image/svg+xml"},
    {"src": "img/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
    {"src": "img/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
]


def page_not_found(request, exception):
    """Answer 404 in the chrome of the site, or, while the database is away, with the page that needs nothing."""
    try:
        return defaults.page_not_found(request, exception)
    except DatabaseError as error:
        return database_away(error)


def server_error(request):
    """Answer 500, or 503 when the database was away before any view was asked: it keeps the sessions of staff."""
    error = sys.exc_info()[1]
    return database_away(error) if isinstance(error, DATABASE_AWAY) else defaults.server_error(request)


@require_safe
def leave(request):
    """Storage keeps that a tab has left. Only who leaves from here, or types the address, clears cookies: no picture
    and no link of another site signs staff out."""
    headers = {"Location": settings.LEAVE_URL, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    response = HttpResponse(status=303, headers=headers)
    told = request.headers
    is_visit = told.get("Sec-Fetch-Mode") == "navigate" and told.get("Sec-Fetch-Dest") == "document"
    if is_visit and told.get("Sec-Fetch-Site") in ("same-origin", "none"):
        response["Clear-Site-Data"] = '"cookies"'
    return response


class FaviconView(RedirectView):
    http_method_names = ["get", "head"]

    def get_redirect_url(self):
        return static("img/favicon.ico")


@require_safe
def robots(request):
    paths = list(STATUS_PATHS)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            paths += map(reverse, NOT_FOR_ROBOTS)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in sorted(set(paths)))]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request):
    """Tell whom to write to of a weakness (RFC 9116); there is no such page while nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + SECURITY_TXT_LIFE).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: en, es",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def manifest(request):
    """Name the site on a home screen without a word of its subject."""
    icons = [icon | {"src": static(icon["src"])} for icon in ICONS]
    about = {"name": "Dedicato", "short_name": "Dedicato", "id": "/", "start_url": "/", "display": "browser"}
    colors = {"background_color": "#f5f8f4", "theme_color": "#5a1f46"}
    return JsonResponse(about | colors | {"icons": icons}, content_type="application/manifest+json")

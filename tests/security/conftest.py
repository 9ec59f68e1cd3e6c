"""The site as it is on the internet, over https, and every kind of answer that it gives."""

import pytest
from django.http import HttpResponse
from django.test import Client

from iop_site.env import SiteUrl
from tests.factories import staff_in, stored_inquiry
from tests.iop_site.test_access_matrix import address, desk_names

HOST = "guide.example"
PUBLIC = [
    "/", "/es/", "/what-is-iop/", "/crisis/", "/ask/", "/ask/me/", "/es/pedir-contacto/yo/", "/status/",
    "/search/?q=cost", "/print/", "/site-map/", "/robots.txt", "/sitemap.xml", "/manifest.webmanifest",
    "/leave/", "/favicon.ico",
]  # fmt: skip
NOT_FOUND = ["/nowhere/", "/es/nada/", "/admin/nowhere/", "/.env", "/static/nothing.css"]


@pytest.fixture
def https(settings):
    """What an https SITE_URL turns on."""
    settings.SITE_URL = SiteUrl.parse(f"https://{HOST}")
    settings.ALLOWED_HOSTS = [HOST]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = HOST
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.OWNER_COOKIE_NAME = "__Host-desk_owner"
    settings.KNOWN_BROWSER_COOKIE_NAME = "__Host-desk_known"


def visitor(**options) -> Client:
    return Client(raise_request_exception=False, headers={"Host": HOST}, **options)


@pytest.fixture
def all_answers(https, guide) -> dict[str, HttpResponse]:
    """Every kind of answer, public, desk and error, by the request that brought it."""
    stranger, supervisor = visitor(), visitor()
    found = {path: stranger.get(path, secure=True) for path in [*PUBLIC, *NOT_FOUND]}
    forms = {"content_type": "application/x-www-form-urlencoded", "secure": True}
    found |= {
        "400, another host": stranger.get("/", secure=True, headers={"Host": "evil.example"}),
        "403, a foreign page": stranger.post("/ask/me/", {}, secure=True, headers={"Origin": "https://evil.example"}),
        "403, no token": visitor(enforce_csrf_checks=True).post("/admin/login/", {}, secure=True),
        "405": stranger.generic("TRACE", "/", secure=True),
        "413": stranger.post("/admin/login/", "a=b", CONTENT_LENGTH="30000000", **forms),
        "415": stranger.post("/ask/me/", "{}", content_type="application/json", secure=True),
        "a form with errors": stranger.post("/ask/me/", {"step": "check"}, secure=True),
        "a wrong code": stranger.post("/status/", {"step": "open", "code": "1"}, secure=True),
        "a refused sign-in": stranger.post("/admin/login/", {"username": "x", "password": "y"}, secure=True),
    }
    stored_inquiry()
    supervisor.force_login(staff_in("Supervisor"))
    for name in sorted(desk_names(), key="logout".__eq__):
        found[f"admin:{name}"] = supervisor.get(address(name), secure=True)
    found["signing out"] = supervisor.post("/admin/logout/", secure=True)
    return found

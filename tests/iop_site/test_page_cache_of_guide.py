"""The page cache around the real application and the guide that ships."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from iop_site.env import SiteUrl
from iop_site.handlers import Handler
from iop_site.page_cache import Response, request_for
from iop_site.sitemaps import public_paths
from programs.models import Benefit, ContentVersion, Credential
from tests.iop_site.cached_pages import Site

pytestmark = pytest.mark.once


@pytest.fixture
def guide_site(guide):
    """The real application; the end of its requests must not close the connection of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Site(Handler(), host="testserver")
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.django_db
def test_every_public_page_is_kept_with_all_its_security_headers(guide_site):
    for path in public_paths():
        plain = Response()
        body = plain.collect(guide_site.application, request_for(path, "testserver", "http"))
        guide_site.get(path)
        _status, headers, kept = guide_site.get(path)
        assert path in guide_site.cache.pages, path
        assert kept == body
        assert not set(dict(plain.headers)) - set(headers) - {"X-Request-ID"}, path


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ask/", "/ask/me/", "/es/pedir-contacto/yo/", "/leave/", "/admin/login/", "/none/"])
def test_what_is_somebodys_own_is_never_kept(guide_site, path):
    guide_site.get(path)
    assert path not in guide_site.cache.pages


@pytest.mark.django_db
def test_an_edit_and_an_expiry_move_what_is_kept(guide_site):
    cache = guide_site.cache
    cache.adopt_version(ContentVersion.objects.current())
    guide_site.get("/benefits/")
    benefit = Benefit.objects.first()
    benefit.title_en = "A title of today"
    benefit.save()
    cache.adopt_version(ContentVersion.objects.current())
    assert b"A title of today" in guide_site.get("/benefits/")[2]

    with time_machine.travel(datetime(2026, 6, 2, 20, 0, tzinfo=UTC)) as clock:
        Credential.objects.update(expires_on="2026-06-02")
        cache.adopt_version(ContentVersion.objects.current())
        assert b"#190913BP" in guide_site.get("/accreditation/")[2]
        clock.shift(11 * 3600)  # 00:00 in Duarte has passed
        assert b"#190913BP" not in guide_site.get("/accreditation/")[2]


@pytest.mark.django_db
def test_pages_are_the_same_under_every_name_of_this_machine(guide_site, settings):
    settings.SITE_URL = SiteUrl.parse("http://127.0.0.1:8000")
    guide_site.cache.hosts = frozenset(settings.SITE_URL.host_headers)
    pages = set()
    for host in settings.SITE_URL.host_headers:
        guide_site.cache.pages = {}
        pages.add(guide_site.get("/", HTTP_HOST=host)[2])
    assert len(pages) == 1

"""Public pages come from memory: the same as from Django, never anybody's own, and never of an earlier version."""

import math
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import OperationalError

from iop_site.page_cache import PageCache
from tests.iop_site.cached_pages import HOST, Site


@pytest.fixture
def site():
    return Site()


def test_a_page_is_asked_for_once_and_then_held(site):
    first, again = site.get(), site.get()
    assert first == again
    assert len(site.asked) == 2  # the visitor's own request, and a bare one to keep
    assert first[2].startswith(b"/page/ in version 1")


def test_what_is_kept_holds_nothing_of_the_request_that_caused_it(site):
    site.get(HTTP_ACCEPT_LANGUAGE="xx-poison", HTTP_X_FORWARDED_HOST="evil.example", HTTP_USER_AGENT="poison")
    assert b"poison" not in site.get()[2] and b"said None" in site.get()[2]
    kept = site.asked[1]
    assert "HTTP_X_FORWARDED_HOST" not in kept and "HTTP_USER_AGENT" not in kept


@pytest.mark.parametrize(
    "change",
    [
        {"path": "/page/?q=words"},
        {"path": "/static/css/base.css"},
        {"method": "post"},
        {"cookie": "sessionid=1"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "GUIDE.example"},
    ],
)
def test_what_could_be_answered_differently_neither_enters_nor_leaves(site, change):
    for _ in range(2):
        site.get(**change)
    assert len(site.asked) == 2  # both went to the application, and nothing was made to keep
    assert not site.cache.pages
    site.get()
    site.asked.clear()
    site.get(**change)
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cache-Control", "no-store"),
        ("Cache-Control", "max-age=60"),
        ("Set-Cookie", "a=b"),
        ("Vary", "Cookie"),
        ("Vary", "Accept-Encoding, Cookie"),
        ("Content-Encoding", "br"),
    ],
)
def test_an_answer_that_is_not_the_same_for_all_is_not_kept(site, name, value):
    site.headers = [header for header in site.headers if header[0] != name] + [(name, value)]
    site.get()
    assert not site.cache.pages


@pytest.mark.parametrize("status", ["404 Not Found", "301 Moved Permanently", "503 Service Unavailable", "206 Partial"])
def test_only_whole_pages_are_kept(site, status):
    site.status = status
    assert site.get()[0] == status
    assert not site.cache.pages


def test_a_new_version_is_on_the_page_at_once_and_makes_the_pages_again(site):
    site.get("/one/")
    site.version = 2
    site.cache.adopt_version(2)
    site.cache.render_planned(until=math.inf)
    assert [environ["PATH_INFO"] for environ in site.asked[2:]] == ["/one/"]
    site.asked.clear()
    assert b"in version 2" in site.get("/one/")[2]
    assert not site.asked


def test_the_first_visitor_after_a_change_has_the_page_made_once(site):
    site.get("/one/")
    site.asked.clear()
    site.version = 2
    site.cache.adopt_version(2)
    assert b"in version 2, said None" in site.get("/one/", HTTP_ACCEPT_LANGUAGE="es")[2]
    assert len(site.asked) == 1
    site.cache.render_planned(until=math.inf)
    assert len(site.asked) == 1


def test_a_planned_page_that_is_no_longer_public_is_answered_by_django(site):
    site.get("/one/")
    site.status = "404 Not Found"
    site.cache.adopt_version(2)
    assert site.get("/one/")[0] == "404 Not Found"
    assert not site.cache.pages


def test_a_second_change_does_not_forget_the_pages_that_the_first_had_planned(site):
    for path in ("/one/", "/two/"):
        site.get(path)
    for version in (2, 3):
        site.cache.adopt_version(version)
        site.cache.render(site.cache.planned.pop(0), HOST, site.cache.pages)
    site.cache.render_planned(until=math.inf)
    assert set(site.cache.pages) == {"/one/", "/two/"}


def test_a_page_made_while_the_version_changes_is_not_taken_for_a_new_one(site):
    def slow(environ, start_response):
        body = site.plain(environ, start_response)
        if site.version == 1 and len(site.asked) == 2:
            site.version = 2
            site.cache.adopt_version(2)
        return body

    site.application = slow
    site.get()
    assert b"in version 2" in site.get()[2]


def test_the_pages_of_yesterday_are_gone_at_midnight(site):
    with time_machine.travel(datetime(2026, 6, 2, 6, 59, 0, tzinfo=UTC)) as clock:  # 23:59 in Duarte
        site.cache.ends_at = 0
        site.renew()
        site.get()
        site.asked.clear()
        site.get()
        assert not site.asked
        clock.shift(61)
        site.get()
        assert site.asked
        site.renew()
        assert site.cache.ends_at == datetime(2026, 6, 3, 7, 0, tzinfo=UTC).timestamp()


def test_with_the_database_away_what_is_held_is_served_beyond_midnight_too(site):
    site.get()
    site.cache.ends_at = 0
    site.cache.extend_day()
    site.asked.clear()
    assert site.get()[0] == "200 OK" and not site.asked


def test_before_a_version_is_known_nothing_is_kept(site):
    fresh = PageCache(
        site.count, hosts=[HOST], scheme="http", is_proxy_trusted=False, uncached_prefix="/static/", read_version=None,
        first_paths=None,
    )  # fmt: skip
    fresh.extend_day()
    site.cache = fresh
    site.get()
    assert not fresh.pages


def test_the_version_is_read_again_after_a_fault(site, monkeypatch):
    site.get()
    said = iter([OperationalError("away"), ValueError("odd"), 7])

    def read():
        value = next(said)
        if isinstance(value, Exception):
            raise value
        return value

    pauses = iter([None, None])

    def sleep(seconds):
        next(pauses)

    site.cache.read_version = read
    monkeypatch.setattr("iop_site.page_cache.time.sleep", sleep)
    monkeypatch.setattr("iop_site.page_cache.close_old_connections", lambda: None)
    with pytest.raises(StopIteration):  # ends the endless loop
        site.cache._poll()
    assert site.cache.version == 7


def test_pages_are_made_ready_at_the_start():
    site = Site(first_paths=["/one/", "/two/"])
    assert set(site.cache.pages) == {"/one/", "/two/"}
    site.get("/two/")
    assert not site.asked


def test_making_pages_ready_does_not_keep_from_looking_at_the_version(site):
    site.cache.planned = ["/one/", "/two/"]
    site.cache.render_planned(until=0)
    assert site.cache.planned == ["/one/", "/two/"]


def test_memory_is_bounded(site, monkeypatch):
    monkeypatch.setattr("iop_site.page_cache.MAX_PAGES", 3)
    for number in range(10):
        assert site.get(f"/{number}/")[0] == "200 OK"
    assert len(site.cache.pages) == 3


@pytest.mark.parametrize("is_held", [False, True])
@pytest.mark.parametrize(
    "part",
    [
        "choose",
        "encoding_for",
        "etag_matches",
        "PageCache.may_use_cache",
        "PageCache.cached",
        "PageCache.render",
        "variants_of",
    ],
)
def test_whatever_goes_wrong_in_the_memory_django_answers(site, monkeypatch, caplog, part, is_held):
    def fail(*_args):
        raise ValueError("what somebody typed")

    if is_held:
        site.get()
    site.asked.clear()
    monkeypatch.setattr(f"iop_site.page_cache.{part}", fail)
    status, headers, body = site.get()
    assert status == "200 OK" and body.startswith(b"/page/ in version 1")
    if site.asked:  # a page that is held needs no making
        assert headers["X-Request-ID"] == "1"
        assert [record.getMessage() for record in caplog.records] == [
            "the memory of pages could not answer: ValueError"
        ]
    assert bool(site.asked) == (not is_held or part not in ("PageCache.render", "variants_of"))


def test_a_request_without_a_path_is_answered_by_django(site):
    site.application = lambda environ, start_response: start_response("404 Not Found", []) and [] or []
    told = []
    environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": HOST, "wsgi.url_scheme": "http"}
    assert site.cache(environ, lambda *answer: told.append(answer)) == []
    assert told == [("404 Not Found", [])]


@pytest.mark.parametrize("is_held", [False, True])
def test_head_is_get_without_the_body(site, is_held):
    if is_held:
        site.get()
    status, headers, body = site.get(method="head")
    assert (status, body) == ("200 OK", b"")
    assert headers["Content-Length"] == str(len(site.get()[2]))


def test_http_is_led_to_https_by_django_before_anything_is_looked_up():
    site = Site(scheme="https")
    site.get(HTTP_X_FORWARDED_PROTO="https")
    site.asked.clear()
    site.get(HTTP_X_FORWARDED_PROTO="https")
    assert not site.asked
    for forged in ({}, {"HTTP_X_FORWARDED_PROTO": "http"}, {"HTTP_X_FORWARDED_PROTO": "http, https"}):
        site.get(**forged)
    assert len(site.asked) == 3

"""Public pages come from memory: the same as from Django, never anybody's own, and never of an earlier version."""

import gzip
import math
from datetime import UTC, datetime

import brotli
import pytest
import time_machine
from django.db import OperationalError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from iop_site.page_memory import PageMemory, encoding_for, is_had

HOST = "guide.example"
ETAG = '"0a1b-br"'
LATIN = st.text(st.characters(max_codepoint=0xFF), max_size=60)
PIECES = st.sampled_from(["br", "*", "br;q=", "*;q=", "0", ".", "...", "nan", "\xb2", ",", " ", '"', "W/", ETAG])


class Site:
    """A page memory before an application that counts what it is asked."""

    def __init__(self, application=None, host=HOST, scheme="http", first_paths=()):
        self.asked = []
        self.version = 1
        self.host = host
        self.application = application or self.plain
        self.memory = PageMemory(
            self.count,
            hosts=[host],
            scheme=scheme,
            is_proxy_trusted=True,
            passed_by="/static/",
            read_version=lambda: self.version,
            first_paths=lambda: first_paths,
        )
        self.headers = [("Cache-Control", "public, s-maxage=60"), ("Content-Type", "text/html"), ("X-Request-ID", "1")]
        self.status = "200 OK"
        self.renew()

    def renew(self):
        self.memory.renew(self.version)
        self.memory.make_ready(until=math.inf)
        self.asked.clear()

    def count(self, environ, start_response):
        self.asked.append(environ)
        return self.application(environ, start_response)

    def plain(self, environ, start_response):
        start_response(self.status, self.headers)
        body = (
            f"{environ['PATH_INFO']} in version {self.version}, said {environ.get('HTTP_ACCEPT_LANGUAGE')}" + 200 * "."
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body.encode()]

    def get(self, path="/page/", method="get", **headers):
        headers = {"HTTP_HOST": self.host, **headers}
        environ = getattr(RequestFactory(), method)(path, **headers).environ
        environ.pop("HTTP_COOKIE", None)
        if "cookie" in headers:
            environ["HTTP_COOKIE"] = headers["cookie"]
        answer = {}

        def start_response(status, headers, exc_info=None):
            answer["status"], answer["headers"] = status, dict(headers)

        body = b"".join(self.memory(environ, start_response))
        return answer["status"], answer["headers"], body


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
    assert not site.memory.pages
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
    assert not site.memory.pages


@pytest.mark.parametrize("status", ["404 Not Found", "301 Moved Permanently", "503 Service Unavailable", "206 Partial"])
def test_only_whole_pages_are_kept(site, status):
    site.status = status
    assert site.get()[0] == status
    assert not site.memory.pages


def test_a_new_version_is_on_the_page_at_once_and_makes_the_pages_again(site):
    site.get("/one/")
    site.version = 2
    site.memory.renew(2)
    site.memory.make_ready(until=math.inf)
    assert [environ["PATH_INFO"] for environ in site.asked[2:]] == ["/one/"]
    site.asked.clear()
    assert b"in version 2" in site.get("/one/")[2]
    assert not site.asked


def test_the_first_visitor_after_a_change_has_the_page_made_once(site):
    site.get("/one/")
    site.asked.clear()
    site.version = 2
    site.memory.renew(2)
    assert b"in version 2, said None" in site.get("/one/", HTTP_ACCEPT_LANGUAGE="es")[2]
    assert len(site.asked) == 1
    site.memory.make_ready(until=math.inf)
    assert len(site.asked) == 1


def test_a_planned_page_that_is_no_longer_public_is_answered_by_django(site):
    site.get("/one/")
    site.status = "404 Not Found"
    site.memory.renew(2)
    assert site.get("/one/")[0] == "404 Not Found"
    assert not site.memory.pages


def test_a_second_change_does_not_forget_the_pages_that_the_first_had_planned(site):
    for path in ("/one/", "/two/"):
        site.get(path)
    for version in (2, 3):
        site.memory.renew(version)
        site.memory.make(site.memory.to_make.pop(0), HOST, site.memory.pages)
    site.memory.make_ready(until=math.inf)
    assert set(site.memory.pages) == {"/one/", "/two/"}


def test_a_page_made_while_the_version_changes_is_not_taken_for_a_new_one(site):
    def slow(environ, start_response):
        body = site.plain(environ, start_response)
        if site.version == 1 and len(site.asked) == 2:
            site.version = 2
            site.memory.renew(2)
        return body

    site.application = slow
    site.get()
    assert b"in version 2" in site.get()[2]


def test_the_pages_of_yesterday_are_gone_at_midnight(site):
    with time_machine.travel(datetime(2026, 6, 2, 6, 59, 0, tzinfo=UTC)) as clock:  # 23:59 in Duarte
        site.memory.ends_at = 0
        site.renew()
        site.get()
        site.asked.clear()
        site.get()
        assert not site.asked
        clock.shift(61)
        site.get()
        assert site.asked
        site.renew()
        assert site.memory.ends_at == datetime(2026, 6, 3, 7, 0, tzinfo=UTC).timestamp()


def test_with_the_database_away_what_is_held_is_served_beyond_midnight_too(site):
    site.get()
    site.memory.ends_at = 0
    site.memory.stay()
    site.asked.clear()
    assert site.get()[0] == "200 OK" and not site.asked


def test_before_a_version_is_known_nothing_is_kept(site):
    fresh = PageMemory(
        site.count, hosts=[HOST], scheme="http", is_proxy_trusted=False, passed_by="/static/", read_version=None,
        first_paths=None,
    )  # fmt: skip
    fresh.stay()
    site.memory = fresh
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

    site.memory.read_version = read
    monkeypatch.setattr("iop_site.page_memory.time.sleep", sleep)
    monkeypatch.setattr("iop_site.page_memory.close_old_connections", lambda: None)
    with pytest.raises(StopIteration):  # ends the endless loop
        site.memory._follow()
    assert site.memory.version == 7


def test_pages_are_made_ready_at_the_start():
    site = Site(first_paths=["/one/", "/two/"])
    assert set(site.memory.pages) == {"/one/", "/two/"}
    site.get("/two/")
    assert not site.asked


def test_making_pages_ready_does_not_keep_from_looking_at_the_version(site):
    site.memory.to_make = ["/one/", "/two/"]
    site.memory.make_ready(until=0)
    assert site.memory.to_make == ["/one/", "/two/"]


def test_memory_is_bounded(site, monkeypatch):
    monkeypatch.setattr("iop_site.page_memory.MOST_PAGES", 3)
    for number in range(10):
        assert site.get(f"/{number}/")[0] == "200 OK"
    assert len(site.memory.pages) == 3


def test_a_reader_who_has_the_page_gets_304_without_a_body(site):
    _status, headers, _body = site.get(HTTP_ACCEPT_ENCODING="br")
    status, told, body = site.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=f'W/"x", {headers["ETag"]}')
    assert (status, body) == ("304 Not Modified", b"")
    assert told["ETag"] == headers["ETag"] and told["Vary"] == "Accept-Encoding"
    assert "Content-Type" not in told and "Content-Length" not in told
    assert sum(len(name) + len(value) + 4 for name, value in told.items()) < 200  # bytes; the server adds about 90


def test_another_encoding_is_another_page_to_a_cache(site):
    tags = {site.get(HTTP_ACCEPT_ENCODING=encoding)[1]["ETag"] for encoding in ("br", "gzip", "")}
    assert len(tags) == 3


def test_each_encoding_holds_the_same_page(site):
    plain = site.get()[2]
    assert brotli.decompress(site.get(HTTP_ACCEPT_ENCODING="gzip, br")[2]) == plain
    assert gzip.decompress(site.get(HTTP_ACCEPT_ENCODING="gzip")[2]) == plain
    for encoding in ("br", "gzip", ""):
        _status, headers, body = site.get(HTTP_ACCEPT_ENCODING=encoding)
        assert headers["Content-Length"] == str(len(body)) and headers.get("Content-Encoding", "") == encoding


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br;q=0.000, gzip; q=0.5", "gzip"),
        ("identity", ""),
        ("", ""),
        ("BR", "br"),
        ("brotli, xgzip", ""),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("identity, br;q=0.9", ""),
        ("identity;q=0.5, br;q=0.9", "br"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=1.", "gzip"),
        ("br;q=nonsense, gzip", "gzip"),
        ("br;q=..., gzip;q=.5", ""),
        ("br;q=1.5", ""),
        ("br;q=0.0001", ""),
        ("br;q=\xb2, gzip", "gzip"),
        ("br gzip", ""),
        (",, ;q=1,br\t;\tq=1,", "br"),
    ],
)
def test_the_smallest_accepted_encoding_is_sent(accepted, encoding):
    assert encoding_for(accepted) == encoding


@given(st.one_of(LATIN, st.lists(PIECES, min_size=2, max_size=12).map("".join)))
@examples(max_examples=1000, deadline=None, database=None)
def test_no_header_makes_the_choice_fail(text):
    assert encoding_for(text) in ("br", "gzip", "")
    assert not is_had(ETAG, text) or ETAG in text or text.strip() == "*"


@pytest.mark.parametrize("before", ["{}", "W/{}", '"a", {}', '"a,b" , W/{}', "*"])
def test_a_page_that_is_named_is_had(site, before):
    etag = site.get()[1]["ETag"]
    assert site.get(HTTP_IF_NONE_MATCH=before.format(etag))[0] == "304 Not Modified"


@pytest.mark.parametrize("wanted", ["", '"x{}x"', "x{}", "w/{}", '"*"', "*, *", "W/*", '"', ",", '"{'])
def test_a_page_that_only_looks_named_is_sent(site, wanted):
    bare = site.get()[1]["ETag"].strip('"')
    wanted = wanted.replace('"x{}x"', f'"x{bare}x"').replace("{}", f'"{bare}"')
    assert site.get(HTTP_IF_NONE_MATCH=wanted)[0] == "200 OK"


@pytest.mark.parametrize("is_held", [False, True])
@pytest.mark.parametrize(
    "part", ["chosen", "encoding_for", "is_had", "PageMemory.is_ours", "PageMemory.held", "PageMemory.make", "keep"]
)
def test_whatever_goes_wrong_in_the_memory_django_answers(site, monkeypatch, caplog, part, is_held):
    def fail(*_args):
        raise ValueError("what somebody typed")

    if is_held:
        site.get()
    site.asked.clear()
    monkeypatch.setattr(f"iop_site.page_memory.{part}", fail)
    status, headers, body = site.get()
    assert status == "200 OK" and body.startswith(b"/page/ in version 1")
    if site.asked:  # a page that is held needs no making
        assert headers["X-Request-ID"] == "1"
        assert [record.getMessage() for record in caplog.records] == [
            "the memory of pages could not answer: ValueError"
        ]
    assert bool(site.asked) == (not is_held or part not in ("PageMemory.make", "keep"))


def test_a_request_without_a_path_is_answered_by_django(site):
    site.application = lambda environ, start_response: start_response("404 Not Found", []) and [] or []
    told = []
    environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": HOST, "wsgi.url_scheme": "http"}
    assert site.memory(environ, lambda *answer: told.append(answer)) == []
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

"""Public pages from memory; whatever goes wrong here goes to Django: docs/decisions/0008-pages-from-memory.md."""

import gzip
import hashlib
import logging
import re
import threading
import time
from collections import namedtuple
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from wsgiref.util import setup_testing_defaults

import brotli
from django.db import close_old_connections
from django.utils import timezone
from django.utils.http import parse_etags

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
MAX_PAGES = 4000
ENCODINGS = ("br", "gzip")  # the smaller first
# A member of Accept-Encoding in small letters: a token, and a weight between 0 and 1 with three decimals at most.
ACCEPTED = re.compile(r"([!#$%&'*+.^_`|~0-9a-z-]+)(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?")
PER_RESPONSE = frozenset(["content-length", "x-request-id"])  # belong to one answer, not to the page

Variant = namedtuple("Variant", "etag headers body not_modified")


@dataclass(eq=False)
class PageCache:
    """A thread follows the content version: nobody waits for a database that is away, and pages are served on."""

    application: Callable
    _: KW_ONLY
    hosts: list[str]
    scheme: str
    is_proxy_trusted: bool
    uncached_prefix: str  # files, which are answered in pieces
    read_version: Callable[[], int]
    first_paths: Callable[[], Iterable[str]]
    version = None
    ends_at = 0.0  # when the local day of these pages is over, in seconds since the epoch

    def __post_init__(self):
        self.pages: dict[str, dict[str, Variant]] = {}
        self.planned: list[str] = []

    def __call__(self, environ, start_response):
        pages = self.pages  # of one version, even if another thread adopts the next meanwhile
        try:
            may_use_cache = self.may_use_cache(environ)
            variants = self.cached(environ, pages) if may_use_cache else None
            answer = choose(variants, environ) if variants else None
        except Exception as error:  # nothing that a stranger sends may end without Django's answer
            log_failure(error)
            may_use_cache, answer = False, None
        if answer:
            return send(answer, start_response)
        if may_use_cache:
            return self.render_for(environ, start_response, pages)
        return self.application(environ, start_response)

    def may_use_cache(self, environ) -> bool:
        return not (
            environ.get("QUERY_STRING")
            or "HTTP_COOKIE" in environ
            or environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or environ.get("HTTP_HOST") not in self.hosts
            or time.time() >= self.ends_at
            or environ["PATH_INFO"].startswith(self.uncached_prefix)
            or self.scheme == "https" != self.scheme_of(environ)
        )

    def scheme_of(self, environ) -> str:
        forwarded = environ.get("HTTP_X_FORWARDED_PROTO") if self.is_proxy_trusted else None
        return environ["wsgi.url_scheme"] if forwarded is None else forwarded.partition(",")[0].strip()

    def cached(self, environ, pages) -> dict[str, Variant] | None:
        """Return the page that is asked for; one that is planned was public, and is rendered at once."""
        path = environ["PATH_INFO"]
        variants = pages.get(path)
        if variants is None and path in self.planned:
            variants = self.render(path, environ["HTTP_HOST"], pages)
        return variants

    def render_for(self, environ, start_response, pages):
        """A page to be kept is rendered once more: the visitor's own could carry something of that request to all."""
        path, host = environ["PATH_INFO"], environ["HTTP_HOST"]
        response = Response()
        body = response.collect(self.application, environ)
        try:
            variants = self.render(path, host, pages) if response.is_cacheable() else None
            answer = choose(variants, environ) if variants else None
        except Exception as error:  # Django has answered: that answer stands
            log_failure(error)
            answer = None
        if answer:
            return send(answer, start_response)
        start_response(response.status, response.headers, response.exc_info)
        return [body]

    def render(self, path: str, host: str, pages) -> dict[str, Variant] | None:
        response = Response()
        body = response.collect(self.application, request_for(path, host, self.scheme))
        if not response.is_cacheable():
            return None
        variants = variants_of(response.headers, body)
        if len(pages) < MAX_PAGES:
            pages[path] = variants
        return variants

    def follow_version(self):
        """Start the thread that follows the content version; once, after this process was forked."""
        threading.Thread(target=self._poll, name="content version", daemon=True).start()

    def _poll(self):
        while True:
            next_look = time.monotonic() + POLL_SECONDS
            try:
                self._look(until=next_look)
            except Exception as error:  # this thread must outlive whatever is wrong for a while
                logger.warning("the content version is not known: %s", type(error).__name__)
                self.extend_day()
            time.sleep(max(0.0, next_look - time.monotonic()))

    def _look(self, until: float):
        try:
            self.adopt_version(self.read_version())
            self.render_planned(until)
        finally:
            close_old_connections()  # not held open while the thread sleeps, so that a disk can be made read-only

    def adopt_version(self, version: int):
        if version == self.version and time.time() < self.ends_at:
            return
        self.planned = list(dict.fromkeys([*self.pages, *self.planned])) or list(self.first_paths())
        self.pages, self.version, self.ends_at = {}, version, next_midnight()

    def render_planned(self, until: float):
        while self.planned and time.monotonic() < until:
            path = self.planned.pop(0)
            if path not in self.pages:
                self.render(path, min(self.hosts), self.pages)

    def extend_day(self):
        """While no version can be read, the pages of yesterday are better than none."""
        if self.version is not None and time.time() + POLL_SECONDS >= self.ends_at:
            self.ends_at = time.time() + 5 * POLL_SECONDS


class Response:
    def __init__(self):
        self.status, self.headers, self.exc_info = "", [], None

    def collect(self, application, environ) -> bytes:
        chunks = []

        def start_response(status, headers, exc_info=None):
            self.status, self.headers, self.exc_info = status, headers, exc_info
            return chunks.append

        answer = application(environ, start_response)
        try:
            chunks.extend(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return b"".join(chunks)

    def is_cacheable(self) -> bool:
        headers = {name.lower(): value for name, value in self.headers}
        return (
            self.status.startswith("200 ")
            and "s-maxage" in headers.get("cache-control", "")
            and "set-cookie" not in headers
            and headers.get("vary", "").lower() in ("", "accept-encoding")
            and "content-encoding" not in headers
        )


def variants_of(headers: list[tuple[str, str]], body: bytes) -> dict[str, Variant]:
    digest = hashlib.sha256(body).hexdigest()[:20]
    shared = [(name, value) for name, value in headers if name.lower() not in (*PER_RESPONSE, "vary", "etag")]
    bodies = {"br": brotli.compress(body, quality=11), "gzip": gzip.compress(body, 9, mtime=0), "": body}
    cache = [(name, value) for name, value in shared if name.lower() == "cache-control"]
    variants = {}
    for encoding, content in bodies.items():
        etag = f'"{digest}{encoding and "-" + encoding}"'
        about = [("ETag", etag), ("Vary", "Accept-Encoding")]
        coding = [("Content-Encoding", encoding)] if encoding else []
        headers = (*shared, *about, *coding, ("Content-Length", str(len(content))))
        variants[encoding] = Variant(etag, headers, content, (*cache, *about))
    return variants


def choose(variants: dict[str, Variant], environ) -> tuple[str, list, list[bytes]]:
    variant = variants[encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))]
    if etag_matches(variant.etag, environ.get("HTTP_IF_NONE_MATCH", "")):
        return "304 Not Modified", list(variant.not_modified), []
    return "200 OK", list(variant.headers), [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]


def send(answer, start_response) -> list[bytes]:
    start_response(*answer[:2])
    return answer[2]


def log_failure(error: Exception):
    logger.warning("the memory of pages could not answer: %s", type(error).__name__)


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """By RFC 9110, 12.4.2 and 12.5.3; malformed members say nothing. Who refuses even a plain page gets one."""
    members = (ACCEPTED.fullmatch(member.strip(" \t")) for member in accepted.lower().split(","))
    weights = {member[1]: float(member[2] or 1) for member in members if member}
    weighed = {name: weights.get(name, weights.get("*", 0)) for name in ENCODINGS}
    best = max(weighed, key=weighed.get)  # of equals the first
    return best if weighed[best] and weighed[best] >= weights.get("identity", 0) else ""


def etag_matches(etag: str, wanted: str) -> bool:
    """Whether If-None-Match names this page, or any; the comparison is the weak one (RFC 9110, 13.1.2)."""
    tags = parse_etags(wanted) if wanted else ()
    return any(tag == "*" or tag.removeprefix("W/") == etag for tag in tags)


def request_for(path: str, host: str, scheme: str) -> dict:
    environ = {"PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": host, "wsgi.url_scheme": scheme}
    setup_testing_defaults(environ)  # fills in what WSGI requires
    return environ | {"HTTP_X_FORWARDED_PROTO": scheme}


def next_midnight() -> float:
    """Return when the local day ends, in seconds since the epoch: credentials expire with it."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, datetime.min.time())).timestamp()

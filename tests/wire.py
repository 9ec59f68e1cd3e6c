"""Requests as bytes on the wire: read by gunicorn's own parser, handed to the site as gunicorn hands them, answered.

The page cache, the middleware and the access log are those of the running site; only the socket is not one.
"""

import contextlib
import importlib.util
import json
import math
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

from iop_site.handlers import Handler
from iop_site.page_cache import PageCache
from programs.models import ContentVersion

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1:8000"
PEER = ("127.0.0.1", 50_000)
FORM = "application/x-www-form-urlencoded"


def load_server_settings():
    """Return gunicorn.conf.py as a module."""
    spec = importlib.util.spec_from_file_location("gunicorn_conf", ROOT / "gunicorn.conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


server = load_server_settings()


def config() -> Config:
    found = Config()
    for name, value in vars(server).items():
        if name in found.settings:
            found.set(name, value)
    return found


class Socket:
    """Keeps what is sent to a visitor."""

    def __init__(self):
        self.sent = b""

    def sendall(self, data: bytes):
        self.sent += data

    send = sendall


class Refused(Exception):
    """gunicorn's parser refused the request; the site never saw it."""


class Site:
    """The site as the web server runs it, in this process."""

    def __init__(self):
        self.config = config()
        self.application = PageCache(
            Handler(),
            hosts=[HOST],
            scheme="http",
            is_proxy_trusted=settings.TRUSTED_PROXIES > 0,
            uncached_prefix=settings.STATIC_URL,
            read_version=ContentVersion.objects.current,
            first_paths=list,
        )
        self.application.adopt_version(1)
        self.application.render_planned(until=math.inf)
        self.logged = {}

    def answer(self, request: bytes, peer: tuple[str, int] = PEER) -> tuple[int, str]:
        """Return the status and the text, headers too, that come back; what the log tells is in ``logged``."""
        wire = Socket()
        try:
            read = next(RequestParser(self.config, iter([request]), peer))
        except (ParseException, StopIteration) as error:
            raise Refused from error
        with connections_of_the_test():
            return self._answer(read, wire, peer)

    def _answer(self, read, wire, peer) -> tuple[int, str]:
        response, environ = wsgi.create(read, wire, peer, (HOST.partition(":")[0], 8000), self.config)
        body = self.application(environ, response.start_response)
        try:
            for part in body:
                response.write(part)
            response.close()
        finally:
            if hasattr(body, "close"):
                body.close()
        self.logged = json.loads(json.dumps(server.access_line(response, read, timedelta(milliseconds=1))))
        return int(response.status.split()[0]), wire.sent.decode("utf-8", "replace")


@contextlib.contextmanager
def connections_of_the_test():
    """Keep the connection in which a test has its transaction, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> bytes:
    """Return a request as bytes. Headers are in Latin-1, as a server takes them; one that is None is left out."""
    told = {"Host": HOST}
    if body is not None:
        told |= {"Content-Type": FORM, "Content-Length": str(len(body))}
    told |= headers or {}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items() if value is not None)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def chunked(body: bytes, size: int = 100) -> bytes:
    """Return a body in chunks of so many bytes."""
    parts = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"

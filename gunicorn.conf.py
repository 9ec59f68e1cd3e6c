"""The web server: numbers from the settings, no forwarded header believed, nothing personal logged."""

import contextlib
import json
import logging
import os
import sys
from datetime import UTC, datetime
from functools import cache
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.template.loader import render_to_string
from gunicorn.glogging import Logger
from gunicorn.http.errors import InvalidHeader, UnsupportedTransferCoding
from gunicorn.workers.gthread import ThreadWorker

from iop_site.ops.log_format import JsonFormatter, RequestIdFilter
from iop_site.page_cache import Response, request_for

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")
try:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
except ImproperlyConfigured as error:
    sys.exit(f"Cannot start: {error}")

bind = f"{host}:{settings.PORT}"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
timeout = 30  # seconds without a sign of life from a worker, not the length of a request
graceful_timeout = 30  # seconds that running requests get to end
keepalive = 5  # seconds; a proxy in front keeps its connections longer than the default of 2

# Loaded once, before the workers: a setting or key that does not fit ends the server with one sentence, where workers
# would be started and fail for ever. The price: SIGHUP loads neither new code nor keys, only a restart does.
preload_app = True

# The heartbeat files of the workers: on a slow disk, writing them could get a healthy worker killed.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

# No socket through which another process could steer this one.
control_socket_disable = True

# Forwarded headers are Django's business. Over a unix socket an empty list of addresses alone would believe anybody.
forwarded_allow_ips = ""
secure_scheme_headers = {}
forwarder_headers = ""
proxy_protocol = False
proxy_allow_ips = ""

limit_request_line = 4094  # bytes
limit_request_fields = 100
limit_request_field_size = 8190  # bytes

errorlog = "-"
loglevel = settings.LOG_LEVEL.lower()
accesslog = "-" if settings.LOG_LEVEL in ("DEBUG", "INFO") else None


class ImpersonalFilter(logging.Filter):
    """Cuts addresses, paths with their queries, and bytes of broken requests out of gunicorn's messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        for start in ("Invalid request from ip", "Error handling request"):
            if str(record.msg).startswith(start):
                record.msg, record.args = start.removesuffix(" from ip"), ()
        return True


class JsonLogger(Logger):
    """One JSON object a line; of a request never its query, referrer, agent or address."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())
            handler.filters = [RequestIdFilter(), ImpersonalFilter()]

    def access(self, resp, req, environ, request_time):
        if not self.access_log_enabled:
            return
        self.access_log.info(json.dumps(access_line(resp, req, request_time)))


def access_line(resp, req, request_time) -> dict:
    """Return what the access log tells of a request; what fails here would cost the visitor the answer.

    The path is that of the request line: Django puts another in the environment, and a broken request has none there.
    """
    headers = {name.lower(): value for name, value in resp.headers}
    status = str(resp.status).partition(" ")[0]
    return {
        "timestamp": datetime.now(UTC).isoformat(),
        "level": "INFO",
        "logger": "gunicorn.access",
        "message": "request",
        "request_id": headers.get("x-request-id", ""),
        "method": req.method,
        "path": unquote(req.path or "", errors="replace"),
        "status": int(status) if status.isdecimal() else None,
        "bytes": getattr(resp, "sent", 0),
        "milliseconds": round(request_time.total_seconds() * 1000, 1),
    }


class OurPage:
    """Stands before a connection: its bare words about a broken request go out as our page, under our headers."""

    def __init__(self, connection, application):
        self.connection, self.application = connection, application

    def gettimeout(self):
        return self.connection.gettimeout()

    def setblocking(self, flag):
        self.connection.setblocking(flag)

    def sendall(self, words: bytes):
        status = words.partition(b"\r\n")[0]
        with contextlib.suppress(Exception):  # bare words are better than none
            words = status + b"\r\n" + own_answer(self.application, is_our_fault=b" 5" in status)
        self.connection.sendall(words)


@cache
def own_answer(application, *, is_our_fault: bool) -> bytes:
    """Return all but the first line. The headers are those of the site's answer to a method that nothing needs."""
    refused = Response()
    url = settings.SITE_URL
    refused.collect(application, request_for("/", url.netloc, url.scheme) | {"REQUEST_METHOD": "BROKEN"})
    page = render_to_string("500.html" if is_our_fault else "400.html").encode()
    headers = {name: value for name, value in refused.headers if name not in ("Allow", "X-Request-ID")}
    headers |= {"Content-Length": str(len(page)), "Connection": "close"}
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("latin-1") + b"\r\n" + page


class Worker(ThreadWorker):
    """gunicorn's worker with threads, which answers an unknown transfer coding with 400, not 501 (RFC 9112, 6.1).

    A proxy in front may take any 5xx for our fault.
    """

    def handle_error(self, req, client, addr, exc):
        if isinstance(exc, UnsupportedTransferCoding):
            exc = InvalidHeader("TRANSFER-ENCODING", req=req)
        super().handle_error(req, OurPage(client, self.wsgi), addr, exc)


worker_class = Worker
logger_class = JsonLogger


def pre_fork(server, worker):
    """Close what loading the application opened: two processes must not share a database connection."""
    connections.close_all()


def post_worker_init(worker):
    """Let the page cache follow the content from this process on: a thread does not survive a fork."""
    worker.wsgi.follow_version()

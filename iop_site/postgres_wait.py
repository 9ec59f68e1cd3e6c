"""For a frozen PostgreSQL libpq would wait for hours. A visitor must be told within ten seconds: a wait of our own."""

import contextlib
import select
import threading
import time

import psycopg2
from django.core.signals import request_finished, request_started
from django.db import connection
from psycopg2 import extensions

CONNECT_LIMIT = 3.0  # seconds
ANSWER_LIMIT = 8.5  # seconds; PostgreSQL itself ends a statement after 8
REQUEST_LIMIT = 8.5  # seconds for all long waits of a request together
COUNTED_FROM = 1.0  # seconds; shorter waits are the ordinary work of a request, and not counted

_thread = threading.local()


def install():
    if connection.vendor == "postgresql":
        extensions.set_wait_callback(wait)
        request_started.connect(begin_request, dispatch_uid="postgres_wait")
        request_finished.connect(end_request, dispatch_uid="postgres_wait")


@contextlib.contextmanager
def at_most(seconds: float):
    _thread.answering = seconds
    try:
        yield
    finally:
        del _thread.answering


def begin_request(**_signal):
    _thread.left = REQUEST_LIMIT


def end_request(**_signal):
    _thread.left = None


def wait(server):
    """Raise psycopg2.OperationalError, which closes the connection, when PostgreSQL has not answered in time."""
    is_new = server.status == extensions.STATUS_SETUP
    limit = CONNECT_LIMIT if is_new else getattr(_thread, "answering", ANSWER_LIMIT)
    left = getattr(_thread, "left", None)
    if left is not None:
        limit = min(limit, left)
    started = time.monotonic()
    try:
        _wait_until(server, started + limit)
    finally:
        waited = time.monotonic() - started
        if left is not None and waited >= COUNTED_FROM:
            _thread.left = max(0.0, left - waited)


def _wait_until(server, deadline: float):
    while (state := server.poll()) != extensions.POLL_OK:
        events = select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        remaining = deadline - time.monotonic()
        watched = select.poll()  # not select(): it fails beyond 1024 open files
        watched.register(server.fileno(), events)
        if remaining <= 0 or not watched.poll(remaining * 1000):
            raise psycopg2.OperationalError("PostgreSQL did not answer in time")

"""Each request has one line in the access log, with its path as it was typed, whatever the path is."""

import json
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.http.errors import InvalidHeader, UnsupportedTransferCoding

from tests.wire import HOST, Site, config, request, server

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(guide):
    return Site()


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/caf%C3%A9/", "/café/"),
        ("/%E6%97%A5%E6%9C%AC/", "/日本/"),
        ("/%F0%9F%99%82/", "/🙂/"),
        ("/%ff%fe/", "/\ufffd\ufffd/"),
        ("/ask/me/?question=typed", "/ask/me/"),
        ("/a%0d%0a%1b[31mforged/", "/a\r\n\x1b[31mforged/"),
        ("/%00/", "/\0/"),
        ("//double/", "//double/"),
        ("http://other.example/absolute/", "/absolute/"),
    ],
)
def test_the_path_is_logged_as_it_was_typed(site, path, logged):
    site.answer(request("GET", path))
    assert site.logged["path"] == logged and site.logged["method"] == "GET"
    assert site.logged["status"] < 500 and site.logged["request_id"] or logged == "/ask/me/"


def test_a_line_holds_nothing_but_what_the_log_tells(site):
    site.answer(request("GET", "/ask/me/?q=query", {"Referer": "http://a.example/", "User-Agent": "agent"}))
    assert set(site.logged) == {
        "timestamp", "level", "logger", "message", "request_id", "method", "path", "status", "bytes", "milliseconds",
    }  # fmt: skip
    assert "query" not in json.dumps(site.logged) and "agent" not in json.dumps(site.logged)


def test_a_request_that_nobody_could_read_costs_no_answer():
    """gunicorn logs it with what it has: no environment, and perhaps no path."""
    broken = SimpleNamespace(method="GET", path=None, uri=None)
    answer = SimpleNamespace(headers=[], status=None)
    line = server.access_line(answer, broken, timedelta(0))
    assert (line["path"], line["status"], line["method"]) == ("", None, "GET")


def test_a_coding_that_nobody_knows_is_the_fault_of_its_sender(monkeypatch):
    told = []
    monkeypatch.setattr(server.ThreadWorker, "handle_error", lambda self, *rest: told.append(rest))
    worker = server.Worker.__new__(server.Worker)
    worker.wsgi = None
    for error in (UnsupportedTransferCoding("typed"), ValueError("other")):
        worker.handle_error(None, None, None, error)
    assert [type(rest[-1]) for rest in told] == [InvalidHeader, ValueError]
    assert "typed" not in str(told[0][-1])


def test_the_server_runs_with_that_worker_and_that_log():
    settings = config()
    assert settings.worker_class is server.Worker and settings.logger_class is server.JsonLogger
    logger = server.JsonLogger(settings)
    logger.access_log.handlers = [handler := logging.Handler()]
    lines = []
    handler.emit = lambda record: lines.append(json.loads(record.getMessage()))
    logger.access_log.setLevel(logging.INFO)
    broken = SimpleNamespace(method="GET", path="/%E6%97%A5/", uri=f"http://{HOST}/")
    logger.access(SimpleNamespace(headers=[], status="400 Bad Request"), broken, {}, timedelta(0))
    assert lines[0]["path"] == "/日/" and lines[0]["status"] == 400

"""What the web server answers by itself is our page under our headers, and repeats nothing of what was sent."""

from unittest.mock import Mock

import pytest
from django.test import Client
from gunicorn.http import errors

from iop_site.handlers import Handler
from tests.wire import Socket, config, connections_of_the_test, server

PEER = ("192.0.2.1", 50_000)
OF_ONE_ANSWER = {"Allow", "X-Request-ID", "Content-Length"}
BROKEN = [
    (errors.LimitRequestLine(5000, 4094), "414 URI Too Long"),
    (errors.LimitRequestHeaders("limit request headers fields"), "431 Request Header Fields Too Large"),
    (errors.InvalidRequestLine("GET /<repeat-me>"), "400 Bad Request"),
    (errors.InvalidHeaderName("<repeat-me>"), "400 Bad Request"),
    (errors.UnsupportedTransferCoding("repeat-me"), "400 Bad Request"),
    (errors.ExpectationFailed("repeat-me"), "417 Expectation Failed"),
    (ValueError("repeat-me"), "500 Internal Server Error"),
]


class Connection(Socket):
    def gettimeout(self):
        return None

    def setblocking(self, flag):
        pass


def answer(error) -> tuple[str, dict[str, str], str]:
    """Return the first line, the headers and the page."""
    worker, connection = object.__new__(server.Worker), Connection()
    worker.log, worker.cfg, worker.wsgi = Mock(), config(), Handler()
    with connections_of_the_test():
        worker.handle_error(None, connection, PEER, error)
    head, _, page = connection.sent.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), page


@pytest.mark.parametrize(("error", "status"), BROKEN, ids=lambda value: type(value).__name__)
def test_a_request_that_the_site_never_sees_gets_the_numbers_and_the_headers(error, status):
    first, headers, page = answer(error)
    assert first == f"HTTP/1.1 {status}"
    assert page.count('href="tel:988"') == page.count('href="tel:911"') == 2 and "repeat-me" not in page
    assert headers["Connection"] == "close" and headers["Content-Length"] == str(len(page.encode()))
    of_the_site = Client().generic("BROKEN", "/").headers
    its_own = {name: value for name, value in of_the_site.items() if name not in OF_ONE_ANSWER}
    assert {name: headers.get(name) for name in its_own} == its_own and "Content-Security-Policy" in its_own


def test_a_fault_of_ours_is_told_as_one():
    assert "our side" in answer(ValueError())[2] and "our side" not in answer(errors.InvalidRequestLine("x"))[2]

"""Requests that only a broken or hostile client sends, to the real server: one answer at most, no fault, no echo."""

import contextlib
import json
import socket
import time

import pytest

from tests.proof.live import PATIENCE, LiveSite

HOST = b"Host: 127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
HIDDEN = b"GET /smuggled/ HTTP/1.1\r\n" + HOST + b"\r\n"
POST = b"POST /ask/me/ HTTP/1.1\r\n" + HOST + FORM
MALFORMED = {
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + HIDDEN,
    "a plus before the length": POST + b"Content-Length: +5\r\n\r\nhello" + HIDDEN,
    "a blank before the colon": POST + b"Content-Length : 5\r\n\r\nhello" + HIDDEN,
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a folded header": POST + b"X-Folded: a\r\n Content-Length: 5\r\n\r\nhello" + HIDDEN,
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "another host": b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "a header of 64 KB": b"GET / HTTP/1.1\r\n" + HOST + b"X-Long: " + 65_536 * b"a" + b"\r\n\r\n",
    "120 headers": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: a\r\n" % n for n in range(120)) + b"\r\n",
    "an address of 5 KB": b"GET /?q=" + 5000 * b"a" + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "an unknown version": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "a method in small letters": b"made-up / HTTP/1.1\r\n" + HOST + b"\r\n",
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + 60 * b"\x00",
}
UNHEARD = ["no request at all"]  # a head that never ends
REFUSED = {
    "TRACE": b"TRACE /?probe=repeat-me HTTP/1.1\r\n" + HOST + b"X-Probe: repeat-me\r\nConnection: close\r\n\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    "MADEUP": b"MADEUP /?probe=repeat-me HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
}


@pytest.fixture(scope="module")
def site():
    with LiveSite(WEB_WORKERS="1") as site:
        yield site


def say(site, request: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back."""
    heard = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", site.port), timeout=10) as wire:
        wire.sendall(request.replace(b"Host: 127.0.0.1\r\n", b"Host: 127.0.0.1:%d\r\n" % site.port))
        wire.shutdown(socket.SHUT_WR)
        while part := wire.recv(65_536):
            heard += part
    return heard


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_refused(site, name):
    heard = say(site, MALFORMED[name])
    assert heard.count(b"HTTP/1.1 ") <= 1 and b"smuggled" not in heard and b"evil.example" not in heard
    assert heard.split()[1][:1] == b"4" if name not in UNHEARD else not heard
    assert site.request("GET", "/ask/me/")[0] == 200


@pytest.mark.parametrize("name", REFUSED)
def test_a_method_that_nothing_needs(site, name):
    heard = say(site, REFUSED[name])
    assert heard.startswith(b"HTTP/1.1 405") and b"repeat-me" not in heard and b"evil.example" not in heard


def test_the_server_does_not_tell_its_version(site):
    head = say(site, b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n").partition(b"\r\n\r\n")[0]
    assert b"Server: gunicorn\r\n" in head and b"X-Powered-By" not in head


def test_what_a_path_holds_stays_on_one_line_of_the_log(site):
    site.request("GET", "/probe%0d%0a%1b[31mforged%20line/")
    deadline = time.monotonic() + PATIENCE
    while not (requests := [line for line in site.log.read_text().splitlines() if is_probe(line)]):
        assert time.monotonic() < deadline, "the request is not in the log"
        time.sleep(0.05)  # the line is written once the answer has left
    assert len(requests) == 1
    assert all(isinstance(json.loads(line), dict) for line in site.log.read_text().splitlines())


def is_probe(line: str) -> bool:
    return "gunicorn.access" in line and "forged line" in line

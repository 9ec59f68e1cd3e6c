"""Generated requests of every shape, as bytes to the real server: each gets an answer, none that is a fault of ours.

Most are whole requests: an address of the resolver, any method, odd headers and bodies, as nobody or as somebody who
may do everything. One in six is then damaged at random. A head is always complete: half of one is no request.
"""

import contextlib
import json
import random
import re
import socket
import threading
from dataclasses import dataclass, field

import pytest

from tests.addresses import BODIES, METHODS, QUERIES, every_address
from tests.proof.live import LiveSite

SEED = 20261129
THREADS = 8
EACH = 2_500  # requests of each thread, each on a connection of its own
DAMAGED = 1 / 6
STATUS = re.compile(rb"HTTP/1\.1 (\d\d\d) ")
SIGN_IN = """
from django.test import Client
from tests.factories import pass_second_step, staff_user
client, user = Client(), staff_user(is_superuser=True)
client.force_login(user)
pass_second_step(client, user)
print("session", client.cookies["sessionid"].value)
"""
PIECES = {
    "Accept-Encoding": ["br", "gzip", ";q=", "0", "...", "1.0", "nan", "*", "identity", ",", "²"],
    "Accept-Language": ["es", "en", "xx", ";q=", "²", ","],
    "Cookie": ["sessionid=", "csrftoken=", "desk_owner=", "desk_known=", "x", ";", ":", "%00", "é", '"'],
    "Connection": ["close", "keep-alive", "upgrade", "Content-Length", ","],
    "Expect": ["100-continue", "200-ok"],
    "Forwarded": ["for=", "proto=", "x", ";"],
    "If-Modified-Since": ["Sat, 29 Nov 2026 00:00:00 GMT", "0", "Sun", "99"],
    "If-None-Match": ["*", "W/", '"a"', '"', ","],
    "Origin": ["null", "http://", "127.0.0.1", "[", ":", "é"],
    "Range": ["bytes=", "0-", "5", "-1", ",", "99999999999999999999"],
    "Referer": ["http://", "[", "é"],
    "Sec-Fetch-Dest": ["document", "empty"],
    "Sec-Fetch-Mode": ["navigate", "cors"],
    "Sec-Fetch-Site": ["same-origin", "cross-site"],
    "Transfer-Encoding": ["chunked", "gzip", "xchunked", ",", " "],
    "Upgrade": ["h2c", "websocket", "TLS/1.0"],
    "User-Agent": ["Mozilla/5.0 (", "é", ")"],
    "X-CSRFToken": ["a" * 32, "é", "x"],
    "X-Forwarded-For": ["1.2.3.4", "[::1]", ":80", "fe80::1%eth0", ",", "²"],
    "X-Forwarded-Proto": ["http", "https", ","],
    "X-HTTP-Method-Override": ["DELETE", "INVENTED"],
}
MORE_ADDRESSES = [
    "/static/css/error.css",
    "/static/nothing.css",
    "/static/",
    "/healthz",
    "/readyz",
    "*",
    "//",
    "/%",
    "/%zz/",
]
MORE_ADDRESSES += [
    "http://evil.example/",
    "http://[::1/",
    "evil.example:443",
    "/caf%C3%A9/",
    "/%E6%97%A5%E6%9C%AC/",
    "/a#b",
]


@dataclass
class Sender:
    """Sends generated requests one after another, and keeps what was wrong with the answers."""

    site: LiveSite
    addresses: list[str]
    signed_in: dict[str, str]
    draw: random.Random
    statuses: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.public = [address for address in self.addresses if "/admin/" not in address]

    def run(self):
        for _number in range(EACH):
            request = self.request()
            try:
                heard = say(self.site.port, request)
            except OSError as error:
                heard = type(error).__name__.encode()
            found = STATUS.findall(heard) if heard.startswith(b"HTTP/1.1 ") else [heard[:40] or b"empty"]
            for status in found:
                self.statuses[status.decode("latin-1")] = self.statuses.get(status.decode("latin-1"), 0) + 1
            if not found or any(not re.fullmatch(rb"[1-4]\d\d", status) for status in found):
                self.wrong.append(f"{found} to {request[:600]!r}")

    def request(self) -> bytes:
        draw = self.draw
        method = draw.choice(METHODS if draw.random() < 0.2 else ["GET", "POST"])
        address = draw.choice(self.public if draw.random() < 0.5 else self.addresses) + draw.choice(QUERIES)
        told, body = {"Host": f"127.0.0.1:{self.site.port}"}, b""
        if method == "POST" or draw.random() < 0.1:
            more, body = BODIES[draw.choice(sorted(BODIES))]
            told |= {"Content-Length": str(len(body))} | more
        if "/admin/" in address and "/logout/" not in address and draw.random() < 0.5:
            told |= self.signed_in
        for name in draw.sample(sorted(PIECES), draw.choice([0, 0, 1, 1, 2])):
            told[name] = "".join(draw.choices(PIECES[name], k=draw.randint(0, 5)))
        lines = [
            f"{method} {address} HTTP/1.1",
            *(f"{name}: {value}" for name, value in told.items() if value is not None),
        ]
        head = "\r\n".join(lines).encode("latin-1")
        if draw.random() < DAMAGED:
            head = self.damage(head)
        return head + b"\r\n\r\n" + body

    def damage(self, head: bytes) -> bytes:
        """Take something out, put something in, or say something twice, a few times."""
        draw = self.draw
        for _time in range(draw.randint(1, 4)):
            at = draw.randrange(len(head) + 1)
            until = min(len(head), at + draw.choice([0, 1, 1, 5, 40]))
            put = draw.choice(
                [b"", head[at:until] * 2, bytes(draw.choices(range(256), k=draw.randint(1, 4))), b"\r\n", b"\n"]
            )
            head = head[:at] + put + head[until:]
        return head


def say(port: int, request: bytes) -> bytes:
    """Send bytes as they are, on a connection of their own, and return all that comes back."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        with contextlib.suppress(OSError):  # refused before all of it was sent, which the answer tells
            wire.sendall(request)
            wire.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):  # closed with some of the request unread
            while part := wire.recv(65_536):
                heard += part
    return heard


@pytest.mark.django_db
def test_every_request_gets_an_answer_and_none_is_a_fault(guide):
    addresses = [*every_address(), *MORE_ADDRESSES]
    with LiveSite(WEB_WORKERS="1") as site:
        session = re.search(r"^session (\w+)$", site.manage("shell", "-c", SIGN_IN), re.M)[1]
        token = 32 * "a"  # whoever has the cookie has the token
        signed_in = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
        senders = [Sender(site, addresses, signed_in, random.Random(f"{SEED} {n}")) for n in range(THREADS)]
        threads = [threading.Thread(target=sender.run) for sender in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        statuses: dict[str, int] = {}
        for sender in senders:
            for status, count in sender.statuses.items():
                statuses[status] = statuses.get(status, 0) + count
        print(f"{THREADS * EACH} requests: {dict(sorted(statuses.items()))}")
        wrong = [line for sender in senders for line in sender.wrong]
        assert wrong == [], "\n".join(wrong[:20]) + f"\n{len(wrong)} in all"
        assert {"200", "302", "400", "403", "404", "405", "413", "415", "417"} <= set(statuses)
        assert statuses["200"] > THREADS * EACH / 10  # else they are all nonsense, and nothing was proved
        assert faults_in(site.log.read_text()) == []


def faults_in(log: str) -> list[str]:
    """Return what the server calls a fault of its own; a foreign Host is told as one, and is none."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [
        str(line) for line in lines if line["level"] == "ERROR" and not line["logger"].startswith("django.security")
    ]

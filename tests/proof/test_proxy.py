"""The shipped proxy alone, before a stand-in: what it limits, what it answers by itself, whom it never leaves out."""

import contextlib
import resource
import socket
import subprocess
import threading

import pytest

from iop_site.security_headers import SECURITY_HEADERS
from tests.proof.live import wait_for
from tests.proof.nginx import NGINX, TRUSTING, StandInBehindNginx

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed: apt-get install nginx-light")
IDLE = 2_100  # more than two workers of nginx have handles for as Debian ships it
SIGN_IN = ("/admin/login/", "/es/admin/login/", "/admin/second-step/", "/admin/set-up/", "/admin/password_change/")
HEADERS = {
    **SECURITY_HEADERS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


@pytest.fixture
def proxy():
    with StandInBehindNginx() as proxy:
        yield proxy


def came_from(address: str) -> dict[str, str]:
    return {"X-Test-Address": address}


def statuses(proxy, method: str, path: str, addresses: list[str]) -> list[int]:
    body = "typed=words" if method == "POST" else ""
    return [proxy.answer(method, path, body, came_from(address))[0].status for address in addresses]


def raw_answer(proxy, request: bytes) -> bytes:
    """Return what is answered to bytes over TLS, up to the end of the connection."""
    raw = socket.create_connection(("127.0.0.1", proxy.tls_port), timeout=60)
    with TRUSTING.wrap_socket(raw, server_hostname="localhost") as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_requests_that_end_without_an_answer_take_nobody_else_away(proxy):
    for _ in range(3):
        answer, page = proxy.answer("GET", "/hang-up")
        assert answer.status == 503 and 'href="tel:988"' in page
        assert statuses(proxy, "GET", "/", ["192.0.2.1"] * 6) == [200] * 6


def test_only_a_form_with_a_key_is_sent_to_a_second_process(proxy):
    for path in ("/ask/me/hang-up", "/admin/login/hang-up", "/status/hang-up"):
        assert statuses(proxy, "POST", path, ["192.0.2.1"]) == [503]
    assert [proxy.seen.count(f"POST {path}/hang-up") for path in ("/ask/me", "/admin/login", "/status")] == [2, 1, 1]


def test_a_process_that_is_gone_is_not_seen(proxy):
    proxy.webs[0].shutdown()
    proxy.webs[0].server_close()
    assert statuses(proxy, "POST", "/status/", ["192.0.2.1"] * 6) == [200] * 6


def test_a_machine_that_does_not_even_refuse_is_not_waited_for(proxy):
    proxy.webs[0].shutdown()
    port = proxy.webs[0].server_port
    proxy.webs[0].server_close()
    with socket.create_server(("127.0.0.1", port), backlog=0), contextlib.ExitStack() as queue:
        for _ in range(
            4
        ):  # as many as wait in the queue of a server that takes nobody; from then on packets are dropped
            caller = queue.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        assert statuses(proxy, "GET", "/", ["192.0.2.1"] * 6) == [200] * 6


@pytest.mark.parametrize("path", SIGN_IN)
def test_tries_to_sign_in_from_one_network_are_limited_and_no_others(proxy, path):
    tried = statuses(proxy, "POST", path, ["192.0.2.1"] * 40)
    assert tried[:10] == [200] * 10 and 429 in tried
    assert statuses(proxy, "GET", path, ["192.0.2.1"]) == [200], "looking at the page"
    assert statuses(proxy, "POST", "/ask/me/", ["192.0.2.1"]) == [200], "a form"
    assert statuses(proxy, "POST", path, ["192.0.2.2"]) == [200], "another network"


def test_one_network_is_an_ipv4_address_or_the_64_of_ipv6(proxy):
    home = [f"2001:db8:0:a::{number:x}" for number in range(1, 41)]
    assert 429 in statuses(proxy, "POST", SIGN_IN[0], home)
    others = ["2001:db8:0:b::1", "2001:db8::1", "2001:db8:a::1", *(f"198.51.100.{number}" for number in range(1, 41))]
    assert set(statuses(proxy, "POST", SIGN_IN[0], others)) == {200}


def test_requests_at_once_from_one_network_are_limited_and_the_refusal_can_be_read():
    home = [f"2001:db8::{number:x}" for number in range(1, 11)]
    limit = {"limit_conn": f"iop_connections {len(home)}", "proxy_read_timeout": "600s"}
    with StandInBehindNginx(**limit) as proxy:
        holders = [threading.Thread(target=statuses, args=(proxy, "GET", "/hold", [each])) for each in home]
        for holder in holders:
            holder.daemon = True
            holder.start()
        wait_for(lambda: proxy.seen.count("GET /hold") == len(home))
        answer, page = proxy.answer("GET", "/", headers=came_from("2001:db8::ffff"))
        assert answer.status == 429 and 'href="/static/css/error.css"' in page
        assert statuses(proxy, "GET", "/static/css/error.css", ["2001:db8::ffff"]) == [200]
        for counted in ("/STATIC/css/error.css", "/static/css/error.css/", "/static/css/error.css%0A"):
            assert statuses(proxy, "GET", counted, ["2001:db8::ffff"]) == [429], counted
        assert statuses(proxy, "GET", "/", ["2001:db8:1::1"]) == [200]
        proxy.let_go.set()
        for holder in holders:
            holder.join()


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET / HTTP/1.1\r\nHost: localhost\r\nBad header\x01", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "x" * 9000, 400),
        ("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Test-Address: 192.0.2.1", 403),
        ("TRACE / HTTP/1.1\r\nHost: localhost", 405),
        ("POST /static/css/error.css HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0", 405),
        ("POST /ask/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1100000", 413),
        ("GET /" + "x" * 9000 + " HTTP/1.1\r\nHost: localhost", 414),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: none", 400),
        ("GET / HTTP/4.0\r\nHost: localhost", 400),
        ("GET /static/css/error.css HTTP/1.1\r\nHost: localhost\r\nIf-Match: x", 412),
        ("GET /hang-up HTTP/1.1\r\nHost: localhost", 503),
    ],
    ids=lambda value: str(value)[:60].replace("\r\n", " ") if isinstance(value, str) else value,
)
def test_whatever_the_proxy_answers_by_itself_has_our_headers_and_the_numbers(proxy, request_line, status):
    head, _, page = raw_answer(proxy, f"{request_line}\r\nConnection: close\r\n\r\n".encode()).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert int(first.split()[1]) == status
    assert page.count(b'href="tel:988"') == page.count(b'href="tel:911"') == 2
    check_headers(dict(line.split(": ", 1) for line in lines), is_passing=status == 503)


def test_a_refusal_for_too_many_has_our_headers_and_the_numbers(proxy):
    for _ in range(40):
        answer, page = proxy.answer("POST", SIGN_IN[0], "typed=words")
    assert answer.status == 429 and page.count('href="tel:988"') == 2
    check_headers(dict(answer.getheaders()), is_passing=True)


def check_headers(got: dict[str, str], is_passing: bool):
    assert {name: got.get(name) for name in HEADERS} == HEADERS
    assert ("Retry-After" in got) == is_passing and got["Server"] == "nginx"
    assert got["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"\x16\x03\x01nonsense\r\n\r\n", b"x\r\n\r\n"]
)
def test_what_names_no_host_of_ours_is_not_answered_at_all(proxy, sent):
    with socket.create_connection(("127.0.0.1", proxy.plain_port), timeout=60) as plain:
        plain.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert plain.recv(4096) == b""


@pytest.mark.parametrize(
    ("how", "is_spoken"),
    [
        (("-tls1_3",), True),
        (("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), True),
        (("-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"), True),
        (("-tls1_2", "-cipher", "kRSA"), False),
        (("-tls1_2", "-cipher", "SHA1"), False),
        (("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_only_ciphers_with_forward_secrecy_are_spoken(proxy, how, is_spoken):
    shaken = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{proxy.tls_port}", "-servername", "localhost", *how],
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    assert (shaken.returncode == 0) == is_spoken, shaken.stderr


def test_while_more_connections_stand_idle_than_nginx_had_handles_for_a_visitor_is_answered():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE + 500:
        pytest.skip("this machine gives a process too few file handles to try it")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, IDLE + 500), hard))
    with StandInBehindNginx(client_header_timeout="600s") as proxy, contextlib.ExitStack() as idle:
        for number in range(IDLE):
            source = (f"127.0.0.{2 + number % 200}", 0)
            one = idle.enter_context(socket.create_connection(("127.0.0.1", proxy.tls_port), 60, source))
            one.sendall(b"\x16")  # the first byte of a handshake: from now on nginx waits for the rest
        assert proxy.answer("GET", "/")[0].status == 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

"""The shipped proxy: what it keeps from the site, what it believes nobody, and restarts that no visitor sees."""

import contextlib
import os
import signal
import socket
import ssl
import statistics
import time

import pytest

from tests.proof.live import form, people, shown_to, wait_for, wait_until_shown
from tests.proof.nginx import NGINX, TRUSTING, SiteBehindNginx

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed: apt-get install nginx-light")
HALF_OPEN = 200
ATTACKER = "127.0.0.2"


@pytest.fixture(scope="module")
def site():
    with SiteBehindNginx() as site:
        yield site


def seconds_of_pages(site, count=60) -> list[float]:
    taken = []
    for _ in range(count):
        begin = time.monotonic()
        # A process without the proxy would not answer at all.
        assert site.request("GET", "/ask/me/", timeout=15)[0] == 200
        taken.append(time.monotonic() - begin)
    return taken


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def test_no_visitor_sees_that_every_process_is_replaced(site):
    with people(site) as crowd:
        time.sleep(1)
        for port in site.ports * 2:
            site.restart_web(port)
        wait_until_shown(crowd, 50)
    sent = shown_to(crowd)
    print(f"\n{len(sent)} forms answered during four restarts, sent again: {sum(p.repeats for p in crowd)}")
    assert [person.told for person in crowd if person.told] == []
    assert sum(person.repeats for person in crowd) == 0
    stored = {row["name"]: row["reference"] for row in site.stored()}
    assert {name: stored.get(name) for name in sent} == sent


def test_beside_half_open_requests_people_are_answered(site):
    alone = p95(seconds_of_pages(site))
    with contextlib.ExitStack() as open_ones:
        for number in range(HALF_OPEN):
            raw = socket.create_connection(("127.0.0.1", site.tls_port), source_address=(ATTACKER, 0))
            slow = open_ones.enter_context(TRUSTING.wrap_socket(raw, server_hostname="localhost"))
            slow.sendall(b"POST /ask/me/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n")
            slow.sendall(b"X-Slow: " if number % 2 else b"\r\nname=")
        besieged = p95(seconds_of_pages(site))
    print(f"\np95 of the form: {alone * 1000:.1f} ms alone, {besieged * 1000:.1f} ms beside {HALF_OPEN} half-open ones")


def test_a_half_open_request_is_ended(site):
    raw = socket.create_connection(("127.0.0.1", site.tls_port), source_address=(ATTACKER, 0))
    with TRUSTING.wrap_socket(raw, server_hostname="localhost") as slow:
        slow.settimeout(25)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        with contextlib.suppress(ConnectionResetError, ssl.SSLError):
            assert not slow.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_body_that_is_too_large_gets_the_page_with_the_numbers(site):
    status, page = site.request("POST", "/ask/me/", "name=" + "x" * 1_100_000)
    assert status == 413 and 'href="tel:988"' in page


def test_a_forged_address_is_not_believed():
    with SiteBehindNginx(INQUIRY_LIMIT_PER_HOUR="1") as site:
        answers = []
        for number in range(22):  # an hour may end among them
            headers = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
            answers.append(site.request("POST", "/ask/me/", form(f"Person {number}"), headers=headers)[0])
    assert answers[0] == 200 and 429 in answers


def test_a_forged_scheme_changes_nothing(site):
    status, _page = site.request(
        "GET", "/ask/", headers={"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
    )
    assert status == 200


def test_another_host_is_not_answered(site):
    raw = socket.create_connection(("127.0.0.1", site.tls_port))
    with pytest.raises(ssl.SSLError), raw:
        TRUSTING.wrap_socket(raw, server_hostname="evil.example")


def test_plain_http_is_sent_to_https(site):
    with socket.create_connection(("127.0.0.1", site.plain_port)) as plain:
        plain.sendall(b"GET /ask/?q=a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = plain.recv(4096)
    assert answer.startswith(b"HTTP/1.1 301") and b"Location: https://localhost" in answer


def test_its_log_holds_no_address_and_no_query(site):
    site.request("GET", "/search/?q=canary7f3a", headers={"User-Agent": "canary7f3a", "Referer": "canary7f3a"})
    wait_for(lambda: '"path": "/search/"' in (site.folder / "iop.log").read_text())
    log = (site.folder / "iop.log").read_text()
    assert "canary7f3a" not in log and "127.0.0." not in log


def test_one_process_killed_is_not_seen_and_all_of_them_leave_the_numbers(site):
    first, second = (site.webs[port] for port in site.ports)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert {site.request("GET", "/ask/me/")[0] for _ in range(10)} == {200}
    os.killpg(second.pid, signal.SIGKILL)
    second.wait()
    status, page = site.request("GET", "/")
    assert status == 503 and 'href="tel:988"' in page
    sheet = page.partition('href="/static/')[2].partition('"')[0]
    assert site.request("GET", f"/static/{sheet}")[0] == 200
    assert site.request("POST", "/ask/me/", form("Person"))[0] == 503

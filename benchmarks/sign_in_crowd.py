"""How much slower the form is while sixteen sign in at once with random names, and how fast a colleague still gets in.

`python -m benchmarks.sign_in_crowd`. The web server has the processes and threads that it ships with, on both cores,
which the load shares with it. One crowd heeds Retry-After, the other asks again the moment it is answered: the second
is as much a flood of requests as one of sign-ins, and its clients take as much of the cores as the server. All come
from one network, as the proxy in front would say; the colleague from another, and then from the same.
"""

import collections
import contextlib
import http.client
import itertools
import re
import secrets
import statistics
import subprocess
import sys
import threading
import time
from functools import partial
from urllib.parse import urlencode, urlsplit

from benchmarks import harness

SENDERS, HEEDING, HAMMERING = 16, "heeding", "hammering"
ROUNDS, SECONDS = harness.number("ROUNDS", 5), harness.number("SECONDS", 8)  # of each, in turn
CROWD, COLLEAGUE = "192.0.2.7", "198.51.100.7"
PASSWORD = "a long pass phrase"  # noqa: S105 - of all fictitious staff of tests.factories
HEAD = ["form (asked without, with)", "without: p50 ms", "p95 ms", "with: p50 ms", "p95 ms", "p95 with / without"]
ACCOUNT = "from tests.factories import staff_user\nstaff_user(username='colleague')"
p95 = partial(harness.quantile, percent=95)


class SignIn:
    """One browser at the sign-in page, from ``network``."""

    def __init__(self, url: str, network: str):
        self.network = {"X-Forwarded-For": network}
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        answer, page = self.ask("GET")
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    def ask(self, method: str, body=None, **headers):
        """Return the answer and its text; ask once more when the server ends the connection, as it does at times."""
        for may_fail in (True, False):
            try:
                self.connection.request(method, "/admin/login/", body, self.network | headers)
                answer = self.connection.getresponse()
                return answer, answer.read().decode()
            except (http.client.HTTPException, OSError):
                self.connection.close()
                if not may_fail:
                    raise

    def send(self, name: str, password: str) -> int:
        body = urlencode({"csrfmiddlewaretoken": self.token, "username": name, "password": password})
        return self.ask("POST", body, Cookie=self.cookie, **harness.IS_FORM)[0].status


def crowd(url: str, network: str, manner: str):
    """Sign in with random names, ``SENDERS`` at once, until stdin is closed; then print how often each status came."""
    counts, ended = collections.Counter(), threading.Event()

    def sender():
        browser = SignIn(url, network)
        while not ended.is_set():
            status = browser.send(secrets.token_hex(8), "not the password")
            counts[status] += 1
            if status == 429 and manner == HEEDING:
                ended.wait(2)  # seconds, as Retry-After asks for

    with harness.threads(SENDERS, sender):
        sys.stdin.read()
        ended.set()
    print(dict(counts))


@contextlib.contextmanager
def crowded(url: str, manner: str, statuses: list[str]):
    """Let ``crowd`` sign in, in a process of its own, and note how often each status came."""
    command, pipe = [sys.executable, "-m", "benchmarks.sign_in_crowd", url, CROWD, manner], subprocess.PIPE
    with subprocess.Popen(command, cwd=harness.ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        time.sleep(2)  # until all have their page
        yield
        statuses.append(process.communicate("")[0].strip())


def forms(url: str, bodies, taken: dict[str, list[float]]):
    """Open and send one form after the other for a round; add the milliseconds to ``taken``."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for kind, body in (("opened", None), ("sent", next(bodies))):
            started = time.monotonic()
            status = harness.fetch(f"{url}/ask/me/", body)[0]
            if status != 200:
                raise RuntimeError(f"a form was {kind} and answered {status}")
            taken[kind].append((time.monotonic() - started) * 1000)


def main():
    with harness.prepared(TRUSTED_PROXIES="1") as environment:
        harness.shell(environment, ACCOUNT)
        bodies = iter(harness.forms(environment, 4000))
        with harness.Server("site", harness.SITE, environment, workers=2, cores=harness.BOTH_CORES) as server:
            measure(server.url, bodies)
            colleagues(server.url)


def measure(url: str, bodies):
    """Print the times of forms alone and beside each crowd, and how often the crowds were answered what."""
    forms(url, bodies, {"opened": [], "sent": []})  # a first round that is not counted
    taken = {case: {"opened": [], "sent": []} for case in ("alone", HEEDING, HAMMERING)}
    statuses = {HEEDING: [], HAMMERING: []}
    for _ in range(ROUNDS):
        forms(url, bodies, taken["alone"])
        for manner, answers in statuses.items():
            with crowded(url, manner, answers):
                forms(url, bodies, taken[manner])
    alone = taken.pop("alone")
    rows = [row(manner, kind, alone[kind], times[kind]) for manner, times in taken.items() for kind in times]
    harness.table(f"A form while {SENDERS} sign in at once, {ROUNDS} rounds of {SECONDS} s in turn", HEAD, rows)
    print(f"How often each crowd was answered what, round by round: {statuses}", flush=True)


def row(manner: str, kind: str, alone: list[float], beside: list[float]) -> list[str]:
    told = [f"{find(times):.0f}" for times in (alone, beside) for find in (statistics.median, p95)]
    return [f"{manner}: {kind} ({len(alone)}, {len(beside)})", *told, f"{p95(beside) / p95(alone):.1f}"]


def colleagues(url: str):
    """Print how long a colleague of another network, and of the same, took to sign in while the crowds were there."""
    for manner in (HEEDING, HAMMERING):
        for title, network in (("another network", COLLEAGUE), ("the same network", CROWD)):
            with crowded(url, manner, []):
                tries = [seconds_to_sign_in(url, network) for _ in range(3)]
            told = ", ".join(f"{seconds:.1f} s ({count})" for seconds, count in tries)
            print(f"{manner}: a colleague of {title} was in after (tries): {told}", flush=True)


def seconds_to_sign_in(url: str, network: str) -> tuple[float, int]:
    """Try, as a person would, with a second between tries; return how long it took, and the number of tries."""
    started, browser = time.monotonic(), SignIn(url, network)
    for tries in itertools.count(1):
        if browser.send("colleague", PASSWORD) == 302 or time.monotonic() - started > harness.number("PATIENCE", 20):
            return time.monotonic() - started, tries
        time.sleep(1)


if __name__ == "__main__":
    crowd(*sys.argv[1:]) if sys.argv[1:] else main()

"""How much slower the form is while sixteen sign in at once with random names, and how fast a colleague still gets in.

`python -m benchmarks.sign_in_crowd`. The web server has the processes and threads that it ships with, on both cores,
which the load shares with it. One crowd heeds Retry-After, the other asks again the moment it is answered: the second
is as much a flood of requests as one of sign-ins, and its clients take as much of the cores as the server. All come
from one network, as the proxy in front would say; the colleague from another, and then from the same.
"""

import collections
import http.client
import itertools
import re
import secrets
import statistics
import subprocess
import sys
import threading
import time
from urllib.parse import urlencode, urlsplit

from benchmarks import harness
from benchmarks.send import TOKENS, form

SENDERS = 16
HEEDING, HAMMERING = "heeding", "hammering"
RETRY_AFTER = 2  # seconds, as the site asks for
ROUNDS, SECONDS = 5, 8  # of each, in turn
FORMS = 4000
CROWD, COLLEAGUE = "192.0.2.7", "198.51.100.7"
PASSWORD = "four quiet words here"  # noqa: S105 - of a fictitious account
HEAD = ["form (asked without, with)", "without: p50 ms", "p95 ms", "with: p50 ms", "p95 ms", "p95 with / without"]
ACCOUNT = f"""
from django.contrib.auth import get_user_model
get_user_model().objects.create_user("colleague", "c@example.com", {PASSWORD!r}, is_staff=True)
"""


class SignIn:
    """One browser at the sign-in page, from ``network``."""

    def __init__(self, url: str, network: str):
        self.place, self.network = urlsplit(url).netloc, {"X-Forwarded-For": network}
        self.connection = http.client.HTTPConnection(self.place, timeout=60)
        answer, page = self.ask("GET")
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    def ask(self, method: str, body=None, **headers):
        try:
            self.connection.request(method, "/admin/login/", body, self.network | headers)
            answer = self.connection.getresponse()
            return answer, answer.read().decode()
        except (http.client.HTTPException, OSError):  # the server ends a connection now and then
            self.connection.close()
            self.connection.request(method, "/admin/login/", body, self.network | headers)
            answer = self.connection.getresponse()
            return answer, answer.read().decode()

    def send(self, name: str, password: str) -> int:
        """Sign in; return the status of the answer."""
        body = urlencode({"csrfmiddlewaretoken": self.token, "username": name, "password": password})
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        answer, _page = self.ask("POST", body, **kind)
        return answer.status


def crowd(url: str, network: str, manner: str):
    """Sign in with random names, ``SENDERS`` at once, until stdin is closed; then print how often each status came."""
    counts, ended = collections.Counter(), threading.Event()

    def sender():
        browser = SignIn(url, network)
        while not ended.is_set():
            status = browser.send(secrets.token_hex(8), "not the password")
            counts[status] += 1
            if status == 429 and manner == HEEDING:
                ended.wait(RETRY_AFTER)

    threads = [threading.Thread(target=sender) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join()
    print(dict(counts))


class Crowd:
    """``crowd`` in a process of its own, while a ``with`` lasts; ``answers`` counts the statuses after it."""

    def __init__(self, url: str, manner: str):
        self.command = [sys.executable, "-m", "benchmarks.sign_in_crowd", url, CROWD, manner]

    def __enter__(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.command, cwd=harness.ROOT, stdin=pipe, stdout=pipe, text=True)
        time.sleep(2)  # until all have their page
        return self

    def __exit__(self, *error):
        self.answers, _ = self.process.communicate("")


def milliseconds_of(url: str, method: str, body: str | None = None) -> float:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    started = time.monotonic()
    connection.request(method, "/ask/me/", body, headers)
    answer = connection.getresponse()
    answer.read()
    taken = time.monotonic() - started
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"a form was answered {answer.status}")
    return taken * 1000


def forms(url: str, bodies, taken: dict[str, list[float]]):
    """Open and send one form after the other for a round; add the times to ``taken``."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        taken["opened"].append(milliseconds_of(url, "GET"))
        taken["sent"].append(milliseconds_of(url, "POST", next(bodies)))


def seconds_to_sign_in(url: str, network: str, patience: int = 20) -> tuple[float, int]:
    """Try, as a person would, with a second between tries; return how long it took, and the number of tries."""
    started, browser = time.monotonic(), SignIn(url, network)
    for tries in itertools.count(1):
        if browser.send("colleague", PASSWORD) == 302 or time.monotonic() - started > patience:
            return time.monotonic() - started, tries
        time.sleep(1)


def main():
    with harness.prepared(TRUSTED_PROXIES="1") as environment:
        harness.manage(environment, "shell", "--no-imports", "-c", ACCOUNT)
        tokens = harness.manage(environment, "shell", "--no-imports", "-c", TOKENS.format(FORMS)).stdout.split()
        bodies = (form(token, str(place)) for place, token in enumerate(tokens))
        with harness.Server("site", "iop_site.wsgi", environment, workers=2, cores="0,1") as server:
            report(server.url, bodies)


def report(url: str, bodies):
    taken, statuses = measure(url, bodies)
    alone = taken.pop("alone")
    rows = [row(manner, kind, alone[kind], times[kind]) for manner, times in taken.items() for kind in times]
    harness.table(f"A form while {SENDERS} sign in at once, {ROUNDS} rounds of {SECONDS} s in turn", HEAD, rows)
    print(f"How often each crowd was answered what, round by round: {statuses}", flush=True)
    colleagues(url)


def measure(url: str, bodies):
    """Return the times of forms alone and beside each crowd, and how often the crowds were answered what."""
    forms(url, bodies, {"opened": [], "sent": []})  # a first round that is not counted
    taken = {case: {"opened": [], "sent": []} for case in ("alone", HEEDING, HAMMERING)}
    statuses = {HEEDING: [], HAMMERING: []}
    for _ in range(ROUNDS):
        forms(url, bodies, taken["alone"])
        for manner, answers in statuses.items():
            with Crowd(url, manner) as those:
                forms(url, bodies, taken[manner])
            answers.append(those.answers.strip())
    return taken, statuses


def colleagues(url: str):
    """Print how long a colleague of another network, and of the same, took to sign in while the crowds were there."""
    for manner in (HEEDING, HAMMERING):
        for title, network in (("another network", COLLEAGUE), ("the same network", CROWD)):
            with Crowd(url, manner):
                tries = [seconds_to_sign_in(url, network) for _ in range(3)]
            told = ", ".join(f"{seconds:.1f} s ({count})" for seconds, count in tries)
            print(f"{manner}: a colleague of {title} was in after (tries): {told}", flush=True)


def row(manner: str, kind: str, alone: list[float], crowded: list[float]) -> list[str]:
    before, after = p95(alone), p95(crowded)
    figures = statistics.median(alone), before, statistics.median(crowded), after
    name = f"{manner}: {kind} ({len(alone)}, {len(crowded)})"
    return [name, *(f"{figure:.0f}" for figure in figures), f"{after / before:.1f}"]


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[94]


if __name__ == "__main__":
    crowd(*sys.argv[1:]) if sys.argv[1:] else main()

"""Half an hour of mixed load at two thirds of what the machine can do: errors, memory, and how long answers take.

`python -m benchmarks.soak [seconds] [workers]` runs one web process (or more) and the worker on SQLite, measures how
many requests a second eight visitors get when each asks again at once, then asks at two thirds of that rate.
"""

import contextlib
import http.client
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from urllib.parse import quote

from benchmarks import harness
from benchmarks.harness import Server, memory_mib

VISITORS, TRIAL_SECONDS, WINDOW_SECONDS, SHARE = 8, harness.number("TRIAL_SECONDS", 20), 300, 2 / 3
PATHS = ("/", "/therapies/", "/benefits/", "/programs/", "/es/", "/ask/")
WORDS = ("evening", "cost", "Medi-Cal", "family", "horario", "start")
TABS = ("needs-work", "open", "overdue")
MIX = {"page": 70, "search": 15, "send": 10, "staff list": 5}  # of a hundred
TOKEN = re.compile(rb'name="token" value="([^"]+)"')
SESSION = """
from tests.factories import pass_second_step, staff_user
from django.test import Client
client, user = Client(), staff_user(is_superuser=True)
client.force_login(user)
pass_second_step(client, user)
print(client.cookies.output(attrs=[], header=""))
"""


class Visitors:
    """Threads that ask for what the mix says, each at its own moment, and note how it went."""

    def __init__(self, url: str, cookie: str, forms: list[str]):
        self.url, self.cookie, self.forms = url, cookie, iter(forms)
        self.noted: list[tuple[float, str, float]] = []  # when, what, seconds
        self.errors: list[tuple[str, str]] = []

    def get(self, path: str, form: str | None = None, holds: bytes = b"", **headers) -> bytes:
        status, _headers, body = harness.fetch(self.url + path, form, **headers)
        if status != 200 or holds not in body:
            raise ValueError(f"{status}, or not what was asked for")
        return body

    def do(self, what: str):
        """Do one thing as a visitor or as staff would; raise OSError or ValueError when the answer is not right."""
        choice = random.choice
        if what == "page":
            self.get(choice(PATHS))
        elif what == "search":
            self.get("/search/?q=" + quote(choice(WORDS)))
        elif what == "send":
            token = TOKEN.search(self.get("/ask/me/"))[1].decode()
            words = next(self.forms).partition("&")[2]  # without the token of its own
            self.get("/ask/me/", f"token={quote(token)}&{words}", b"We got your request")
        else:
            self.get(f"/admin/inquiries/inquiry/?tab={choice(TABS)}", None, b"inquiry", Cookie=self.cookie)

    def ask(self, until: float, pause: float):
        """Ask until a moment, with one request every ``pause`` seconds on the average; 0 asks again at once."""
        due = time.monotonic() + random.random() * pause  # noqa: S311
        while time.monotonic() < until:
            time.sleep(max(0.0, due - time.monotonic()))
            [what] = random.choices([*MIX], [*MIX.values()])  # noqa: S311
            start = due if pause else time.monotonic()  # whoever had to wait for a slow answer counts that too
            try:
                self.do(what)
            except (OSError, http.client.HTTPException, ValueError, TypeError) as error:
                self.errors.append((what, f"{type(error).__name__} {str(error)[:60]}"))
            self.noted.append((time.monotonic(), what, time.monotonic() - start))
            due += pause

    def run(self, seconds: float, pause: float = 0):
        """Ask for so long, while what stands under the ``with`` runs."""
        self.noted = []
        return harness.threads(VISITORS, self.ask, time.monotonic() + seconds, pause)


def main(seconds: str = "1800", workers: str = "1"):
    harness.need("taskset")
    with (
        harness.prepared() as environment,
        Server("soak", harness.SITE, environment, workers=int(workers)) as server,
        contextlib.ExitStack() as stack,
    ):
        worker = harness.start([sys.executable, "manage.py", "deliver_outbox"], environment)
        stack.callback(harness.end, worker)
        bodies = harness.forms(environment, 200 + 20 * int(float(seconds)))  # more than so many seconds can send
        visitors = Visitors(server.url, harness.shell(environment, SESSION).split()[-1], bodies)
        with visitors.run(TRIAL_SECONDS):
            pass
        capacity = len(visitors.noted) / TRIAL_SECONDS
        if visitors.errors:
            sys.exit(f"Errors before it began: {visitors.errors[:3]}")
        print(f"{capacity:.0f} requests/s at once, {capacity * SHARE:.0f}/s from now on", flush=True)
        measure(visitors, server, worker, float(seconds), VISITORS / (capacity * SHARE))


def measure(visitors: Visitors, server: Server, worker: subprocess.Popen, seconds: float, pause: float):
    """Load for so many seconds and print one row for each window of five minutes."""
    begin, memory, windows = time.monotonic(), defaultdict(list), defaultdict(list)
    with visitors.run(seconds, pause) as asking:
        while not all(visitor.done() for visitor in asking):
            sizes = memory_mib(*server.pids()), memory_mib(worker.pid)
            memory[int((time.monotonic() - begin) // WINDOW_SECONDS)].append(sizes)
            time.sleep(5)
    for moment, what, taken in visitors.noted:
        windows[int((moment - begin) // WINDOW_SECONDS)].append((what, taken))
    rows = [row(number, noted, memory[number]) for number, noted in sorted(windows.items()) if memory[number]]
    head = ["minutes", "requests", *(f"{kind} p50 / p99 ms" for kind in MIX), "web process MiB", "worker MiB"]
    harness.table(f"{seconds / 60:.0f} minutes at two thirds of capacity: {len(visitors.errors)} errors", head, rows)
    print(*visitors.errors[:10], sep="\n")


def row(number: int, noted, held) -> list:
    times = [[taken * 1000 for what, taken in noted if what == kind] for kind in MIX]
    spans = [f"{harness.quantile(found, 50):.0f} / {harness.quantile(found, 99):.0f}" for found in times]
    web, worker = (max(sizes) for sizes in zip(*held, strict=True))
    return [f"{number * 5}–{number * 5 + 5}", len(noted), *spans, f"{web:.0f}", f"{worker:.0f}"]


if __name__ == "__main__":
    main(*sys.argv[1:])

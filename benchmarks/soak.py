"""Half an hour of mixed load at two thirds of what the machine can do: errors, memory, and how long answers take.

`python -m benchmarks.soak [seconds] [workers]` runs one web process (or more) and the worker on SQLite, measures how
many requests a second eight visitors get when each asks again at once, then asks at two thirds of that rate.
"""

import contextlib
import itertools
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks import desk_session, harness
from benchmarks.harness import Server
from benchmarks.send import form

VISITORS, TRIAL_SECONDS, WINDOW_SECONDS, SHARE = 8, 20, 300, 2 / 3
PATHS = ("/", "/therapies/", "/benefits/", "/programs/", "/es/", "/ask/")
WORDS = ("evening", "cost", "Medi-Cal", "family", "horario", "start")
MIX = {"page": 70, "search": 15, "send": 10, "staff list": 5}  # of a hundred
TOKEN = re.compile(rb'name="token" value="([^"]+)"')
CONFIRMED = b"We got your request"


class Visitors:
    """Threads that ask for what the mix says, each at its own moment, and note how it went."""

    def __init__(self, url: str, cookie: str):
        self.url, self.cookie = url, cookie
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.numbers = itertools.count(1)
        self.noted: list[tuple[float, str, float]] = []  # when, what, seconds
        self.errors: list[tuple[str, str]] = []

    def get(self, path: str, data: bytes | None = None, **headers) -> bytes:
        request = urllib.request.Request(self.url + path, data, {"Accept-Encoding": "identity", **headers})
        with self.opener.open(request, timeout=60) as answer:
            return answer.read()

    def do(self, what: str):
        """Do one thing as a visitor or as staff would; raise OSError or ValueError when the answer is not right."""
        chance = random.random
        if what == "page":
            self.get(PATHS[int(chance() * len(PATHS))])
        elif what == "search":
            self.get("/search/?q=" + quote(WORDS[int(chance() * len(WORDS))]))
        elif what == "send":
            token = TOKEN.search(self.get("/ask/me/"))[1].decode()
            body = form(token, f"soak-{next(self.numbers)}").encode()
            if CONFIRMED not in self.get("/ask/me/", body):
                raise ValueError("not confirmed")
        else:
            query = urlencode({"tab": ("needs-work", "open", "overdue")[int(chance() * 3)]})
            if b"inquiry" not in self.get(f"/admin/inquiries/inquiry/?{query}", Cookie=self.cookie):
                raise ValueError("not the list")

    def ask(self, until: float, pause: float):
        """Ask until a moment, with one request every ``pause`` seconds on the average; 0 asks again at once."""
        kinds, weights = list(MIX), list(MIX.values())
        due = time.monotonic() + random.random() * pause  # noqa: S311
        while time.monotonic() < until:
            time.sleep(max(0.0, due - time.monotonic()))
            [what] = random.choices(kinds, weights)  # noqa: S311
            start = due if pause else time.monotonic()  # whoever had to wait for a slow answer counts that too
            try:
                self.do(what)
            except (OSError, ValueError, TypeError) as error:
                self.errors.append((what, type(error).__name__ + " " + str(error)[:60]))
            self.noted.append((time.monotonic(), what, time.monotonic() - start))
            due += pause

    def run(self, seconds: float, pause: float = 0):
        self.noted = []
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self.ask, args=(until, pause)) for _ in range(VISITORS)]
        for thread in threads:
            thread.start()
        return threads


def main(seconds: str = "1800", workers: str = "1"):
    harness.need("taskset")
    with (
        harness.prepared() as environment,
        Server("soak", "iop_site.wsgi:application", environment, workers=int(workers)) as server,
        worker_process(environment) as worker,
    ):
        visitors = Visitors(server.url, desk_session.cookie(environment))
        for thread in visitors.run(TRIAL_SECONDS):
            thread.join()
        capacity = len(visitors.noted) / TRIAL_SECONDS
        if visitors.errors:
            sys.exit(f"Errors before it began: {visitors.errors[:3]}")
        pause = VISITORS / (capacity * SHARE)
        print(f"{capacity:.0f} requests/s at once, {capacity * SHARE:.0f}/s from now on", flush=True)
        measure(visitors, server, worker, float(seconds), pause)


def measure(visitors: Visitors, server: Server, worker, seconds: float, pause: float):
    """Load for so many seconds and print one row for each window of five minutes."""
    begin, memory = time.monotonic(), [(0.0, server.memory_mib(), resident(worker.pid))]
    threads = visitors.run(seconds, pause)
    while any(thread.is_alive() for thread in threads):
        time.sleep(5)
        memory.append((time.monotonic() - begin, server.memory_mib(), resident(worker.pid)))
        print(".", end="", flush=True, file=sys.stderr)
    windows = defaultdict(list)
    for moment, what, taken in visitors.noted:
        windows[int((moment - begin) // WINDOW_SECONDS)].append((what, taken))
    rows = []
    for number, noted in sorted(windows.items()):
        held = [sizes for at, *sizes in memory if number * WINDOW_SECONDS <= at < (number + 1) * WINDOW_SECONDS]
        if held:
            rows.append(row(number, noted, held))
    head = ["minutes", "requests", *(f"{kind} p50 / p99 ms" for kind in MIX), "web process MiB", "worker MiB"]
    harness.table(f"{seconds / 60:.0f} minutes at two thirds of capacity: {len(visitors.errors)} errors", head, rows)
    for what, error in visitors.errors[:10]:
        print(what, error)


def row(number: int, noted, held) -> list:
    times = [sorted(taken for what, taken in noted if what == kind) for kind in MIX]
    spans = [f"{at(found, 0.5):.0f} / {at(found, 0.99):.0f}" for found in times]
    web, worker = (max(sizes) for sizes in zip(*held, strict=True))
    return [f"{number * 5}–{number * 5 + 5}", len(noted), *spans, f"{web:.0f}", f"{worker:.0f}"]


def at(times: list[float], share: float) -> float:
    """Return a quantile of sorted seconds, in milliseconds."""
    return times[min(len(times) - 1, int(len(times) * share))] * 1000 if times else float("nan")


@contextlib.contextmanager
def worker_process(environment):
    """Run the worker that sends mail and seals events, beside the web process."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "deliver_outbox"], cwd=harness.ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def resident(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])

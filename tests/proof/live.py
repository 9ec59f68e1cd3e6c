"""A site that runs for real, so that it can be killed, and people who keep sending to it."""

import collections
import contextlib
import http.client
import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg2

from inquiries.crypto.tokens import SubmissionKey

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = re.compile(r'<b class="code">([A-Z]{2}\d\d-[A-Z]{2})</b>')
PATIENCE = 60  # seconds until a test gives up waiting for a server that should be back


class LiveSite:
    """One prepared site on a database of its own, SQLite or, where the tests run on PostgreSQL, a database there."""

    def __init__(self, postgres: str = "", start_empty: bool = False, **settings: str):
        server = postgres or os.environ.get("DATABASE_URL", "").rpartition("/")[0]
        self.folder = Path(tempfile.mkdtemp(prefix="iop-live-"))
        self.port = free_port()
        self.url = postgres_database(server) if server.startswith("postgres") else ""
        self.environment = os.environ | {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "PORT": str(self.port),
            "WEB_WORKERS": "2",
            "INQUIRY_LIMIT_PER_HOUR": "0",
            "DJANGO_SETTINGS_MODULE": "iop_site.settings",
            **settings,
        }
        self.log = self.folder / "server.log"
        self.server: subprocess.Popen | None = None
        self.limits: list[str] = []  # a program that starts the server under limits, with its arguments
        self.is_empty = start_empty
        if not start_empty:
            self.manage("prepare")

    def __enter__(self):
        if not self.is_empty:
            self.start()
        return self

    def __exit__(self, *error):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.url:
            drop_database(self.url)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True, timeout=300
        ).stdout

    def start(self):
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [*self.limits, sys.executable, "-m", "gunicorn", "iop_site.wsgi"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.wait()

    def wait(self):
        """Wait until the site answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self.request("GET", "/ask/me/")[0] == 200:
                    return
            time.sleep(0.1)
        said = self.log.read_text()[-2000:] if self.log.is_file() else "not kept"
        raise AssertionError(f"the site did not come back; its log ends: {said}")

    def kill(self):
        """End everything at once, as the kernel does when memory runs out."""
        if self.server and self.server.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def freeze(self):
        """Let nothing be answered from now on, as when the power goes, until it is killed."""
        os.killpg(self.server.pid, signal.SIGSTOP)

    def workers(self) -> list[int]:
        with contextlib.suppress(OSError):
            return [
                int(pid) for pid in Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
            ]
        return []

    def request(self, method: str, path: str, body: str = "", timeout: float = 60) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")

    def guide_pages(self) -> list[str]:
        """Return the paths of all public pages, as the site map names them."""
        _status, text = self.request("GET", "/sitemap.xml")
        return re.findall(r"<loc>https?://[^/<]+([^<]+)</loc>", text)

    def stored(self) -> list[dict]:
        """Return every inquiry that is stored, decrypted."""
        return [json.loads(line) for line in self.manage("export_inquiries").splitlines()]


def form(name: str, **answers: str) -> str:
    """Return the body of one plainly fictitious form with a key of its own."""
    words = {
        "token": SubmissionKey.new().token(),
        "step": "send",
        "name": name,
        "contact_way": "call",
        "phone": "(626) 555-0142",
        "preferred_language": "en",
        "question": f"A fictitious question by {name}",
        "agree": "on",
    }
    return urlencode(words | answers)


def is_unconfirmed(status: int, page: str, name: str) -> bool:
    """Whether a sender was told that nothing is certain, how to go on, and has every word before them."""
    return status == 503 and not REFERENCE.search(page) and all(
        words in page for words in ("Press Send again", f"A fictitious question by {name}", "988")
    )  # fmt: skip


def wait_for(happens):
    """Wait until what a test waits for has happened."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def shown_to(crowd: list["Person"]) -> dict[str, str]:
    """Return the reference that was shown for each name sent, so far."""
    return {name: reference for person in crowd for name, reference in list(person.shown.items())}


def wait_until_shown(crowd: list["Person"], count: int, more: int = 0):
    """Let people send until so many were shown a reference, and so many ``more`` from now on.

    A slow machine may take long, but not stand still.
    """
    count = max(count, len(shown_to(crowd)) + more)
    so_far, deadline = -1, 0.0
    while (now := len(shown_to(crowd))) < count:
        if now > so_far:
            so_far, deadline = now, time.monotonic() + PATIENCE
        assert time.monotonic() < deadline, f"nobody was shown a reference for {PATIENCE} s, after {now}"
        time.sleep(0.1)


def check_ledger(site: "LiveSite", crowd: list["Person"], least: int):
    """Hold what people were shown against what is stored: nothing lost, nothing twice, nobody without answer."""
    stored = site.stored()
    shown = shown_to(crowd)
    told = [words for person in crowd for words in person.told]
    repeats, longest = sum(person.repeats for person in crowd), max(person.longest for person in crowd)
    print(f"{len(shown)} shown a reference, {len(stored)} stored, {repeats} sent again, longest wait {longest:.1f} s")
    names = collections.Counter(row["name"] for row in stored)
    references = {row["name"]: row["reference"] for row in stored}
    assert not told
    assert not [name for name, count in names.items() if count > 1], "stored twice"
    assert {name: references.get(name) for name in shown} == shown, "shown, but not stored so"
    assert set(names) == set(shown), "every form that was sent ended with a reference"
    assert len(shown) >= least, "too few to prove anything"


@dataclass
class Person:
    """Somebody who sends one form after another, and presses Send again until a reference is shown."""

    site: LiveSite
    name: str
    stop: threading.Event
    shown: dict[str, str] = field(default_factory=dict)  # the reference shown, by the name sent
    told: list[str] = field(default_factory=list)  # what was wrong with an answer that was no reference
    repeats: int = 0
    longest: float = 0  # seconds from the first press of Send to the reference

    def run(self):
        number = 0
        while not self.stop.is_set():
            number += 1
            name = f"{self.name} {number}"
            self.send(name, form(name))

    def send(self, name: str, body: str):
        """Press Send until a reference is shown: while faults go on for ever, after the last for PATIENCE."""
        deadline, begun = math.inf, time.monotonic()
        while time.monotonic() < deadline:
            if self.stop.is_set():
                deadline = min(deadline, time.monotonic() + PATIENCE)
            try:
                status, page = self.site.request("POST", "/ask/me/", body)
            except (OSError, http.client.HTTPException):
                self.repeats += 1
                time.sleep(0.05)
                continue
            reference = REFERENCE.search(page)
            if status == 200 and reference:
                self.shown[name] = reference[1]
                self.longest = max(self.longest, time.monotonic() - begun)
                return
            if status != 503 or "Press Send again" not in page or "988" not in page:
                self.told.append(f"{status}: {page[:300]}")
                return
            self.repeats += 1
            time.sleep(0.1)
        self.told.append(f"{name} was never shown a reference")


@contextlib.contextmanager
def people(site: LiveSite, count: int = 6):
    """Let people send until the block ends; yield them."""
    stop = threading.Event()
    crowd = [Person(site, f"Person {place}", stop) for place in range(count)]
    threads = [threading.Thread(target=person.run) for person in crowd]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE * 2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))  # free on every address: nginx listens on all, and tests call from 127.0.0.2 and its like
        return probe.getsockname()[1]


def postgres_database(server: str) -> str:
    """Make an empty database on a server, and return its address."""
    url = f"{server}/iop_live_{os.getpid()}_{free_port()}"
    _administer(url, "CREATE DATABASE {}")
    return url


def drop_database(url: str):
    with contextlib.suppress(psycopg2.OperationalError):  # the test may have ended its server
        _administer(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _administer(url: str, statement: str):
    server, _, name = url.rpartition("/")
    connection = psycopg2.connect(f"{server}/postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement.format(name))

"""PostgreSQL restarted, stopped, frozen, full, or only reading: nothing is lost or claimed, and the guide stays up."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from tests.mail_server import mail_server
from tests.proof.live import (
    REFERENCE,
    ROOT,
    LiveSite,
    check_ledger,
    form,
    is_unconfirmed,
    people,
    wait_for,
    wait_until_shown,
)

RESTARTS = 30  # under load
IDLE_RESTARTS, POSTS_AFTER_EACH = 5, 10
HANGS = 30  # seconds; a request that takes longer than this hangs

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="these are the faults of PostgreSQL"
)


@pytest.fixture
def site(postgres):
    """A site of one worker, so that every page that was asked for once is in the memory of whoever is asked next."""
    with LiveSite(postgres=postgres.url, WEB_WORKERS="1") as site:
        yield site


def restart(postgres, mode: str):
    assert postgres.call("pg_ctl", "restart", "-w", "-m", mode, "--log", str(postgres.folder / "log"))


def send(site: LiveSite, body: str) -> tuple[int, str]:
    """Send one form, and print how long its sender waited."""
    started = time.monotonic()
    answer = site.request("POST", "/ask/me/", body, timeout=HANGS)
    print(f"{answer[0]} after {time.monotonic() - started:.2f} s")
    return answer


def check_guide_stands(site: LiveSite, pages: list[str]):
    for path in pages:
        status, page = site.request("GET", path, timeout=HANGS)
        assert status == 200 and "988" in page, path
    for path in ("/ask/", "/ask/me/", "/es/pedir-contacto/yo/"):
        status, page = site.request("GET", path, timeout=HANGS)
        assert status == 200 and "988" in page, path


def remembered_pages(site: LiveSite) -> list[str]:
    """Ask for every page of the guide once, and return their paths."""
    pages = site.guide_pages()
    assert len(pages) > 20
    assert {site.request("GET", path)[0] for path in pages} == {200}
    return pages


def check_unconfirmed_then_sent(site: LiveSite, name: str, ends):
    """A form sent during a fault is not confirmed; the same form sent after ``ends()`` is, once."""
    body = form(name)
    status, page = send(site, body)
    assert is_unconfirmed(status, page, name)
    ends()
    deadline = time.monotonic() + HANGS
    while not (done := REFERENCE.search(site.request("POST", "/ask/me/", body)[1])):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert [row["reference"] for row in site.stored() if row["name"] == name] == [done[1]]


def test_restarts_under_load_lose_nothing(postgres):
    with LiveSite(postgres=postgres.url) as site:
        with people(site) as crowd:
            for number in range(RESTARTS):
                time.sleep(0.7)
                restart(postgres, "immediate" if number % 2 else "fast")
            wait_until_shown(crowd, 200, more=3)
        print(f"\n{RESTARTS} restarts: ", end="")
        check_ledger(site, crowd, least=200)


def test_after_a_restart_that_nobody_noticed_every_form_is_taken(postgres, site):
    for restarts in range(IDLE_RESTARTS):
        restart(postgres, "fast")
        for number in range(POSTS_AFTER_EACH):
            status, page = site.request("POST", "/ask/me/", form(f"Person {restarts} {number}"))
            assert status == 200 and REFERENCE.search(page)


def test_while_it_is_stopped_the_guide_stands_and_no_form_is_confirmed(postgres, site):
    pages = remembered_pages(site)
    postgres.call("pg_ctl", "stop", "-w", "-m", "fast")
    try:
        check_guide_stands(site, pages)
    finally:
        start = ("pg_ctl", "start", "-w", "--log", str(postgres.folder / "log"), "-o", options_of(postgres))
        check_unconfirmed_then_sent(site, "Early Person", lambda: postgres.call(*start))


def options_of(postgres) -> str:
    """Return what the server was started with, as it noted itself."""
    return (postgres.folder / "data/postmaster.opts").read_text().split(" ", 1)[1].strip().replace('"', "")


def test_while_it_is_frozen_a_form_is_answered_and_the_guide_stands(postgres, site):
    pages = remembered_pages(site)
    assert site.request("POST", "/ask/me/", form("A Person Before"))[0] == 200
    postmaster = int((postgres.folder / "data/postmaster.pid").read_text().split()[0])
    with frozen([postmaster, *children_of(postmaster)]) as thaw:
        check_guide_stands(site, pages)
        check_unconfirmed_then_sent(site, "Patient Person", thaw)


@pytest.fixture
def narrow_site(postgres):
    """A site of one thread, so that the next form meets the connection of the one before."""
    with LiveSite(postgres=postgres.url, WEB_WORKERS="1", WEB_THREADS="1") as site:
        yield site


def test_a_form_whose_connection_froze_is_answered_and_stored_once(narrow_site):
    site = narrow_site
    assert site.request("POST", "/ask/me/", form("A Person Before"))[0] == 200
    ours = connections_of(site)
    assert ours
    body = form("Patient Person")
    with frozen(ours):
        status, page = send(site, body)
        assert is_unconfirmed(status, page, "Patient Person") or REFERENCE.search(page)
    reference = REFERENCE.search(send(site, body)[1])[1]
    assert [row["reference"] for row in site.stored() if row["name"] == "Patient Person"] == [reference]


def connections_of(site: LiveSite) -> list[int]:
    """Return the processes of PostgreSQL that serve the site and its worker."""
    with contextlib.closing(psycopg2.connect(site.url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


STAFF = """
from tests.factories import staff_user
staff_user("inquiries.view_inquiry")
"""


def test_a_worker_whose_connection_froze_for_good_goes_on_by_a_new_one(postgres):
    """As when the database host vanished after it took the question: nobody ends that connection."""
    with (
        mail_server() as server,
        LiveSite(postgres=postgres.url, EMAIL_URL=f"smtp://127.0.0.1:{server.port}?tls=off") as site,
    ):
        site.manage("shell", "--no-imports", "-c", STAFF)
        site.kill()
        with worker_of(site):
            wait_for(lambda: connections_of(site))
            with frozen(connections_of(site)):
                site.start()
                assert site.request("POST", "/ask/me/", form("A Person"))[0] == 200
                wait_for(lambda: server.messages)


@contextlib.contextmanager
def worker_of(site: LiveSite):
    command = [sys.executable, "manage.py", "deliver_outbox"]
    environment = site.environment | {"BACKUP_EVERY_HOURS": "0", "CANARY_EVERY_HOURS": "0"}
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.kill()
        worker.wait()


@contextlib.contextmanager
def frozen(processes: list[int]):
    """Freeze processes of our own server until the block ends, or what it yields is called."""

    def thaw():
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield thaw
    finally:
        thaw()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_while_it_has_no_connection_left_no_form_is_confirmed(postgres, site):
    pages = remembered_pages(site)
    taken = all_connections(site.url)
    terminate_others(taken)
    taken += all_connections(site.url)
    check_guide_stands(site, pages)

    def ends():
        for connection in taken:
            connection.close()

    check_unconfirmed_then_sent(site, "One Too Many", ends)


def all_connections(url: str) -> list:
    """Open connections until the server has none left."""
    taken = []
    with contextlib.suppress(psycopg2.OperationalError):
        while True:
            taken.append(psycopg2.connect(url))
    assert len(taken) < 1000
    return taken


def terminate_others(taken: list):
    """Take from the site what connections it has."""
    ours = [connection.get_backend_pid() for connection in taken]
    with taken[0].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND NOT pid = ANY(%s)",
            [ours],
        )
    taken[0].commit()


def test_while_it_only_reads_nothing_is_claimed(postgres, site):
    pages = remembered_pages(site)
    only_reads(site.url, "on")
    check_guide_stands(site, pages)
    check_unconfirmed_then_sent(site, "Reading Person", lambda: only_reads(site.url, "off"))


def only_reads(url: str, state: str):
    """As a replica after a failover: every new connection is refused its writes, and the old ones are ended."""
    connection = psycopg2.connect(url, options="-c default_transaction_read_only=off")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = {state}")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid != pg_backend_pid()"
        )

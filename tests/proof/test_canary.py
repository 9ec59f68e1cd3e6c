"""A word typed into every field is found nowhere but in the encrypted columns, whatever went wrong meanwhile."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from tests.proof.live import ROOT, LiveSite, form

CANARY = "Zyxqvkanari"
FORMS = {
    "/ask/me/": {},
    "/ask/loved-one/": {"relationship": "parent", "person_knows": "no"},
    "/ask/refer/": {
        "organization": f"{CANARY} Clinic",
        "role": f"{CANARY} role",
        "client_reference": f"{CANARY} 7",
        "client_knows": "on",
    },
    "/es/pedir-contacto/pregunta/": {},
}


def typed(path: str, number: int) -> str:
    """Return a form whose every text is the canary."""
    contact = {"contact_way": "email"} if number % 2 else {}
    return form(
        f"{CANARY} {number}",
        email=f"{CANARY.lower()}{number}@example.com",
        phone=f"(626) 555-01{number:02}",
        question=f"{CANARY} asks https://{CANARY}.example {number}",
        **FORMS[path] | contact,
    )


def quiet_roles(url: str):
    """What docs/operations.md tells an operator to set, so that a failed statement is not printed with its values."""
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("ALTER ROLE postgres SET log_min_error_statement = 'panic'")
        cursor.execute("ALTER ROLE postgres SET log_error_verbosity = 'terse'")
        cursor.execute("ALTER ROLE postgres SET log_parameter_max_length_on_error = 0")
    connection.close()


def provoke(site: LiveSite, number: int):
    """Make the server fail in the middle of its work, in several ways."""
    bodies = {path: typed(path, number + place) for place, path in enumerate(FORMS)}
    for path, body in bodies.items():
        assert site.request("POST", path, body)[0] == 200
        assert site.request("POST", path, body)[0] == 200  # again: a unique key refuses it
    for worker in site.workers():
        os.kill(worker, signal.SIGKILL)
    site.wait()
    broken = f"name={CANARY}&token=x%00{CANARY}"
    for method, path in (("POST", "/ask/me/"), ("POST", "/nothing-here/"), ("PUT", "/ask/me/")):
        site.request(method, path, broken)
    site.request("GET", f"/search/?q={CANARY}")


def files_with_canary(folder: Path) -> list[str]:
    words = CANARY.lower().encode()
    return [str(path) for path in folder.rglob("*") if path.is_file() and words in path.read_bytes().lower()]


def test_the_canary_stays_in_its_cells(postgres):
    settings = {"EMAIL_URL": "smtp://127.0.0.1:9?tls=off"}  # nobody listens there
    with LiveSite(postgres=postgres.url if postgres else "", **settings) as site:
        if postgres:
            quiet_roles(site.url)
            site.kill()
            site.start()
        for number in range(0, 40, 4):
            provoke(site, number)
        subprocess.run(  # the worker, against a mail server that refuses
            ["timeout", "5", os.sys.executable, "manage.py", "deliver_outbox"],
            cwd=ROOT, env=site.environment, capture_output=True,
        )  # fmt: skip
        if postgres:
            with database_locked(site.url):
                status, page = site.request("POST", "/ask/me/", typed("/ask/me/", 77))
                assert status == 503 and "Press Send again" in page
        time.sleep(1)
        assert CANARY in site.manage("export_inquiries")  # it is stored
        found = files_with_canary(site.folder)
        if postgres:
            postgres.call("pg_ctl", "stop", "-m", "immediate")  # what is on disk, as a thief would find it
            found += files_with_canary(postgres.folder)
            log = (postgres.folder / "log").read_text()
            assert "ERROR" in log, "nothing failed in the database, so its log proves nothing"
    assert found == []


class database_locked:
    """Another session holds the table of inquiries, so that writing to it runs into its time-out."""

    def __init__(self, url: str):
        self.connection = psycopg2.connect(url)

    def __enter__(self):
        self.connection.cursor().execute("LOCK TABLE inquiries_inquiry IN EXCLUSIVE MODE")

    def __exit__(self, *error):
        self.connection.close()

"""The disk under SQLite full, read-only, or without power: nothing shown is lost, nothing lost is shown."""

import os
import sqlite3
import subprocess
import time

import pytest

from tests.proof.disks import Disk, may_mount
from tests.proof.live import REFERENCE, LiveSite, check_ledger, form, is_unconfirmed, people, wait_until_shown

CUTS = 50
SECONDS_OF_LOAD = float(os.environ.get("SECONDS_OF_LOAD", "2"))  # before each cut; 6 and more for 3000 references
FORMS_WHILE_BROKEN = 40

pytestmark = [
    pytest.mark.skipif(os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="these are faults of SQLite"),
    pytest.mark.skipif(not may_mount(), reason="needs root, and a machine that lets it mount a disk"),
]


def test_what_was_shown_outlives_every_power_cut():
    with Disk(256, is_ext4=True) as disk, LiveSite(DATABASE_URL=disk.database_url) as site:
        with people(site) as crowd:
            for _ in range(CUTS):
                time.sleep(SECONDS_OF_LOAD)
                site.freeze()  # without power nobody is answered, though a stopped disk may still call a write done
                disk.cut_power()
                site.kill()
                disk.mount_again()
                site.start()
            wait_until_shown(crowd, CUTS * 4, more=3)
        database = sqlite3.connect(disk.mount_point / "db.sqlite3")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.close()
        print(f"\n{CUTS} power cuts: ", end="")
        check_ledger(site, crowd, least=CUTS * 4)
        site.kill()


def fill(disk: Disk):
    filler = disk.fill()
    return filler.unlink


def forbid_writing(disk: Disk):
    disk.may_be_written(False)
    return lambda: disk.may_be_written(True)


@pytest.mark.parametrize("breaks", [fill, forbid_writing])
def test_while_nothing_can_be_written_nothing_is_claimed_and_then_all_goes_on(breaks):
    with Disk(24) as disk, LiveSite(DATABASE_URL=disk.database_url, WEB_WORKERS="1") as site:
        shown = {}
        for number in range(20):
            name = f"Early Person {number}"
            shown[name] = REFERENCE.search(site.request("POST", "/ask/me/", form(name))[1])[1]
        pages = site.guide_pages()
        assert {site.request("GET", path)[0] for path in pages} == {200}
        mend = breaks(disk)
        waiting = {}
        for number in range(FORMS_WHILE_BROKEN):
            name = f"Waiting Person {number}"
            waiting[name] = form(name)
            status, page = site.request("POST", "/ask/me/", waiting[name])
            found = REFERENCE.search(page)  # while the last free page lasts, a form may still fit
            assert (status == 200 and found) or is_unconfirmed(status, page, name)
            if found:
                shown[name] = found[1]
        assert len(shown) < 20 + FORMS_WHILE_BROKEN
        for path in (*pages, "/ask/", "/ask/me/", "/es/pedir-contacto/yo/"):
            assert site.request("GET", path)[0] == 200, path
        mend()
        for name, body in waiting.items():
            status, page = site.request("POST", "/ask/me/", body)
            assert status == 200
            assert shown.setdefault(name, REFERENCE.search(page)[1]) == REFERENCE.search(page)[1]
        stored = site.stored()
        assert {row["name"]: row["reference"] for row in stored} == shown and len(stored) == len(shown)
        site.kill()


def test_a_start_without_power_in_between_is_not_refused():
    """The log that a killed server left behind is no damage."""
    with LiveSite() as site:
        assert site.request("POST", "/ask/me/", form("A Person"))[0] == 200
        site.kill()
        site.manage("prepare")


@pytest.mark.parametrize("command", [("manage.py", "prepare"), ("-m", "gunicorn", "iop_site.wsgi")])
def test_a_damaged_file_is_not_started_on_and_the_way_to_restore_is_told(command):
    with LiveSite() as site:
        site.manage("backup")
        site.kill()
        damage(site)
        said = subprocess.run(
            [os.sys.executable, *command], cwd=os.getcwd(), env=site.environment, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        assert said.returncode and "Traceback" not in said.stderr
        assert "is damaged" in said.stderr and "manage.py restore /" in said.stderr
        restore_as_told(site)
        site.start()
        assert site.request("POST", "/ask/me/", form("A Person"))[0] == 200


def damage(site: LiveSite):
    """Write noise over pages in the middle of the file."""
    file = site.folder / "db.sqlite3"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with file.open("r+b") as pages:
        for page in range(40, 60):
            pages.seek(page * 4096)
            pages.write(os.urandom(4096))


def restore_as_told(site: LiveSite):
    [backup] = (site.folder / "backups").glob("iop-*.backup")
    for file in site.folder.glob("db.sqlite3*"):
        file.rename(file.with_name(f"damaged-{file.name}"))
    site.manage("restore", str(backup))
    site.manage("prepare")

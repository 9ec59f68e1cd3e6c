"""Backup and restore killed in their middle: until the next start a copy in clear lies there, and then none."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof.live import ROOT, LiveSite, wait_for

CLEAR = (b"SQLite format 3\0", b"PGDMP")  # what a copy of either database begins with
STOP = "def stop(*arguments): print('in the middle', flush=True); time.sleep(600)"
BACKUP = (
    f"import time\nfrom iop_site.ops import backup_format, backups\n{STOP}\nbackup_format.write = stop\nbackups.make()"
)
RESTORE = (
    "import sys, time\nfrom pathlib import Path\nfrom iop_site.ops import backups\n"
    f"{STOP}\nbackups._restore_sqlite = backups._run = stop\n"
    "backups.restore(max(backups.settings.BACKUP_DIR.glob('iop-*.backup')))"
)


def copies(site: LiveSite) -> list[Path]:
    """Return the files that begin like a copy in clear, but for the database itself."""
    found = []
    for folder, _folders, names in os.walk(site.folder):  # unlike rglob, it bears that a folder goes meanwhile
        for path in (Path(folder, name) for name in names if name != "db.sqlite3"):
            with contextlib.suppress(OSError):
                if path.read_bytes().startswith(CLEAR):
                    found.append(path)
    return found


def in_the_middle(site: LiveSite, text: str) -> subprocess.Popen:
    """Return the process of a script that stands still where it holds a copy."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", text],
        cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "in the middle\n"
    assert len(copies(site)) == 1
    return process


def kill(process: subprocess.Popen):
    process.send_signal(signal.SIGKILL)
    process.wait()


def start_worker(site: LiveSite):
    worker = subprocess.Popen([sys.executable, "manage.py", "deliver_outbox"], cwd=ROOT, env=site.environment)
    try:
        wait_for(lambda: not copies(site))
    finally:
        kill(worker)


STARTS = {
    "worker": start_worker,
    "backup": lambda site: site.manage("backup"),
    "prepare": lambda site: site.manage("prepare"),
}


@pytest.mark.parametrize("start", STARTS)
def test_after_a_backup_that_was_killed_the_next_start_leaves_no_copy(start):
    with LiveSite(BACKUP_EVERY_HOURS="0") as site:
        process = in_the_middle(site, BACKUP)
        site.manage("prepare")
        assert len(copies(site)) == 1, "taken from a process that runs"
        kill(process)
        assert len(copies(site)) == 1
        STARTS[start](site)
        assert copies(site) == []


def test_after_a_restore_that_was_killed_no_copy_is_left_and_nothing_starts_half_restored():
    with LiveSite() as site, LiveSite(start_empty=True) as new:
        site.manage("backup")
        new.environment["BACKUP_DIR"] = str(site.folder / "backups")
        kill(in_the_middle(new, RESTORE))
        assert len(copies(new)) == 1
        for command in ("deliver_outbox", "backup", "prepare"):
            with pytest.raises(subprocess.CalledProcessError) as refused:
                new.manage(command)
            assert "did not end" in refused.value.stderr and "Traceback" not in refused.value.stderr
        assert copies(new) == []
        newest = max((site.folder / "backups").glob("iop-*.backup"))
        assert "every table checked" in new.manage("restore", str(newest))
        new.manage("prepare")
        assert copies(new) == []

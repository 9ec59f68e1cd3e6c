"""A copy of the database in clear goes with its process; if that was killed, at the next start."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string

from iop_site import settings as real_settings
from iop_site.ops import backups, plaintext_copies

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys, time
from pathlib import Path
from django.conf import settings
settings.configure(DATA_DIR=Path(sys.argv[1]))
from iop_site.ops import plaintext_copies
with plaintext_copies.folder() as folder:
    (folder / "copy").write_text("Rosa")
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    return tmp_path


@pytest.fixture
def holder(folder):
    """Another process with a copy in hand."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def copies(folder):
    return [path.read_text() for path in folder.glob("*/copy")]


def test_a_copy_goes_with_the_work_that_needed_it_also_when_that_fails(folder):
    with pytest.raises(ValueError), plaintext_copies.folder() as path:
        (path / "copy").write_text("Rosa")
        assert path.stat().st_mode & 0o777 == 0o700
        raise ValueError
    assert not list(folder.glob("clear-copy-*"))


def test_a_copy_that_a_running_process_holds_is_left_to_it(folder, holder):
    plaintext_copies.remove_left()
    assert copies(folder) == ["Rosa"]


def test_a_copy_of_a_process_that_was_killed_goes(folder, holder):
    holder.kill()
    holder.wait()
    assert copies(folder) == ["Rosa"]
    plaintext_copies.remove_left()
    assert copies(folder) == []


def test_one_that_cannot_be_deleted_stops_nothing(folder, monkeypatch, caplog):
    (folder / "clear-copy-left").mkdir()
    monkeypatch.setattr(plaintext_copies.shutil, "rmtree", lambda path: (_ for _ in ()).throw(PermissionError))
    plaintext_copies.remove_left()
    assert "clear-copy-left" in caplog.text and "PermissionError" in caplog.text


def test_one_of_a_release_without_locks_goes_once_nobody_can_be_at_it(folder):
    left = folder / "tmp1a2b3c4d" / "copy"
    left.parent.mkdir()
    left.write_text("Rosa")
    plaintext_copies.remove_left()
    assert copies(folder) == ["Rosa"]
    long_ago = time.time() - plaintext_copies.UNLOCKED_LASTS - 60
    os.utime(left, (long_ago, long_ago))
    plaintext_copies.remove_left()
    assert not left.parent.exists()


def test_one_that_its_process_deletes_just_now_stops_no_start(folder, monkeypatch):
    (folder / "tmp1a2b3c4d").mkdir()
    (folder / "tmp1a2b3c4d" / "copy").touch()

    def gone(path, pattern):
        (folder / "tmp1a2b3c4d" / "copy").unlink()
        yield folder / "tmp1a2b3c4d" / "copy"

    monkeypatch.setattr(Path, "glob", lambda path, pattern: gone(path, pattern) if "tmp" in pattern else iter(()))
    plaintext_copies.remove_left()


def start_worker():
    for name in real_settings.WORKER_START:
        import_string(name)()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "start",
    [
        start_worker,
        lambda: call_command("prepare"),
        lambda: plaintext_copies.folder().__enter__(),
        lambda: backups.run_due(backups.datetime.now(backups.UTC)),
    ],
    ids=["worker", "prepare", "backup or restore", "worker, every minute"],
)
def test_every_start_deletes_what_was_left(folder, start, settings, monkeypatch, capsys):
    monkeypatch.setattr("iop_site.management.commands.prepare.Command.collect_static_files", lambda self: None)
    settings.BACKUP_EVERY_HOURS = 0
    (folder / "clear-copy-left").mkdir()
    (folder / "clear-copy-left" / "copy").write_text("Rosa")
    start()
    assert copies(folder) == []


def test_nothing_else_writes_a_temporary_file():
    sources = [path for app in ("iop_site", "inquiries", "programs") for path in (ROOT / app).rglob("*.py")]
    assert len(sources) > 100
    named = {path.name for path in sources if "tempfile" in path.read_text("utf-8")}
    assert named == {"plaintext_copies.py"}

"""Backups come by themselves, are whole, go when they are old, and remember what was erased."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from inquiries.models import Event, Inquiry
from iop_site.ops import backups
from iop_site.ops.backup_format import BackupError
from tests.factories import stored_inquiry

NAME = "Rosa Peña"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    if connection.vendor == "postgresql" and not backups.find_tool("pg_dump"):
        pytest.skip("pg_dump is not installed: apt-get install postgresql-client")
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    settings.BACKUP_EVERY_HOURS, settings.BACKUP_KEEP_DAYS = 24, 30
    return settings.BACKUP_DIR


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


# A copy is read by a connection of its own, and so sees only what was committed.
committed = pytest.mark.django_db(transaction=True)


def pretend(folder, *times):
    """Put files there that are named like backups of those times."""
    folder.mkdir(exist_ok=True)
    for at in times:
        (folder / f"iop-{at.astimezone(backups.UTC):%Y%m%dT%H%M%SZ}.backup").touch()


@committed
def test_a_backup_is_whole_counted_and_says_nothing_in_clear(folder, now):
    stored_inquiry()
    path = backups.make(now)
    assert backups.verify(path)["tables"]["inquiries_inquiry"][1] == 1
    assert backups.made_at(path) == now
    assert NAME.encode() not in path.read_bytes()
    assert Event.objects.filter(verb=Event.Verb.BACKED_UP).count() == 1
    assert not list(folder.parent.glob("tmp*")), "a copy in clear was left"


@committed
def test_it_comes_by_itself_and_not_again_before_its_time(folder, now):
    backups.run_due(now)
    backups.run_due(now + timedelta(hours=23))
    assert len(backups.all_backups()) == 1
    backups.run_due(now + timedelta(hours=24))
    assert len(backups.all_backups()) == 2


@committed
def test_a_backup_of_the_future_does_not_keep_others_from_being_made(folder, now):
    pretend(folder, now + timedelta(days=900))
    backups.run_due(now)
    assert len(backups.all_backups()) == 2


@committed
def test_nor_does_it_have_another_made_every_minute(folder, now):
    pretend(folder, now + timedelta(days=900))
    for minutes in range(3):
        backups.run_due(now + timedelta(minutes=minutes))
    assert len(backups.all_backups()) == 2


def test_nor_does_it_pass_for_the_newest_which_stays(folder, now):
    pretend(folder, now - timedelta(days=40), now - timedelta(days=31), now + timedelta(days=900))
    assert backups.discard_old(now) == 1
    assert [backups.made_at(path) - now for path in backups.all_backups()] == [timedelta(days=-31), timedelta(days=900)]


@committed
@pytest.mark.parametrize("name", ["iop-20261301T000000Z.backup", "iop-00000000T000000Z.backup"])
def test_a_file_named_by_a_time_that_never_was_stops_no_backup(folder, now, name):
    folder.mkdir()
    (folder / name).touch()
    backups.run_due(now)
    assert [backups.made_at(path) for path in backups.all_backups()] == [now]


@committed
def test_none_is_made_when_it_is_switched_off(folder, now, settings):
    settings.BACKUP_EVERY_HOURS = 0
    backups.run_due(now)
    assert backups.all_backups() == []


def test_old_ones_go_but_never_the_newest(folder, now):
    pretend(folder, now - timedelta(days=40), now - timedelta(days=31), now - timedelta(days=29))
    (folder / "iop-of-somebody.backup").touch()
    assert backups.discard_old(now) == 2
    assert [backups.made_at(path) for path in backups.all_backups()] == [now - timedelta(days=29)]
    assert backups.discard_old(now + timedelta(days=400)) == 0
    assert (folder / "iop-of-somebody.backup").exists()


@committed
def test_what_was_erased_is_noted_once_beside_the_backups_and_erased_again(folder, now):
    gone, stays = stored_inquiry(), stored_inquiry(name="Ana Fictitious")
    backups.run_due(now)
    gone.erase()
    backups.run_due(now)
    backups.run_due(now)
    noted = (folder / backups.ERASED).read_text().split()
    assert noted == [str(gone.uid)]
    # As a restore would find it: there again.
    gone.name, gone.erased_at = NAME, None
    gone.save()
    assert backups.erase_again(folder) == 1
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert gone.name == "" and stays.name == "Ana Fictitious"


@committed
def test_what_a_sender_takes_back_is_noted_at_once_even_if_no_worker_runs(folder, now):
    gone = stored_inquiry()
    gone.withdraw()
    assert (folder / backups.ERASED).read_text().split() == [str(gone.uid)]
    assert (folder / backups.ERASED).stat().st_mode & 0o077 == 0
    Inquiry.objects.filter(pk=gone.pk).update(erased_at=None)
    assert backups.erase_again(folder) == 1


@committed
def test_a_note_that_cannot_be_written_keeps_nobody_from_taking_back_and_the_worker_catches_up(
    folder, settings, caplog, tmp_path
):
    (tmp_path / "file").touch()
    settings.BACKUP_DIR = tmp_path / "file" / "backups"
    gone = stored_inquiry()
    assert gone.withdraw()
    assert "an erasure was not noted beside the backups: NotADirectoryError" in caplog.text
    settings.BACKUP_DIR = folder
    backups.note_erased()
    assert (folder / backups.ERASED).read_text().split() == [str(gone.uid)]


@committed
def test_half_a_line_spoils_no_other_and_lists_of_other_machines_are_read_too(folder):
    here, there = stored_inquiry(), stored_inquiry(name="Ana Fictitious")
    folder.mkdir()
    (folder / backups.ERASED).write_bytes(b"\xff\xfe\n" + b"-" * 36 + b"\n" + str(there.uid)[:20].encode())
    here.withdraw()
    (folder / "erased-web2.txt").write_text(f"{there.uid}\n")
    Inquiry.objects.filter(pk=here.pk).update(erased_at=None)
    assert backups.erase_again(folder) == 2


@committed
def test_a_restore_refuses_a_database_that_is_not_empty(folder, now):
    path = backups.make(now)
    with pytest.raises(BackupError, match="not empty"):
        backups.restore(path)


@committed
def test_the_command_makes_one_reads_it_back_and_another_says_that_it_is_whole(folder, capsys):
    call_command("backup")
    call_command("verify_backup")
    assert "is whole" in capsys.readouterr().out
    path = backups.all_backups()[0]
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(CommandError):
        call_command("verify_backup")
    for command in ("verify_backup", "restore"):
        with pytest.raises(CommandError):
            call_command(command, folder)


def test_tools_of_the_database_are_found_off_the_path(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(backups, "SERVERS", tmp_path)
    assert backups.find_tool("pg_dump") is None
    for version in ("9", "15", "14"):
        Path(tmp_path, version, "bin").mkdir(parents=True)
        Path(tmp_path, version, "bin", "pg_dump").touch()
    assert backups.find_tool("pg_dump") == str(tmp_path / "15/bin/pg_dump")


def test_a_missing_tool_is_told_with_the_name_of_its_package(monkeypatch):
    monkeypatch.setattr(backups, "find_tool", lambda tool: None)
    with pytest.raises(BackupError, match="apt-get install postgresql-client"):
        backups._run("pg_dump")

"""The threads and processes of one machine write one after the other on SQLite, and none waits for ever."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from inquiries.db import sqlite
from inquiries.intake import rate_limits
from inquiries.models import Inquiry, NetworkCount
from tests.factories import stored_inquiry

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets several write at once")
OTHER = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)
print("its turn", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process():
    """A process that has its turn until it is killed."""
    folder = str(Path(connection.settings_dict["NAME"]).parent)
    command = [sys.executable, "-c", OTHER, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "its turn\n"
        yield process
        process.kill()


@on_sqlite
def test_a_second_writer_waits_until_the_first_is_done():
    done = []

    def write():
        with sqlite.write_lock():
            done.append("second")

    with sqlite.write_lock():
        second = threading.Thread(target=write)
        second.start()
        second.join(0.2)
        done.append("first")
    second.join(10)
    assert done == ["first", "second"]


def test_whoever_waited_long_enough_goes_on(monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    done = []

    def write():
        with sqlite.write_lock():
            done.append("second")

    with sqlite.write_lock():
        second = threading.Thread(target=write)
        second.start()
        second.join(10)
    assert done == ["second"]


@on_sqlite
def test_another_process_is_waited_for_until_it_is_done_or_dead():
    done = []

    def write():
        with sqlite.write_lock():
            done.append("ours")

    with other_process() as other:
        ours = threading.Thread(target=write)
        ours.start()
        ours.join(0.3)
        assert done == []
        other.kill()
        ours.join(10)
        assert done == ["ours"]


@on_sqlite
def test_whoever_waited_long_enough_for_another_process_goes_on(monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    done = []
    with other_process() as other, sqlite.write_lock():
        done.append(other.poll())
    assert done == [None]  # it held its turn all the while


@on_sqlite
def test_a_folder_that_cannot_be_locked_keeps_nobody_from_writing(monkeypatch):
    def refuse(*_):
        raise OSError("no locks here")

    monkeypatch.setattr(sqlite.fcntl, "flock", refuse)
    with sqlite.write_lock():
        pass


def test_an_error_lets_the_next_one_in():
    with pytest.raises(ValueError, match="broken"), sqlite.write_lock():
        raise ValueError("broken")
    assert sqlite._line.acquire(timeout=1)
    sqlite._line.release()


@on_sqlite
@pytest.mark.django_db
def test_a_form_is_counted_and_stored_in_a_turn_each(rf, settings, monkeypatch):
    settings.INQUIRY_LIMIT_PER_HOUR = 20
    has_turn = []
    count, save = type(NetworkCount.objects).add, Inquiry.save

    def counted(*args, **options):
        has_turn.append(sqlite._line.locked())
        return count(*args, **options)

    def saved(*args, **options):
        has_turn.append(sqlite._line.locked())
        return save(*args, **options)

    monkeypatch.setattr(type(NetworkCount.objects), "add", counted)
    monkeypatch.setattr(Inquiry, "save", saved)
    assert rate_limits.record_form(rf.post("/ask/me/")) == 1
    stored_inquiry()
    assert has_turn == [True, True] and not sqlite._line.locked()

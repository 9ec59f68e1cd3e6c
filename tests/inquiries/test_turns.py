"""The threads of one process write one after the other on SQLite, and none waits for ever."""

import threading

import pytest
from django.db import connection

from inquiries import turns


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets several write at once")
def test_a_second_writer_waits_until_the_first_is_done():
    done = []

    def write():
        with turns.turn():
            done.append("second")

    with turns.turn():
        second = threading.Thread(target=write)
        second.start()
        second.join(0.2)
        done.append("first")
    second.join(10)
    assert done == ["first", "second"]


def test_whoever_waited_long_enough_goes_on(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    done = []

    def write():
        with turns.turn():
            done.append("second")

    with turns.turn():
        second = threading.Thread(target=write)
        second.start()
        second.join(10)
    assert done == ["second"]


def test_an_error_lets_the_next_one_in():
    with pytest.raises(ValueError, match="broken"), turns.turn():
        raise ValueError("broken")
    assert turns._line.acquire(timeout=1)
    turns._line.release()

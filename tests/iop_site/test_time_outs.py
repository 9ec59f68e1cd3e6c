"""What takes its time is not cut off by the time-outs that keep visitors from waiting."""

import contextlib

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from psycopg2 import extensions

from iop_site import postgres_wait
from iop_site.ops import backups

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cuts nothing off"),
    pytest.mark.django_db,
]


def time_outs() -> list[str]:
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout")
    with connection.cursor() as cursor:
        return [cursor.execute(f"SHOW {name}") or cursor.fetchone()[0] for name in names]


@pytest.fixture
def _as_in_a_request():
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout; RESET idle_in_transaction_session_timeout")
    assert time_outs() == ["8s", "15s", "3s"]


@pytest.mark.usefixtures("_as_in_a_request")
def test_a_migration_may_take_as_long_as_it_needs_but_waits_no_longer_for_a_lock():
    seen = []

    def look(**_signal):
        seen.append(time_outs())

    post_migrate.connect(look)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        post_migrate.disconnect(look)
    assert seen
    assert all(found == ["0", "0", "3s"] for found in seen)


@pytest.fixture
def server(monkeypatch):
    """A connection with a patience of a fifth of a second, as a worker has one of eight."""
    connection.ensure_connection()
    monkeypatch.setattr(postgres_wait, "ANSWER_LIMIT", 0.2)
    with contextlib.closing(psycopg2.connect(**connection.get_connection_params())) as server:
        extensions.set_wait_callback(postgres_wait.wait)
        yield server
        extensions.set_wait_callback(None)


def test_a_copy_may_take_longer_than_an_answer(server):
    with postgres_wait.at_most(backups.TOOL_LIMIT), server.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")
    with pytest.raises(psycopg2.OperationalError, match="did not answer in time"), server.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")

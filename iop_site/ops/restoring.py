"""A restore that has not ended: a file says so to this machine, and on PostgreSQL an empty schema to all."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, OperationalError, connection
from django.db.backends.signals import connection_created

# All that may run meanwhile; the last tidies up, and then refuses by itself.
COMMANDS = ("restore", "verify_backup", "prepare")
SCHEMA = "iop_restoring"


class NotRestored(OperationalError):
    """The database is as good as away: a restore into it was begun and did not end."""


def unfinished_file() -> Path:
    return settings.DATA_DIR / "restore.unfinished"


@contextlib.contextmanager
def own_connections() -> Iterator[None]:
    connection_created.disconnect(refuse_connection)
    try:
        yield
    finally:
        connection_created.connect(refuse_connection)


def mark():
    """Say, in the database and then on this machine, that a restore has begun; raise django.db.Error if refused."""
    _run_on_postgres(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    unfinished_file().touch()


def unmark():
    _run_on_postgres(f"DROP SCHEMA IF EXISTS {SCHEMA}")
    unfinished_file().unlink(missing_ok=True)


def refuse_start():
    connection_created.connect(refuse_connection)
    if not is_command(sys.argv) and unfinished_file().exists():
        _refuse(unfinished_file())


def is_command(argv: list[str]) -> bool:
    """Whether Django's command line was started for one of COMMANDS; its word comes first, before any option."""
    program = Path(argv[0])
    is_django = program.name in ("manage.py", "django-admin") or program.parts[-2:] == ("django", "__main__.py")
    return is_django and bool(set(argv[1:2]) & set(COMMANDS))


def refuse_unfinished():
    if unfinished_file().exists():
        _refuse(unfinished_file())
    if is_marked_in_database():
        _refuse(f"the schema {SCHEMA} in the database")


def refuse_connection(connection, **_signal):
    if connection.vendor != "postgresql":
        return
    try:
        is_marked = _has_schema(connection)
    except Error:
        connection.close()  # or it would be used without having been asked
        raise
    if is_marked:
        connection.close()
        raise NotRestored("a restore was begun and did not end")


def is_marked_in_database() -> bool:
    """Whether the database says so; one that is away says nothing."""
    try:
        return connection.vendor == "postgresql" and _has_schema(connection)
    except NotRestored:
        return True
    except Error:
        return False


def _has_schema(connection) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [SCHEMA])
        return cursor.fetchone()[0]


def _run_on_postgres(statement: str):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _refuse(sign):
    raise ImproperlyConfigured(
        f"a restore was begun and did not end: empty the database and restore again; {sign} says so, and goes then."
    )

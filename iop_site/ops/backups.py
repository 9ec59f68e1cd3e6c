"""A backup is one moment of the database; its inventory is counted in that moment, and compared after a restore."""

import contextlib
import logging
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from inquiries.models import Event, Inquiry, noted_seal
from iop_site import postgres_wait
from iop_site.databases import WITHOUT_TIME_OUTS, lift_time_outs
from iop_site.ops import backup_format, plaintext_copies, restoring
from iop_site.ops.backup_format import BackupError
from iop_site.staff import restored_access

logger = logging.getLogger(__name__)

NAME = re.compile(r"iop-\d{8}T\d{6}Z\.backup")
ERASED = "erased.txt"  # beside the backups, never inside one; those of other machines are called erased-….txt
UID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.MULTILINE)
SERVERS = Path("/usr/lib/postgresql")
TOOL_LIMIT = 3600  # seconds that pg_dump and pg_restore may take


def make(now: datetime | None = None) -> Path:
    """Make a backup, note it in the audit trail, and return its file; raise BackupError or ImproperlyConfigured."""
    restoring.refuse_unfinished()
    now = (now or datetime.now(UTC)).astimezone(UTC)
    folder = settings.BACKUP_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"iop-{now:%Y%m%dT%H%M%SZ}.backup"
    if path.exists():
        raise BackupError(f"{path.name} is there already.")
    with _copy() as (inventory, copy):
        about = {"engine": connection.vendor, "made_at": now.isoformat(), "tables": inventory}
        backup_format.write(path, settings.FIELD_KEYS, about, _read_in_pieces(copy))
    Event.objects.create(verb=Event.Verb.BACKED_UP)
    return path


def verify(path: Path) -> dict:
    about, pieces = backup_format.read(path, settings.FIELD_KEYS)
    for _piece in pieces:
        pass
    return about


@restoring.own_connections()
def restore(path: Path) -> dict:
    about, pieces = backup_format.read(path, settings.FIELD_KEYS)
    if about["engine"] != connection.vendor:
        raise BackupError(
            f"{path.name} is a copy of a {about['engine']} database, and DATABASE_URL names another kind."
        )
    if connection.introspection.table_names():
        raise BackupError("The database is not empty: restore only into a new one.")
    if connection.vendor == "postgresql":
        _require("pg_restore")
    _fill_database(pieces)
    _compare(about["tables"])
    call_command("migrate", interactive=False, verbosity=0)
    restored_access.revoke(datetime.now(UTC))
    erase_again(path.parent)
    noted_seal.forget()
    Event.objects.create(verb=Event.Verb.RESTORED)
    restoring.unmark()
    return about


def _fill_database(pieces: Iterator[bytes]):
    with plaintext_copies.folder() as folder:
        copy = folder / "copy"
        with copy.open("wb") as file:
            file.writelines(pieces)
        _mark()
        connection.close()
        if connection.vendor == "sqlite":
            _restore_sqlite(copy)
        else:
            _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(copy))


def _mark():
    try:
        restoring.mark()
    except DatabaseError as error:
        words = f"The database user may not make a schema ({type(error).__name__})"
        raise BackupError(f"{words}: GRANT CREATE ON DATABASE to it. Nothing was restored.") from None


def _compare(inventory: dict[str, list]):
    lift_time_outs(connection)
    with connection.cursor() as cursor:
        found = _count(cursor, {table: key for table, (key, *_rest) in inventory.items()})
    if found != inventory:
        wrong = ", ".join(table for table in found if found[table] != inventory[table])
        raise BackupError(f"The restored database differs from its inventory in: {wrong}.")


def discard_old(now: datetime | None = None) -> int:
    """Delete backups older than BACKUP_KEEP_DAYS, but never the newest; return how many. Unfinished ones last a day."""
    now = now or datetime.now(UTC)
    for path in settings.BACKUP_DIR.glob("iop-*.unfinished"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - timedelta(days=1):
            path.unlink()
    limit = now - timedelta(days=settings.BACKUP_KEEP_DAYS)
    old = [path for path in made_until(now)[:-1] if made_at(path) < limit]
    for path in old:
        path.unlink()
    return len(old)


def run_due(now: datetime):
    plaintext_copies.remove_left()
    note_erased()
    if not settings.BACKUP_EVERY_HOURS:
        return
    newest = max(map(made_at, made_until(now)), default=None)
    if newest and now < newest + timedelta(hours=settings.BACKUP_EVERY_HOURS):
        return
    verify(make(now))
    note_erased()  # the first copy is one that could bring something back
    discard_old(now)


def all_backups() -> list[Path]:
    return sorted(filter(_is_named_by_time, settings.BACKUP_DIR.glob("iop-*.backup")))


def _is_named_by_time(path: Path) -> bool:
    try:
        made_at(path)
    except ValueError:  # of the thirteenth month
        return False
    return bool(NAME.fullmatch(path.name))


def made_until(now: datetime) -> list[Path]:
    """One of the future was made before the clock was set right: it must neither hold up the next for years, nor have
    another made every minute until then, nor pass for the newest, of which one always stays."""
    return [path for path in all_backups() if made_at(path) <= now]


def made_at(path: Path) -> datetime:
    return datetime.strptime(path.name, "iop-%Y%m%dT%H%M%SZ.backup").replace(tzinfo=UTC)


def note_one_erased(uid):
    """Called even if no worker runs. Of a failure only its class is logged: the worker writes what is missing."""
    try:
        _append_erased([str(uid)])
    except OSError as error:
        logger.error("an erasure was not noted beside the backups: %s", type(error).__name__)


def note_erased():
    erased = map(str, Inquiry.objects.exclude(erased_at=None).values_list("uid", flat=True))
    if new := sorted(set(erased) - _ids_in(settings.BACKUP_DIR / ERASED)):
        _append_erased(new)


def _append_erased(uids: list[str]):
    """Append at once, as several processes do; the line that a power cut left half written is ended first."""
    settings.BACKUP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(settings.BACKUP_DIR / ERASED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        lines = "".join(f"\n{uid}" for uid in uids) + "\n"
        if os.write(file, lines.encode()) < len(lines):
            raise OSError("the disk is full")
        os.fsync(file)
    finally:
        os.close(file)


def erase_again(folder: Path) -> int:
    uids = set().union(*map(_ids_in, folder.glob("erased*.txt")))
    return sum(inquiry.erase() for inquiry in Inquiry.objects.filter(uid__in=uids, erased_at=None))


def _ids_in(path: Path) -> set[str]:
    with contextlib.suppress(FileNotFoundError):
        return set(UID.findall(path.read_text(errors="replace")))
    return set()


@contextlib.contextmanager
def _copy() -> Iterator[tuple[dict, Path]]:
    with plaintext_copies.folder() as folder:
        copy = folder / "copy"
        yield (_copy_sqlite(copy) if connection.vendor == "sqlite" else _copy_postgres(copy)), copy


def _copy_sqlite(copy: Path) -> dict:
    source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True, timeout=20)
    target = sqlite3.connect(copy)
    with contextlib.closing(source), contextlib.closing(target):
        source.backup(target)
        (state,) = target.execute("PRAGMA quick_check").fetchone()
        if state != "ok":
            raise BackupError(f"The database is damaged, and was not copied: {state}.")
        return _count(target.cursor(), _key_columns())


def _copy_postgres(copy: Path) -> dict:
    server = psycopg2.connect(**connection.get_connection_params())
    with postgres_wait.at_most(TOOL_LIMIT), contextlib.closing(server), server.cursor() as cursor:
        cursor.execute(WITHOUT_TIME_OUTS)
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run("pg_dump", "-Fc", f"--exclude-schema={restoring.SCHEMA}", f"--snapshot={snapshot}", f"--file={copy}")
        return _count(cursor, _key_columns())


def _restore_sqlite(copy: Path):
    database = Path(settings.DATABASES["default"]["NAME"])
    for leftover in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)  # empty, as was checked
    shutil.move(copy, database)


def find_tool(tool: str) -> str | None:
    """Return the path of a PostgreSQL tool; Debian keeps some off the PATH, one folder for each version."""
    folders = sorted(SERVERS.glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return shutil.which(tool) or next((str(f / tool) for f in reversed(folders) if (f / tool).exists()), None)


def _require(tool: str) -> str:
    program = find_tool(tool)
    if not program:
        raise BackupError(f"{tool} is not installed; as root: apt-get install postgresql-client")
    return program


def _run(tool: str, *arguments: str):
    """Run a PostgreSQL tool; the password goes by the environment, which other users cannot read."""
    given = settings.DATABASES["default"]
    program = _require(tool)
    environment = os.environ | {
        "PGHOST": given["HOST"] or "",
        "PGPORT": str(given["PORT"] or ""),
        "PGUSER": given["USER"] or "",
        "PGPASSWORD": given["PASSWORD"] or "",
        "PGSSLMODE": given["OPTIONS"].get("sslmode", "prefer"),
    }
    if "sslrootcert" in given["OPTIONS"]:
        environment["PGSSLROOTCERT"] = given["OPTIONS"]["sslrootcert"]
    command = [program, "--dbname", given["NAME"], *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TOOL_LIMIT)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{tool} failed: {(done.stderr.splitlines() or ['it said nothing'])[0]}")


def _read_in_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(backup_format.PIECE_BYTES):
            yield piece


def _count(cursor, tables: dict[str, str]) -> dict[str, list]:
    """Return the key column, the number of rows and the last key of each table."""
    inventory = {}
    for table, key in tables.items():
        cursor.execute(f'SELECT COUNT(*), MAX("{key}") FROM "{table}"')  # noqa: S608 - names of our own models
        rows, last = cursor.fetchone()
        inventory[table] = [key, rows, str(last)]
    return inventory


def _key_columns() -> dict[str, str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model._meta.pk.column for model in models if model._meta.managed}

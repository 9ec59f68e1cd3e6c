"""The look at the database that goes before every start: a damaged file must not be written to, and none half restored
be served."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection

from iop_site.ops import backups, restoring

PASSING = ("locked", "busy", "unable to open", "disk i/o error")  # troubles of the moment, not of the file


def refuse_damaged():
    """Raise ImproperlyConfigured, naming the command that restores, for a damaged file or a restore that was cut off.

    PostgreSQL looks after its own files. A database that cannot be opened just now is not called damaged.
    """
    restoring.refuse_unfinished()
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            [state] = cursor.fetchone()
    except DatabaseError as error:
        if isinstance(error, OperationalError) and any(words in str(error).lower() for words in PASSING):
            return
        state = str(error)
    if state != "ok":
        raise ImproperlyConfigured(damage_message(state))


def damage_message(state: str) -> str:
    """Say in one line what is wrong and what to do."""
    file = Path(settings.DATABASES["default"]["NAME"])
    copies = backups.all_backups()
    newest = copies[-1] if copies else "the newest backup"
    said = " ".join(state.split())[:120]
    return (
        f"the database file {file} is damaged ({said}): move it and its -wal and -shm away, keep them, "
        f"and run: manage.py restore {newest}"
    )

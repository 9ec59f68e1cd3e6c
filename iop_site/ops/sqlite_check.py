from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection

from iop_site.ops import backups, restoring

PASSING = ("locked", "busy", "unable to open", "disk i/o error")  # troubles of the moment, not of the file


def refuse_damaged():
    """PostgreSQL looks after its own files. A database that cannot be opened just now is not called damaged."""
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
    file = settings.DATABASES["default"]["NAME"]
    newest = next(reversed(backups.all_backups()), "the newest backup")
    reason = " ".join(state.split())[:120]
    return (
        f"the database file {file} is damaged ({reason}): move it and its -wal and -shm away, keep them, "
        f"and run: manage.py restore {newest}"
    )

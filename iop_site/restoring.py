"""The mark of a restore that has not ended: what it filled may still hold open sessions, and words that were erased."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# All that may run meanwhile; the last tidies up, and then refuses by itself.
COMMANDS = ("restore", "verify_backup", "prepare")


def mark() -> Path:
    """Return the file that stands from before a database is filled until its doors are shut."""
    return settings.DATA_DIR / "restore.unfinished"


def refuse_unfinished():
    """Raise ImproperlyConfigured where a restore was cut off; asked by every command and every web process."""
    if mark().exists():
        raise ImproperlyConfigured(
            "a restore was begun and did not end: empty the database and restore again; "
            f"{mark()} says so, and goes then."
        )

"""A restore that has not ended: what it filled may still hold open sessions, and words that were erased."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# All that may run meanwhile; the last tidies up, and then refuses by itself.
COMMANDS = ("restore", "verify_backup", "prepare")


def unfinished_file() -> Path:
    """Return the file that stands from before a database is filled until what it let in again is revoked."""
    return settings.DATA_DIR / "restore.unfinished"


def refuse_start():
    """Refuse any process that sets Django up where a restore was cut off, unless it was started to mend it."""
    if not set(sys.argv[1:2]) & set(COMMANDS):
        refuse_unfinished()


def refuse_unfinished():
    """Raise ImproperlyConfigured where a restore was cut off."""
    if unfinished_file().exists():
        raise ImproperlyConfigured(
            "a restore was begun and did not end: empty the database and restore again; "
            f"{unfinished_file()} says so, and goes then."
        )

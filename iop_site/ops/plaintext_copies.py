"""Copies of the database in clear. A lock on the folder ends with the process; the next start deletes what is left."""

import contextlib
import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

PREFIX = "clear-copy-"
UNLOCKED = "tmp????????/copy"  # how releases before 2026-12 called theirs; they may still run, and hold no lock
UNLOCKED_LASTS = 2 * 3600  # seconds since it was last written; none of them worked so long on one


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_left()
    path, lock = _make()
    try:
        yield path
    finally:
        shutil.rmtree(path)
        os.close(lock)


def remove_left():
    for path in settings.DATA_DIR.glob(f"{PREFIX}*"):
        _remove(path)
    with contextlib.suppress(FileNotFoundError):  # one that its process deletes just now
        for copy in settings.DATA_DIR.glob(UNLOCKED):
            if time.time() - copy.stat().st_mtime > UNLOCKED_LASTS:
                _remove(copy.parent)


def _make() -> tuple[Path, int]:
    while True:  # another start may take a new folder for one that was left, in the moment before it is locked
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=settings.DATA_DIR))
        lock = _lock(path)
        if lock is not None:
            return path, lock


def _remove(path: Path):
    lock = _lock(path)
    if lock is None:
        return
    try:
        shutil.rmtree(path)
        logger.warning("a copy in clear was left by a process that was killed, and is deleted")
    except OSError as error:
        logger.error("a copy in clear was left in %s and cannot be deleted: %s", path.name, type(error).__name__)
    finally:
        os.close(lock)


def _lock(path: Path) -> int | None:
    """Lock a folder and return the lock; None while another process holds it, or when it is not there any more."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.exists():
            return lock
    os.close(lock)
    return None

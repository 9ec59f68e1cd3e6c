"""What SQLite needs and PostgreSQL does not: one writer at a time on one machine, time-outs, an emptied log. SQLite
makes a second writer sleep ever longer, so that some wait many times as long as others. The threads of a process stand
in line here instead; the first in line waits for other processes by a lock on the folder of the database, which nothing
is written for, and which the system lets go of when its holder dies."""

import contextlib
import fcntl
import logging
import os
import threading
import time
from pathlib import Path

from django.db import Error, connection

LOG_WAITS = 1000  # milliseconds
PATIENCE = 3  # seconds, many times what a line of all threads takes; then SQLite itself decides
LOOK_AGAIN = 0.001  # seconds between looks at the lock of another process
_line = threading.Lock()

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def write_lock():
    """Wait for this thread's turn; put it around a whole transaction, never one turn into another."""
    if connection.vendor != "sqlite":
        yield
        return
    deadline = time.monotonic() + PATIENCE
    with contextlib.ExitStack() as held:
        if _line.acquire(timeout=PATIENCE):
            held.callback(_line.release)
            lock_database_dir(held, deadline)
        yield


def lock_database_dir(held: contextlib.ExitStack, deadline: float):
    """Lock the folder while ``held`` lasts; go on without, if that cannot be until ``deadline``."""
    try:
        folder = os.open(Path(connection.settings_dict["NAME"]).parent, os.O_RDONLY)
    except OSError:
        return
    held.callback(os.close, folder)  # which lets go of the lock
    while time.monotonic() < deadline:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_AGAIN)
        except OSError:  # a file system without locks
            return
        else:
            return


@contextlib.contextmanager
def busy_timeout(milliseconds: int):
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")


def checkpoint_wal():
    """Empty the log, which holds pages from before an erasure; while another connection reads, the next time."""
    if connection.vendor != "sqlite":
        return
    try:
        with busy_timeout(LOG_WAITS), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [is_busy, *_pages] = cursor.fetchone()
    except Error as error:
        logger.warning("the write-ahead log was not emptied: %s", type(error).__name__)
        return
    if is_busy:
        logger.info("the write-ahead log is in use and will be emptied later")

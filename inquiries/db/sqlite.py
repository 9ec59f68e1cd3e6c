"""One writer at a time on one machine, where the database lets in only one anyway.

SQLite makes a second writer sleep and look again, ever longer, so that some wait many times as long as others. The
threads of one process stand in line here instead, and each goes on the moment that the one before it has committed.
The first in line of each process waits for the other processes by a lock on the folder of the database, which nothing
is written for, and which the system lets go of when its holder dies.
"""

import contextlib
import fcntl
import os
import threading
import time
from pathlib import Path

from django.db import connection

PATIENCE = 3  # seconds, many times what a line of all threads takes; then SQLite itself decides
LOOK_AGAIN = 0.001  # seconds between looks at the lock of another process
_line = threading.Lock()


@contextlib.contextmanager
def turn():
    """Wait for this thread's turn to write; put it around a whole transaction, never one turn into another.

    PostgreSQL needs none.
    """
    if connection.vendor != "sqlite":
        yield
        return
    deadline = time.monotonic() + PATIENCE
    with contextlib.ExitStack() as held:
        if _line.acquire(timeout=PATIENCE):
            held.callback(_line.release)
            lock_folder(held, deadline)
        yield


def lock_folder(held: contextlib.ExitStack, deadline: float):
    """Lock the folder of the database while ``held`` lasts; go on without, if that cannot be until ``deadline``."""
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

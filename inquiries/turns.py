"""One writer at a time within a process, where the database lets in only one anyway.

SQLite makes a second writer sleep and look again, ever longer, so that some wait many times as long as others. The
threads of one process stand in line here instead, and each goes on the moment that the one before it has committed.
"""

import contextlib
import threading

from django.db import connection

PATIENCE = 3  # seconds, many times what a line of all threads takes; then SQLite itself decides
_line = threading.RLock()


@contextlib.contextmanager
def turn():
    """Wait for this thread's turn to write; put it around a whole transaction. PostgreSQL needs none."""
    is_held = connection.vendor == "sqlite" and _line.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if is_held:
            _line.release()

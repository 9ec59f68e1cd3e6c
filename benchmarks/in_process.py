"""The product in this very process, asked without a server, so that no server's noise is in what is measured.

Importing this sets Django up, from the settings of the environment: start it in one that `harness.prepared` made.
"""

import sys
import time

from django.conf import settings
from django.db import connection

from iop_site.page_memory import request_for as bare_request
from iop_site.wsgi import application as memory

django = memory.application  # what is behind the memory of pages


def request_for(path: str, **more) -> dict:
    """Return the environment of a plain GET, as a web server would pass it on."""
    return bare_request(path, min(settings.SITE_URL.host_headers), settings.SITE_URL.scheme) | more


def body_of(application, environ: dict) -> bytes:
    """Return what a WSGI application answers; end with a sentence if it is not a page."""
    answered = []
    answer = application(dict(environ), lambda status, headers, exc_info=None: answered.append(status))
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    if not answered[0].startswith("200 "):
        sys.exit(f"{environ['PATH_INFO']}: {answered[0]}")
    return body


def cpu_ms(call) -> float:
    """Return the CPU time of this thread that ``call`` took, in milliseconds."""
    start = time.thread_time()
    call()
    return (time.thread_time() - start) * 1000


def queries(call) -> int:
    """Return how many queries ``call`` makes."""
    made = []

    def note(execute, sql, *others):
        made.append(sql)
        return execute(sql, *others)

    with connection.execute_wrapper(note):
        call()
    return len(made)

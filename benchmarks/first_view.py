"""S2: the CPU of the first view of a page after a change, ours against a plain one, and when it is compressed.

`python -m benchmarks.first_view [path]` asks both in turn in one process, on SQLite. Ours is what makes a page that is
not in the memory of pages; after a change, the first page of a language also reads and renders the frame of them all.
"""

import os
import sys
import time
from statistics import median

from benchmarks import harness

ROUNDS = 41
ASKED = 200  # times, to see how often a page is compressed


def main(path: str = "/therapies/"):
    with harness.prepared() as environment:
        os.environ.update(environment)
        compare(path)


def compare(path: str):
    from iop_site.wsgi import application as memory  # sets Django up, so it must come before the others

    from benchmarks import plain_view
    from iop_site import frame

    environ = request_for(path)
    plain, ours = plain_view.handler(), memory.application

    def anew(environ, start_response):
        frame.forget()
        return ours(environ, start_response)

    ways = {"plain view": plain, "ours, first page of a language": anew, "ours, every other page": ours}
    pages = {name: body_of(way, environ) for name, way in ways.items()}
    if len(set(pages.values())) > 1:
        sys.exit("They do not print the same page")
    taken = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(cpu_ms(lambda way=way: body_of(way, environ)))
    rows = [
        [
            name,
            queries(lambda way=way: body_of(way, environ)),
            f"{median(taken[name]):.1f}",
            f"{min(taken[name]):.1f}",
            f"{harness.median_of_ratios(taken[name], taken['plain view']):.2f}",
        ]
        for name, way in ways.items()
    ]
    harness.table(
        f"The first view after a change ({path}, {len(pages['plain view']):,} bytes, {ROUNDS} rounds)",
        ["", "queries", "CPU ms, median", "least", "× plain"],
        rows,
    )
    print_compressing(memory, environ)


def print_compressing(memory, environ: dict):
    """Ask the memory of pages many times, through one change, and count what was compressed."""
    from iop_site import page_memory
    from programs.models import ContentVersion

    spent, compress = [], page_memory.brotli.compress

    def counted(body, **options):
        start = time.thread_time()
        try:
            return compress(body, **options)
        finally:
            spent.append((time.thread_time() - start) * 1000)

    page_memory.brotli.compress = counted
    try:
        for number in range(2):
            ContentVersion.objects.bump()
            memory.renew(ContentVersion.objects.current())
            for _ in range(ASKED):
                body_of(memory, environ)
            print(f"Version {number + 1}: asked {ASKED} times, compressed {len(spent) - number} times", end=", ")
            print(f"in {spent[-1]:.0f} ms of CPU")
    finally:
        page_memory.brotli.compress = compress


def request_for(path: str) -> dict:
    """Return the environment of a plain GET, as a web server would pass it on."""
    from django.conf import settings

    from iop_site.page_memory import request_for as of_memory

    return of_memory(path, min(settings.SITE_URL.host_headers), settings.SITE_URL.scheme)


def body_of(application, environ: dict) -> bytes:
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
    from django.db import connection

    made = []

    def note(execute, sql, *others):
        made.append(sql)
        return execute(sql, *others)

    with connection.execute_wrapper(note):
        call()
    return len(made)


if __name__ == "__main__":
    main(*sys.argv[1:])

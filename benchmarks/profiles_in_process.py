"""Profiles four kinds of requests in this process, for benchmarks.profiles."""

import cProfile
import io
import pstats
import time
from collections.abc import Iterator

from django.conf import settings

from benchmarks import harness
from benchmarks.desk_session import SCRIPT
from benchmarks.in_process import body_of, django, memory, request_for
from benchmarks.send import form
from inquiries.receipts import SubmissionKey
from programs.models import ContentVersion

PAGE = "/therapies/"
# What is told apart in each: a name, and the functions that stand for it by the end of their file's path and their
# name. A minus takes away what is told as a part of its own, so that no part holds another.
PARTS = {
    "page from memory": {
        "choosing the answer: host, day, path, cookies": [
            ("iop_site/page_memory.py", "__call__"),
            ("-iop_site/page_memory.py", "answer"),
        ],
        "calling it, and joining its body": [
            ("benchmarks/in_process.py", "body_of"),
            ("-iop_site/page_memory.py", "__call__"),
        ],
        "handing it over: encoding, ETag, headers": [("iop_site/page_memory.py", "answer")],
    },
    "page made anew": {
        "rendering its templates": [
            ("django/template/response.py", "rendered_content"),
            ("-iop_site/context_processors.py", "frame"),
        ],
        "the frame: its version, the other language, marking the page in the menus": [
            ("iop_site/context_processors.py", "frame")
        ],
        "reading page, sections and lists": [("programs/views.py", "with_sections")],
        "the form of one possible week": [("programs/week.py", "asked")],
    },
    "send": {
        "storing: inquiry, event, notices, tokens in one transaction": [("inquiries/models/inquiry.py", "submit")],
        "rendering the answer": [("inquiries/views.py", "show")],
        "weighing doubts, taking turns with the limit": [("inquiries/views.py", "doubts")],
        "checking the form": [("inquiries/forms.py", "full_clean"), ("inquiries/forms.py", "__init__")],
    },
    "list of the desk": {
        "rendering its templates": [("django/template/response.py", "rendered_content")],
        "counting the tabs": [("inquiries/listing/page.py", "counts")],
        "reading its rows": [("inquiries/listing/page.py", "rows")],
        "the menu of the desk": [("iop_site/staff/site.py", "each_context")],
        "who asks: session and second step": [("django/contrib/sessions/backends/base.py", "_get_session")],
    },
}


def hits() -> Iterator[tuple]:
    while True:
        yield memory, request_for(PAGE, HTTP_ACCEPT_ENCODING="br")


def misses() -> Iterator[tuple]:
    while True:
        yield django, request_for(PAGE)


def sends() -> Iterator[tuple]:
    number = 0
    while True:
        number += 1
        body = form(SubmissionKey.new().token(), str(number)).encode()
        yield (
            memory,
            request_for(
                "/ask/me/",
                REQUEST_METHOD="POST",
                CONTENT_TYPE="application/x-www-form-urlencoded",
                CONTENT_LENGTH=str(len(body)),
                HTTP_ORIGIN=str(settings.SITE_URL),
                **{"wsgi.input": io.BytesIO(body)},
            ),
        )


def lists() -> Iterator[tuple]:
    said: list[str] = []
    exec(SCRIPT, {"print": said.append})  # noqa: S102 - our own script, which is otherwise run by the shell
    while True:
        yield memory, request_for("/admin/inquiries/inquiry/", QUERY_STRING="tab=open", HTTP_COOKIE=said[-1])


KINDS = {
    "page from memory": (hits, 5000),
    "page made anew": (misses, 40),
    "send": (sends, 40),
    "list of the desk": (lists, 20),
}


def profiled(requests: Iterator[tuple], count: int) -> dict:
    """Return what cProfile saw of ``count`` requests, after three to warm up."""
    profile = cProfile.Profile(time.thread_time)
    for _ in range(3):
        body_of(*next(requests))
    for _ in range(count):
        asked = next(requests)
        profile.enable()
        body_of(*asked)
        profile.disable()
    return pstats.Stats(profile).stats


def seconds(stats: dict, functions) -> float:
    """Return what functions took with all that they called, less those whose path begins with a minus."""
    total = 0.0
    for place, wanted in functions:
        end, sign = place.removeprefix("-"), -1 if place.startswith("-") else 1
        total += sign * sum(
            seen[3] for (file, _line, name), seen in stats.items() if name == wanted and file.endswith(end)
        )
    return total


def main():
    memory.renew(ContentVersion.objects.current())
    rows = []
    for kind, (requests, count) in KINDS.items():
        stats = profiled(requests(), count)
        whole = seconds(stats, [("benchmarks/in_process.py", "body_of")])
        shares = {name: seconds(stats, functions) / whole for name, functions in PARTS[kind].items()}
        largest = sorted(shares.items(), key=lambda share: -share[1])[:3]
        rows.append([kind, f"{whole / count * 1000:.3g}", *(f"{name}, {share:.0%}" for name, share in largest)])
    harness.table("The largest costs of a request", ["", "ms under the profiler", "first", "second", "third"], rows)


if __name__ == "__main__":
    main()

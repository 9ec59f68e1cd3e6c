"""Asks a plain view and ours for the same page in turn, for benchmarks.first_view, and counts compressions."""

import sys
from functools import partial
from statistics import median

from benchmarks import harness
from benchmarks.in_process import body_of, cpu_ms, django, memory, queries, request_for
from benchmarks.plain_view import handler
from iop_site import frame, page_memory
from programs.models import ContentVersion

ROUNDS = 41
ASKED = 200  # times, to see how often a page is compressed
PLAIN = "plain view"


def with_new_frame(environ, start_response):
    frame.forget()
    return django(environ, start_response)


def main(path: str):
    environ = request_for(path)
    ways = {PLAIN: handler(), "ours, first page of a language": with_new_frame, "ours, every other page": django}
    asks = {name: partial(body_of, way, environ) for name, way in ways.items()}
    pages = {ask() for ask in asks.values()}
    if len(pages) > 1:
        sys.exit("They do not print the same page")
    taken = {name: [] for name in asks}
    for _ in range(ROUNDS):
        for name, ask in asks.items():
            taken[name].append(cpu_ms(ask))
    rows = [
        [
            name,
            queries(ask),
            f"{median(taken[name]):.1f}",
            f"{min(taken[name]):.1f}",
            f"{harness.median_of_ratios(taken[name], taken[PLAIN]):.2f}",
        ]
        for name, ask in asks.items()
    ]
    harness.table(
        f"The first view after a change ({path}, {len(pages.pop()):,} bytes, {ROUNDS} rounds)",
        ["", "queries", "CPU ms, median", "least", "× plain"],
        rows,
    )
    print_compressing(partial(body_of, memory, environ))


def print_compressing(ask):
    """Ask the memory of pages many times, through two changes, and tell what was compressed."""
    spent, compress = [], page_memory.brotli.compress

    def counted(body, **options):
        answers = []
        spent.append(cpu_ms(lambda: answers.append(compress(body, **options))))
        return answers[0]

    page_memory.brotli.compress = counted
    for number in range(2):
        ContentVersion.objects.bump()
        memory.renew(ContentVersion.objects.current())
        for _ in range(ASKED):
            ask()
        print(f"Change {number + 1}: asked {ASKED} times, brotli {len(spent)} times, {sum(spent):.0f} ms of CPU")
        spent.clear()


if __name__ == "__main__":
    main(*sys.argv[1:])

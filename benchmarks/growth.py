"""How the site grows: with more web workers, with more pages, and sends with more workers on both databases.

`python -m benchmarks.growth [workers,pages,sends]`; growth of the desk is `benchmarks.desk 1000,10000,100000,1000000`.
The servers get both cores here and share them with the load: on two cores more than two workers can bring nothing, and
the second brings less than the first. What a request costs tells more than how many there are.
"""

import contextlib
import json
import subprocess
import sys
from statistics import median

from benchmarks import harness, send
from benchmarks.harness import Server

WORKERS, PAGES = (1, 2, 4), (10, 100, 1000)
ROUNDS = 5
BOTH_CORES = f"{harness.SERVER_CORE},{harness.LOAD_CORE}"
# What benchmarks.growth_in_process prints, and how its row is called.
GUIDE = {
    "kept": "pages kept, in both languages",
    "start": "start of the process, CPU ms",
    "warm-up": "making all pages ready, CPU ms",
    "before": "memory after the start, MiB",
    "memory": "memory after all below, MiB",
    "hit": "page from memory, CPU µs",
    "miss": "page made anew, CPU ms",
    "first of a version": "the same with a new frame, CPU ms",
    "site map": "sitemap.xml, CPU ms",
    "list of pages": "page of all pages, CPU ms",
    "first search": "first search, which makes the index, CPU ms",
    "search": "search, CPU ms",
}


def main(parts: str = "workers,pages,sends"):
    harness.need("wrk", "taskset")
    for part in parts.split(","):
        {"workers": show_workers, "pages": show_pages, "sends": show_sends}[part]()


@contextlib.contextmanager
def servers(environment: dict):
    """Yield servers of one site that differ in their number of workers."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(
                Server(str(number), "iop_site.wsgi:application", environment, workers=number, cores=BOTH_CORES)
            )
            for number in WORKERS
        ]


def show_workers(path: str = "/therapies/"):
    with harness.prepared() as environment, servers(environment) as running:
        for server in running:
            server.wait(path)
        harness.interleave(dict.fromkeys(running, path), ROUNDS, connections=16)
        one = running[0]
        rows = [
            [
                server.name,
                f"{server.rate:,.0f}",
                f"{harness.median_of_ratios(server.rates, one.rates):.2f}",
                f"{server.cost * 1e6:,.0f}",
                f"{harness.median_of_ratios(server.costs, one.costs):.2f}",
            ]
            for server in running
        ]
    head = ["workers", "requests/s", "× one", "CPU µs/request", "× one"]
    harness.table(f"A page from memory with more workers ({path}), two cores with the load on one of them", head, rows)


def show_pages():
    found = {size: of_size(size) for size in PAGES}
    rows = [[told, *(figure(found[size][name]) for size in PAGES)] for name, told in GUIDE.items()]
    harness.table("More pages in the guide, in one process", ["", *(f"{size:,} pages" for size in PAGES)], rows)


def of_size(size: int) -> dict:
    with harness.prepared() as environment:
        harness.module(environment, "benchmarks.fill_pages", str(size))
        command = [sys.executable, "-m", "benchmarks.growth_in_process"]
        output = subprocess.run(command, cwd=harness.ROOT, env=environment, check=True, stdout=subprocess.PIPE)
        return json.loads(output.stdout)


def figure(value: float) -> str:
    """Return a number with what matters of it."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def show_sends():
    for name, url in (("SQLite", ""), ("PostgreSQL", f"{send.POSTGRES}/iop_bench")):
        with send.database("iop_bench") if url else contextlib.nullcontext():
            show_sends_to(name, url)


def show_sends_to(name: str, url: str):
    seen = {}
    with harness.prepared(DATABASE_URL=url) as environment, servers(environment) as running:
        for number in range(ROUNDS):
            for server in running:
                before = server.cpu_seconds()
                rate, p50, p99 = send.send(server, environment, f"{number}-{server.name}")
                cost = (server.cpu_seconds() - before) / (rate * send.SECONDS)
                seen.setdefault(server.name, []).append((rate, cost * 1000, p50, p99))
    rows = []
    for workers, rounds in seen.items():
        rates, costs, halves, tails = zip(*rounds, strict=True)
        ratio = harness.median_of_ratios(rates, [first[0] for first in seen["1"]])
        told = [median(rates), ratio, median(costs), median(halves), median(tails)]
        rows.append([workers, *map(figure, told)])
    head = ["workers", "inquiries/s", "× one", "CPU ms each", "p50 ms", "p99 ms"]
    harness.table(f"Sending with more workers on {name}, {send.CONNECTIONS} connections, two cores", head, rows)


if __name__ == "__main__":
    main(*sys.argv[1:])

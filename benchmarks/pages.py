"""S1, S2, S4, S5: a guide page from memory against a bare WSGI application, against Django alone, and a 304.

`python -m benchmarks.pages [path]`
"""

import sys

from benchmarks import harness
from benchmarks.harness import Server, median_of_ratios


def main(path: str = "/therapies/"):
    harness.need("wrk", "taskset")
    with (
        harness.prepared() as environment,
        Server("bare WSGI", "benchmarks.bare:application", environment) as bare,
        Server("from memory", harness.SITE, environment) as ours,
        Server("Django each time", "benchmarks.uncached:application", environment) as django,
    ):
        ours.wait(path)
        harness.interleave({bare: "/", ours: path, django: path})
        rows = [
            server.figures(median_of_ratios(server.rates, bare.rates), median_of_ratios(server.costs, bare.costs))
            for server in (bare, ours, django)
        ]
        head = ["", "requests/s", "× bare", "CPU µs/request", "CPU × bare"]
        harness.table(f"A guide page ({path})", head, rows)
        print(f"From memory against Django each time: {median_of_ratios(ours.rates, django.rates):.1f} ×")
        print_not_modified(ours, path)
        print(f"Memory of the web worker: {harness.memory_mib(*ours.pids()):.0f} MiB")


def print_not_modified(server: Server, path: str):
    """S4: what a browser that has the page is sent."""
    asked = {"Accept-Encoding": "br"}
    tag = harness.fetch(server.url + path, **asked)[1]["ETag"]
    status, headers, body = harness.fetch(server.url + path, **asked, **{"If-None-Match": tag})
    print(f"Asked again: {status}, {len(body)} bytes of body, {harness.size_of(headers)} bytes of headers")


if __name__ == "__main__":
    main(*sys.argv[1:])

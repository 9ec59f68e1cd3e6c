"""S2: the CPU of the first view of a page after a change, ours against a plain one, and when it is compressed.

`python -m benchmarks.first_view [path]` asks both in turn in one process, on SQLite. Ours is what makes a page that is
not in the memory of pages; after a change, the first page of a language also reads and renders the frame of them all.
"""

import sys

from benchmarks import harness


def main(path: str = "/therapies/"):
    with harness.prepared() as environment:
        harness.module(environment, "benchmarks.first_view_in_turn", path)


if __name__ == "__main__":
    main(*sys.argv[1:])

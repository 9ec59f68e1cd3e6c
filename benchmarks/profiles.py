"""Where the time goes: the three largest costs of a page from memory, a page made anew, a send and a list of the desk.

`python -m benchmarks.profiles` asks for each in one process, with a thousand inquiries on SQLite, under cProfile. A
share is what a function took with all that it called, of the whole request; the profiler slows small functions down
more than large ones. The web server itself is not in it.
"""

from benchmarks import harness


def main():
    with harness.prepared() as environment:
        harness.module(environment, "benchmarks.fill", "1000")
        harness.module(environment, "benchmarks.profiles_in_process")


if __name__ == "__main__":
    main()

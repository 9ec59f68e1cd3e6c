"""S3: how long after an edit every web process shows it, under load, and what visitors saw meanwhile.

`python -m benchmarks.edit`
"""

import statistics
import subprocess
import threading
import time

from benchmarks import harness
from benchmarks.harness import Server

EDITS, WORKERS = 15, 4
EDIT = "from programs.models import Benefit; b = Benefit.objects.first(); b.title_en = {!r}; b.save()"


def main():
    harness.need("wrk", "taskset")
    with (
        harness.prepared() as environment,
        Server("ours", "iop_site.wsgi:application", environment, workers=WORKERS) as server,
    ):
        stop = threading.Event()
        load = threading.Thread(target=keep_busy, args=(server, stop))
        load.start()
        delays = [delay_of(server, environment, f"Edited {number}") for number in range(EDITS)]
        stop.set()
        load.join()
        rows = [[len(delays), f"{statistics.median(delays):.2f}", f"{max(delays):.2f}", sum(server.rates) > 0]]
        head = ["edits", "median s until every process shows it", "longest s", "no error under load"]
        harness.table(f"An edit, {WORKERS} web processes", head, rows)


def keep_busy(server: Server, stop: threading.Event):
    while not stop.is_set():
        server.load("/benefits/", seconds=2, connections=4)  # raises when an answer is an error


def delay_of(server: Server, environment: dict, words: str) -> float:
    """Return the seconds from the commit of an edit until forty answers in a row show it."""
    harness.manage(environment, "shell", "--no-imports", "-c", EDIT.format(words), stderr=subprocess.DEVNULL)
    saved = time.monotonic()  # a moment after the commit: the command had to end first
    last_old, shown = saved, 0
    while shown < 40:
        if words.encode() in harness.fetch(f"{server.url}/benefits/")[2]:
            shown += 1
        else:
            last_old, shown = time.monotonic(), 0
    return last_old - saved


if __name__ == "__main__":
    main()

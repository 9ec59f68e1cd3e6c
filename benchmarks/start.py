"""S10: how long `make run` takes until the first page answers, cold (nothing installed yet) and warm.

`python -m benchmarks.start` works in a fresh clone in a temporary folder.
"""

import os
import tempfile
import time
from pathlib import Path

from benchmarks import harness
from tests.proof.live import free_port


class Site(harness.Server):
    """What `make run` starts, with all that it is built from."""

    def __enter__(self):
        port = self.environment["PORT"] = str(free_port())
        self.url, started = f"http://127.0.0.1:{port}", time.monotonic()
        self.process = harness.start(["make", "run"], self.environment, self.folder)
        self.wait(patience=600)
        return time.monotonic() - started


def main():
    environment = {name: value for name, value in os.environ.items() if name not in ("DATA_DIR", "MAKEFLAGS")}
    with tempfile.TemporaryDirectory(prefix="iop-start-") as folder:
        harness.run(["git", "clone", "-q", harness.ROOT, folder], environment)
        rows = []
        for start in ("cold", *["warm"] * harness.number("ROUNDS", 3)):
            with Site("make run", "", environment, folder=Path(folder)) as seconds:
                rows.append([start, f"{seconds:.1f}"])
        harness.table("make run, until the first page answers", ["start", "s"], rows)


if __name__ == "__main__":
    main()

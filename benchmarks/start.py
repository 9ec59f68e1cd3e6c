"""S10: how long `make run` takes until the first page answers, cold (nothing installed yet) and warm.

`python -m benchmarks.start` works in a fresh clone in a temporary folder.
"""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks import harness


def main():
    with tempfile.TemporaryDirectory(prefix="iop-start-") as folder:
        clone = Path(folder, "site")
        subprocess.run(["git", "clone", "-q", str(harness.ROOT), str(clone)], check=True)
        rows = [["cold", f"{seconds_until_served(clone):.1f}"]]
        rows += [["warm", f"{seconds_until_served(clone):.1f}"] for _ in range(3)]
        harness.table("make run, until the first page answers", ["start", "s"], rows)


def seconds_until_served(clone: Path) -> float:
    kept_out = ("DATA_DIR", "SITE_URL", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "DATABASE_URL", "MAKEFLAGS")
    environment = {name: value for name, value in os.environ.items() if name not in kept_out}
    environment["PORT"] = str(harness.free_port())
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        while True:
            with contextlib.suppress(OSError):
                if harness.fetch(f"http://127.0.0.1:{environment['PORT']}/")[0] == 200:
                    return time.monotonic() - started
            if process.poll() is not None:
                raise RuntimeError("make run ended")
            time.sleep(0.02)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()


if __name__ == "__main__":
    main()

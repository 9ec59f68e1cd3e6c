"""What the benchmarks share: servers on loopback that are ended again, a load, and medians of interleaved rounds.

Every figure is a ratio to something measured in the same run, round by round in turn, because this machine may be
busy: a rate alone says little tomorrow.
"""

import contextlib
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVER_CORE, LOAD_CORE = "0", "1"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def prepared(**settings):
    """Yield the environment of a fresh site in a folder of its own, which is removed at the end."""
    folder = tempfile.mkdtemp(prefix="iop-bench-")
    mine = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")}
    environment = mine | {
        "DATA_DIR": folder,
        "LOG_LEVEL": "WARNING",
        "INQUIRY_LIMIT_PER_HOUR": "1000000",  # counted as in production, and never reached
        "PORT": str(free_port()),
        **settings,
    }
    environment.setdefault("SITE_URL", f"http://127.0.0.1:{environment['PORT']}")
    try:
        manage(environment, "prepare")
        yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def manage(environment, *arguments, **options):
    """Run a management command of the product, or raise CalledProcessError."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True, **options)


def module(environment, name: str, *arguments):
    """Run a module of these benchmarks on a prepared site, in a process of its own; what it prints is seen."""
    subprocess.run([sys.executable, "-m", name, *arguments], cwd=ROOT, env=environment, check=True)


@dataclass(eq=False)
class Server:
    """gunicorn with the product's own settings around ``application``, pinned to one core unless told otherwise."""

    name: str
    application: str
    environment: dict
    folder: Path = ROOT
    process: subprocess.Popen | None = None
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # seconds of CPU for one request
    workers: int = 1
    cores: str = SERVER_CORE

    def __enter__(self):
        port = str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        settings = {"PORT": port, "SITE_URL": self.url, "WEB_WORKERS": str(self.workers), "WEB_THREADS": "4"}
        self.process = subprocess.Popen(
            ["taskset", "-c", self.cores, *self.command(port)],
            cwd=self.folder,
            env=self.environment | settings,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        self.wait()
        return self

    def command(self, port: str) -> list[str]:
        return [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", self.application]

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait(self, path="/"):
        """Wait until the server answers; raise RuntimeError after 60 seconds."""
        for _ in range(600):
            with contextlib.suppress(OSError):
                fetch(self.url + path)
                return
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended at its start")
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} does not answer")

    def workers_of(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def cpu_seconds(self) -> float:
        """Return the CPU time that all workers have used so far, in seconds."""
        total = 0
        for pid in self.workers_of():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_mib(self) -> float:
        """Return the largest resident memory of a worker, in MiB."""
        sizes = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in self.workers_of()]
        return max(int(size[1]) for size in sizes) / 1024

    def load(self, path: str, seconds: float = 2, connections: int = 8, headers=("Accept-Encoding: br, gzip",)):
        """Ask for ``path`` as fast as answers come, from the other core; note the rate and its cost."""
        before = self.cpu_seconds()
        command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
        for header in headers:
            command += ["-H", header]
        output = subprocess.run([*command, self.url + path], capture_output=True, text=True, check=True).stdout
        used = self.cpu_seconds() - before
        requests = int(re.search(r"(\d+) requests in", output)[1])
        wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
        if wrong:
            raise RuntimeError(f"{self.name} {path}: {wrong[1]} of {requests} answers were errors")
        self.rates.append(requests / float(seconds))
        self.costs.append(used / requests)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        return statistics.median(self.costs)


def fetch(url: str, **headers) -> tuple[int, dict, bytes]:
    """Return status, headers and body of one GET; an error status is an answer too."""
    request = urllib.request.Request(url, headers=headers)
    opener = urllib.request.build_opener(_Plain)
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


class _Plain(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def interleave(servers: dict, rounds: int = 7, **load):
    """Load each server in turn, ``rounds`` times; ``servers`` maps each to the path to ask it for."""
    for _ in range(rounds):
        for server, path in servers.items():
            server.load(path, **load)


def median_of_ratios(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the ratios of each round: what disturbs one round disturbs both."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))


def table(title: str, head: list[str], rows: list[list]):
    """Print a Markdown table under a line that names the machine."""
    print(f"\n### {title}\n\n{machine()}\n")
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    print(flush=True)


def machine() -> str:
    """Say what this ran on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    name = model[1] if model else platform.machine()
    load = os.getloadavg()[0]
    today = time.strftime("%Y-%m-%d")
    return (
        f"{today}, Python {platform.python_version()}, {os.cpu_count()} × {name}; load average at the end {load:.1f}."
    )


def need(*programs: str):
    """End with one sentence when a program is missing."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        sys.exit(f"This needs {' and '.join(missing)}; as root: apt-get install {' '.join(missing)}")

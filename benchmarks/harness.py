"""What the benchmarks share: servers on loopback that are ended again, loads, medians of interleaved rounds, tables.

Every figure is a ratio to something measured in the same run, round by round in turn, because this machine may be
busy: a rate alone says little tomorrow.
"""

import contextlib
import http.client
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.proof.live import LiveSite, free_port

ROOT = Path(__file__).resolve().parent.parent
SERVER_CORE, LOAD_CORE, BOTH_CORES = "0", "1", "0,1"
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
SITE = "iop_site.wsgi:application"
IS_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FORMS = "from tests.proof.live import form\nfor number in range({}): print(form(f'Fictitious {}{{number}}'))"
for _name in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "DATABASE_URL", "SITE_URL"):
    os.environ.pop(_name, None)  # whatever the shell names as the real keys and database stays out of it


def number(name: str, default: int) -> int:
    """Return a number of the environment: ``ROUNDS=1 SECONDS=1`` tries a benchmark out, and measures nothing."""
    return int(os.environ.get(name, default))


@contextlib.contextmanager
def prepared(postgres: str = "", **settings):
    """Yield the environment of a fresh site in a folder, or on a PostgreSQL server, which is removed at the end."""
    # Forms are counted as in production, and the limit is never reached.
    site = LiveSite(postgres, **{"LOG_LEVEL": "WARNING", "INQUIRY_LIMIT_PER_HOUR": "1000000"} | settings)
    try:
        yield site.environment
    finally:
        site.__exit__()


def run(command: list, environment: dict, folder: Path = ROOT) -> str:
    """Run a command and return what it prints, or raise CalledProcessError."""
    pipe = subprocess.PIPE
    return subprocess.run(command, cwd=folder, env=environment, check=True, stdout=pipe, text=True).stdout


def shell(environment: dict, code: str) -> str:
    """Run code in the shell of a prepared site, and return what it prints."""
    return run([sys.executable, "manage.py", "shell", "--no-imports", "-c", code], environment)


def start(command: list[str], environment: dict, folder: Path = ROOT) -> subprocess.Popen:
    """Start a process in a session of its own, so that all it starts can be ended with it."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **quiet)


def end(process: subprocess.Popen):
    """Ask a process to end, and insist after half a minute."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(eq=False)
class Server:
    """gunicorn with the product's own settings around ``application``, pinned to one core unless told otherwise."""

    name: str
    application: str
    environment: dict
    workers: int = 1
    cores: str = SERVER_CORE
    folder: Path = ROOT
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # seconds of CPU for one request

    def __enter__(self):
        port = str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        settings = {"PORT": port, "SITE_URL": self.url, "WEB_WORKERS": str(self.workers), "WEB_THREADS": "4"}
        command = ["taskset", "-c", self.cores, *self.command(port)]
        self.process = start(command, self.environment | settings, self.folder)
        self.wait()
        return self

    def command(self, port: str) -> list[str]:
        return [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", self.application]

    def __exit__(self, *error):
        end(self.process)

    def wait(self, path="/", patience: float = 60):
        """Wait until the server answers; raise RuntimeError when it does not."""
        until = time.monotonic() + patience
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                fetch(self.url + path)
                return
            time.sleep(0.02)
        raise RuntimeError(f"{self.name} does not answer")

    def pids(self) -> list[str]:
        """Return the process numbers of all workers."""
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def cpu_seconds(self) -> float:
        """Return the CPU time that all workers have used so far, in seconds."""
        stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids())
        return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")

    def load(self, path: str):
        """Ask for ``path`` over eight connections as fast as answers come; note the rate and its cost."""
        seconds, before = number("SECONDS", 2), self.cpu_seconds()
        output = wrk(8, seconds, "-H", "Accept-Encoding: br, gzip", self.url + path)
        used, requests = self.cpu_seconds() - before, int(re.search(r"(\d+) requests in", output)[1])
        if "Non-2xx" in output:
            raise RuntimeError(f"{self.name} {path}: some of {requests} answers were errors")
        self.rates.append(requests / seconds)
        self.costs.append(used / requests)

    def figures(self, rate: float, *ratios: float) -> list[str]:
        """Return the row of a table: the median rate and what it is to another's, the median cost and what it is."""
        told = [f"{statistics.median(self.rates):,.0f}", f"{rate:.2f}", f"{statistics.median(self.costs) * 1e6:,.0f}"]
        return [self.name, *told, *(f"{ratio:.2f}" for ratio in ratios)]


def wrk(connections: int, seconds: int, *arguments: str, **environment) -> str:
    """Run the load on the other core, and return what it prints."""
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True).stdout


@contextlib.contextmanager
def threads(count: int, target, *arguments):
    """Run ``target`` in so many threads; what stands under it runs beside them, and they have ended after it."""
    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(target, *arguments) for _ in range(count)]
        yield futures
    [future.result() for future in futures]  # what went wrong in a thread goes wrong here


def memory_mib(*pids: int | str) -> float:
    """Return the largest resident memory of some processes, in MiB."""
    statuses = (Path(f"/proc/{pid}/status").read_text() for pid in pids)
    return max(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) for status in statuses) / 1024


def fetch(url: str, form: str | None = None, **headers) -> tuple[int, dict, bytes]:
    """Return status, headers and body of one GET, or of one POST of a form; an error status is an answer too."""
    place = urlsplit(url)
    with contextlib.closing(http.client.HTTPConnection(place.netloc, timeout=60)) as connection:
        headers |= {"Connection": "close"} | (IS_FORM if form else {})
        connection.request("POST" if form else "GET", f"{place.path or '/'}?{place.query}".rstrip("?"), form, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()


def size_of(headers: dict) -> int:
    """Return the bytes that headers take in an answer."""
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


def forms(environment: dict, count: int, prefix: str = "") -> list[str]:
    """Return the bodies of so many plainly fictitious forms, each with a token of its own."""
    return shell(environment, FORMS.format(count, prefix)).split()


def interleave(servers: dict):
    """Load each server in turn, seven times; ``servers`` maps each to the path to ask it for."""
    for _ in range(number("ROUNDS", 7)):
        for server, path in servers.items():
            server.load(path)


def quantile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1] if len(times) > 1 else float("nan")


def median_of_ratios(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the ratios of each round: what disturbs one round disturbs both."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))


def table(title: str, head: list[str], rows: list[list]):
    """Print a Markdown table under a line that names the machine."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    name = f"Python {platform.python_version()}, {os.cpu_count()} × {model[1] if model else platform.machine()}"
    load = f"load average at the end {os.getloadavg()[0]:.1f}"
    print(f"\n### {title}\n\n{time.strftime('%Y-%m-%d')}, {name}; {load}.\n")
    for row in (head, ["---"] * len(head), *rows):
        print(f"| {' | '.join(map(str, row))} |")
    print(flush=True)


def need(*programs: str):
    """End with one sentence when a program is missing."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        sys.exit(f"This needs {' and '.join(missing)}; as root: apt-get install {' '.join(missing)}")

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
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SERVER_CORE, LOAD_CORE, BOTH_CORES = "0", "1", "0,1"
TICKS = os.sysconf("SC_CLK_TCK")
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
SITE = "iop_site.wsgi:application"
IS_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKENS = "from inquiries.receipts import SubmissionKey\nfor _ in range({}): print(SubmissionKey.new().token())"
# Of the first to whom benchmarks.fill gives inquiries, so that the list of their own is as long as it gets.
SESSION = """
import time
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from iop_site.staff.models import Authenticator
from iop_site.staff.models.sessions import STARTED_AT
user, _ = get_user_model().objects.update_or_create(
    username="person0", defaults={"is_staff": True, "is_superuser": True, "first_name": "Person 0"})
device, _ = Authenticator.objects.get_or_create(user=user, defaults={"confirmed": True, "secret": "5e" * 20})
client = Client()
client.force_login(user)
session = client.session
session.update({DEVICE_ID_SESSION_KEY: device.persistent_id, STARTED_AT: time.time()})
session.save()
print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
"""


def number(name: str, default: int) -> int:
    """Return a number of the environment: ``ROUNDS=1 SECONDS=1`` tries a benchmark out, and measures nothing."""
    return int(os.environ.get(name, default))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextlib.contextmanager
def prepared(**settings):
    """Yield the environment of a fresh site in a folder of its own, which is removed at the end."""
    folder = tempfile.mkdtemp(prefix="iop-bench-")
    environment = {name: value for name, value in os.environ.items() if not name.endswith(("_KEY", "_KEYS"))}
    environment |= {"DATA_DIR": folder, "LOG_LEVEL": "WARNING", "PORT": str(free_port())}
    environment |= {"INQUIRY_LIMIT_PER_HOUR": "1000000", **settings}  # counted as in production, and never reached
    environment.setdefault("SITE_URL", f"http://127.0.0.1:{environment['PORT']}")
    try:
        manage(environment, "prepare")
        yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list, environment: dict, folder: Path = ROOT) -> str:
    """Run a command and return what it prints, or raise CalledProcessError."""
    pipe = subprocess.PIPE
    return subprocess.run(command, cwd=folder, env=environment, check=True, stdout=pipe, text=True).stdout


def manage(environment: dict, *arguments: str) -> str:
    return run([sys.executable, "manage.py", *arguments], environment)


def shell(environment: dict, code: str) -> str:
    """Run code in the shell of a prepared site, and return what it prints."""
    return manage(environment, "shell", "--no-imports", "-c", code)


def staff_cookie(environment) -> str:
    """Return the value of the header Cookie of a supervisor who passed both steps of the sign-in."""
    return shell(environment, SESSION).split()[-1]


def make_database(name: str):
    """Make an empty PostgreSQL database; one of that name is dropped before."""
    for order in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
        run(["psql", "-qc", order.format(name), f"{POSTGRES}/postgres"], os.environ)


@contextlib.contextmanager
def database(name: str):
    """Make an empty PostgreSQL database, yield its address, and drop it."""
    make_database(name)
    try:
        yield f"{POSTGRES}/{name}"
    finally:
        run(["psql", "-qc", f"DROP DATABASE {name} WITH (FORCE)", f"{POSTGRES}/postgres"], os.environ)


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
        return sum(int(fields[11]) + int(fields[12]) for fields in stats) / TICKS

    def memory_mib(self) -> float:
        """Return the largest resident memory of a worker, in MiB."""
        return max(resident_mib(pid) for pid in self.pids())

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
    for future in futures:
        future.result()  # what went wrong in a thread goes wrong here


def resident_mib(pid: int | str) -> float:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def fetch(url: str, form: str | None = None, **headers) -> tuple[int, dict, bytes]:
    """Return status, headers and body of one GET, or of one POST of a form; an error status is an answer too."""
    place = urlsplit(url)
    with contextlib.closing(http.client.HTTPConnection(place.netloc, timeout=60)) as connection:
        headers |= {"Connection": "close"} | (IS_FORM if form else {})
        connection.request("POST" if form else "GET", f"{place.path}?{place.query}".rstrip("?"), form, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()


def size_of(headers: dict) -> int:
    """Return the bytes that headers take in an answer."""
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


def forms(environment, count: int, prefix: str = "") -> list[str]:
    """Return the bodies of so many forms, each with a token of its own."""
    tokens = shell(environment, TOKENS.format(count)).split()
    return [form(token, f"{prefix}{place}") for place, token in enumerate(tokens)]


def form(token: str, number: str) -> str:
    """Return the body of one plainly fictitious form, unlike every other."""
    person = {"token": token, "step": "send", "name": f"Fictitious {number}", "contact_way": "call"}
    question = f"Question {number} of a benchmark: is there an evening group?"
    rest = {"phone": "(626) 555-0142", "preferred_language": "en", "question": question, "agree": "on"}
    return urlencode(person | rest)


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
    print(f"\n### {title}\n\n{machine()}\n")
    for row in (head, ["---"] * len(head), *rows):
        print(f"| {' | '.join(map(str, row))} |")
    print(flush=True)


def machine() -> str:
    """Say what this ran on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    name, load = model[1] if model else platform.machine(), os.getloadavg()[0]
    run_by = f"Python {platform.python_version()}, {os.cpu_count()} × {name}"
    return f"{time.strftime('%Y-%m-%d')}, {run_by}; load average at the end {load:.1f}."


def need(*programs: str):
    """End with one sentence when a program is missing."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        sys.exit(f"This needs {' and '.join(missing)}; as root: apt-get install {' '.join(missing)}")

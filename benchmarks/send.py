"""S6: how many inquiries a second are stored, each in one durable transaction, and how even the answers are.

`python -m benchmarks.send` measures SQLite and PostgreSQL (on 127.0.0.1, trust), beside commits of single rows.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import psycopg2

from benchmarks import harness
from benchmarks.harness import Server

ROUNDS, SECONDS, CONNECTIONS = 7, 3, 8
FORMS = 4000  # more than a round can send
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
TOKENS = "from inquiries.receipts import SubmissionKey\nfor _ in range({}): print(SubmissionKey.new().token())"
THREADS = "4"  # of the web process


def main():
    harness.need("wrk", "taskset")
    rows = []
    with database("iop_bench_raw") as raw:
        for name, url in (("SQLite", ""), ("PostgreSQL", f"{POSTGRES}/iop_bench")):
            with database("iop_bench") if url else contextlib.nullcontext():
                rows.append(measure(name, url, raw))
    harness.table(
        f"Sending an inquiry, {CONNECTIONS} connections, one web process with four threads on one core",
        ["database", "inquiries/s", "× raw commits/s", "p50 ms", "p99 ms", "p99 / p50"],
        rows,
    )


def measure(name: str, url: str, raw: str) -> list[str]:
    """Return the row of one database: rounds of sends and of raw commits in turn."""
    rates, ratios, halves, tails = [], [], [], []
    with (
        harness.prepared(DATABASE_URL=url) as environment,
        Server(name, "iop_site.wsgi:application", environment) as server,
    ):
        for number in range(ROUNDS):
            rate, p50, p99 = send(server, environment, number)
            rates.append(rate)
            ratios.append(rate / raw_commits(raw))
            halves.append(p50)
            tails.append(p99)
    p50, p99 = median(halves), median(tails)
    return [name, f"{median(rates):,.0f}", f"{median(ratios):.2f}", f"{p50:.1f}", f"{p99:.1f}", f"{p99 / p50:.1f}"]


def send(server: Server, environment: dict, number: int | str) -> tuple[float, float, float]:
    """Send forms for one round; return those confirmed a second, and the 50th and 99th percentile in milliseconds."""
    tokens = harness.manage(environment, "shell", "--no-imports", "-c", TOKENS.format(FORMS)).stdout.split()
    with tempfile.TemporaryDirectory(prefix="iop-bench-") as folder:
        bodies = Path(folder, "bodies")
        bodies.write_text("\n".join(form(token, f"{number}-{place}") for place, token in enumerate(tokens)))
        told = {"BODIES": str(bodies), "FORM_PATH": "/ask/me/", "COUNTS": str(Path(folder, "counts"))}
        command = ["taskset", "-c", harness.LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
        command += ["--timeout", "30s", "-s", str(Path(__file__).with_name("posts.lua")), server.url]
        output = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=True).stdout
        confirmed, other = map(int, Path(folder, "counts").read_text().split())
    if other:
        sys.exit(f"{other} of {confirmed + other} forms were not confirmed")
    result = re.search(r"RESULT (\d+) ([\d.]+) ([\d.]+) ([\d.]+)", output)
    requests, milliseconds, p50, p99 = map(float, result.groups())
    return requests / milliseconds * 1000, p50, p99


def form(token: str, number: str) -> str:
    """Return the body of one plainly fictitious form, unlike every other."""
    return urlencode(
        {
            "token": token,
            "step": "send",
            "name": f"Fictitious {number}",
            "contact_way": "call",
            "phone": "(626) 555-0142",
            "preferred_language": "en",
            "question": f"Question {number} of a benchmark: is there an evening group?",
            "agree": "on",
        }
    )


def raw_commits(url: str) -> float:
    """Return how many rows a second the same core commits one by one, with as many threads and the same driver."""
    command = ["taskset", "-c", harness.SERVER_CORE, sys.executable, "-m", "benchmarks.raw_commits", url, THREADS]
    output = subprocess.run([*command, str(SECONDS)], cwd=harness.ROOT, capture_output=True, text=True, check=True)
    return float(output.stdout)


@contextlib.contextmanager
def database(name: str):
    """Make an empty PostgreSQL database, yield its address, and drop it."""
    connection = psycopg2.connect(f"{POSTGRES}/postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            with contextlib.closing(psycopg2.connect(f"{POSTGRES}/{name}")) as fresh, fresh, fresh.cursor() as setup:
                setup.execute("CREATE TABLE raw (id bigserial PRIMARY KEY, text text)")
            yield f"{POSTGRES}/{name}"
        finally:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


if __name__ == "__main__":
    main()

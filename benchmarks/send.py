"""S6: how many inquiries a second are stored, each in one durable transaction, and how even the answers are.

`python -m benchmarks.send` measures SQLite and PostgreSQL (on 127.0.0.1, trust), beside commits of single rows: the
least that a Python process can do durably, `python -m benchmarks.send DATABASE_URL`.
"""

import contextlib
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import psycopg2

from benchmarks import harness
from benchmarks.harness import Server
from tests.proof.live import drop_database, postgres_database

ROUNDS, SECONDS, CONNECTIONS = harness.number("ROUNDS", 7), harness.number("SECONDS", 3), 8
FORMS, THREADS = 4000, 4  # more than a round can send; of the web process, and of the raw commits
HEAD = ["database", "inquiries/s", "× raw commits/s", "p50 ms", "p99 ms", "p99 / p50"]


def main():
    harness.need("wrk", "taskset")
    raw = postgres_database(harness.POSTGRES)
    try:
        rows = [measure("SQLite", "", raw), measure("PostgreSQL", harness.POSTGRES, raw)]
    finally:
        drop_database(raw)
    title = f"Sending an inquiry, {CONNECTIONS} connections, one web process with four threads on one core"
    harness.table(title, HEAD, rows)


def measure(name: str, postgres: str, raw: str) -> list[str]:
    """Return the row of one database: rounds of sends and of raw commits in turn."""
    rounds, ratios = [], []
    command = ["taskset", "-c", harness.SERVER_CORE, sys.executable, "-m", "benchmarks.send", raw]
    with harness.prepared(postgres) as environment, Server(name, harness.SITE, environment) as server:
        for number in range(ROUNDS):
            rounds.append(send(server, environment, number))
            ratios.append(rounds[-1][0] / float(harness.run(command, os.environ)))
    rate, p50, p99 = map(median, zip(*rounds, strict=True))
    return [name, f"{rate:,.0f}", f"{median(ratios):.2f}", f"{p50:.1f}", f"{p99:.1f}", f"{p99 / p50:.1f}"]


def send(server: Server, environment: dict, number: int) -> tuple[float, float, float]:
    """Send forms for one round; return those confirmed a second, and the 50th and 99th percentile in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="iop-bench-") as folder:
        bodies, counts = Path(folder, "bodies"), Path(folder, "counts")
        bodies.write_text("\n".join(harness.forms(environment, FORMS, f"{number}-")))
        told = {"BODIES": str(bodies), "FORM_PATH": "/ask/me/", "COUNTS": str(counts)}
        script = str(Path(__file__).with_name("posts.lua"))
        output = harness.wrk(CONNECTIONS, SECONDS, "--timeout", "30s", "-s", script, server.url, **told)
        confirmed, other = map(int, counts.read_text().split())
    if other:
        sys.exit(f"{other} of {confirmed + other} forms were not confirmed")
    requests, milliseconds, p50, p99 = map(float, re.search(r"RESULT (.+)", output)[1].split())
    return requests / milliseconds * 1000, p50, p99


def commits(url: str, ends_at: float) -> int:
    """Return how many rows one thread commits until a moment."""
    count = 0
    with contextlib.closing(psycopg2.connect(url)) as connection:
        while time.monotonic() < ends_at:
            with connection, connection.cursor() as cursor:
                cursor.execute("INSERT INTO raw (text) VALUES (%s)", ["Fictitious: is there an evening group?"])
            count += 1
    return count


def print_commits(url: str):
    """Print how many rows a second this core commits one by one, with as many threads and the driver of the site."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS raw (id bigserial PRIMARY KEY, text text)")
    with ThreadPoolExecutor(THREADS) as pool:
        print(sum(pool.map(commits, [url] * THREADS, [time.monotonic() + SECONDS] * THREADS)) / SECONDS)


if __name__ == "__main__":
    print_commits(*sys.argv[1:]) if sys.argv[1:] else main()

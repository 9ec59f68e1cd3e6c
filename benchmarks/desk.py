"""S7, S8: what the pages of the desk cost with many inquiries, against the same pages with a thousand.

`python -m benchmarks.desk [sizes] [engines]`, like `1000,1000000 sqlite,postgresql`, makes each database with
benchmarks.fill, asks every page of the desk in this very process (so that no server's noise is in it), and prints for
each the number and time of its queries, the time of the whole page, and both against the smallest size; then the plan
of the slowest query of each page. Times are medians of seven; on SQLite, which works inside the process, they are its
CPU time, so that others on the machine disturb them little; on PostgreSQL they are the shortest of seven by the wall.

With KEEP=folder the databases are kept there, and taken again the next time.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import psycopg2

from benchmarks import harness
from benchmarks.send import POSTGRES

SIZES, ENGINES = "1000,1000000", "sqlite,postgresql"
MOST_MS, MOST_RATIO, MOST_DECRYPTING = 30, 1.5, 2.0


def main(sizes: str = SIZES, engines: str = ENGINES):
    folder = os.environ.get("KEEP") or tempfile.mkdtemp(prefix="iop-bench-")
    for engine in engines.split(","):
        found = {int(size): of_size(engine, int(size), Path(folder)) for size in sizes.split(",")}
        show(engine, found)


def of_size(engine: str, size: int, folder: Path) -> dict:
    """Return what benchmarks.desk_pages measured on one database, which is made if it is not there."""
    place = folder / f"{engine}-{size}"
    name = f"iop_bench_{size}"
    url = f"{POSTGRES}/{name}" if engine == "postgresql" else ""
    environment = os.environ | {"DATA_DIR": str(place), "DATABASE_URL": url, "SITE_URL": "http://127.0.0.1:8000"}
    environment |= {"LOG_LEVEL": "ERROR"}
    if not (place / "filled").exists():
        place.mkdir(parents=True, exist_ok=True)
        if url:
            make_database(name)
        harness.manage(environment, "prepare")
        subprocess.run(
            [sys.executable, "-m", "benchmarks.fill", str(size)], cwd=harness.ROOT, env=environment, check=True
        )
        (place / "filled").touch()
    command = [sys.executable, "-m", "benchmarks.desk_pages"]
    output = subprocess.run(command, cwd=harness.ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(output.stdout)


def make_database(name: str):
    connection = psycopg2.connect(f"{POSTGRES}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()


def show(engine: str, found: dict[int, dict]):
    typical = median if engine == "sqlite" else min
    least, most = min(found), max(found)
    rows = []
    for page in found[most]:
        few = found[least][page]
        row = [page]
        for size in sorted(found):
            seen = found[size][page]
            row.append(
                f"{seen['rows']} / {seen['queries']} / {typical(seen['sql']):.1f} / {typical(seen['whole']):.0f}"
            )
        ratio = typical(found[most][page]["whole"]) / typical(few["whole"])
        slow = typical(found[most][page]["sql"]) > MOST_MS
        row += [f"{ratio:.2f}" + (" !" if ratio > MOST_RATIO else ""), "> 30 ms" if slow else "yes"]
        row.append(f"{found[most][page]['decrypting']:.1f} %")
        rows.append(row)
    head = ["page", *(f"{size:,}: rows / queries / SQL ms / page ms" for size in sorted(found))]
    head += [f"page, {most:,} : {least:,}", f"SQL ≤ {MOST_MS} ms", "spent decrypting"]
    harness.table(f"The desk on {engine}", head, rows)
    print("Plans of the slowest query of each page, at the largest size:\n")
    for page, seen in found[most].items():
        print(
            f"{page}: {seen['slowest_ms']:.1f} ms\n  {seen['slowest']}\n" + "".join(f"    {p}\n" for p in seen["plan"])
        )


if __name__ == "__main__":
    main(*sys.argv[1:])

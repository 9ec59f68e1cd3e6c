"""S7, S8: what the pages of the desk cost with many inquiries, against the same pages with a thousand.

`python -m benchmarks.desk [sizes] [engines]`, like `1000,1000000 sqlite,postgresql`, makes each database with
benchmarks.fill, asks every page of the desk in one process (so that no server's noise is in it), and prints for
each the number and time of its queries, the time of the whole page, and both against the smallest size; then the plan
of the slowest query of each page. Times are medians of seven; on SQLite, which works inside the process, they are its
CPU time, so that others on the machine disturb them little; on PostgreSQL they are the shortest of seven by the wall.

With KEEP=folder the databases are kept there, and taken again the next time.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks import harness
from tests.proof.live import drop_database, postgres_database

MOST_MS, MOST_RATIO = 30, 1.5


def main(sizes: str = "1000,1000000", engines: str = "sqlite,postgresql"):
    folder = Path(os.environ.get("KEEP") or tempfile.mkdtemp(prefix="iop-bench-"))
    for engine in engines.split(","):
        show(engine, {int(size): of_size(engine, int(size), folder / f"{engine}-{size}") for size in sizes.split(",")})


def of_size(engine: str, size: int, place: Path) -> dict:
    """Return what benchmarks.desk_pages measured on one database, which is made if it is not there."""
    filled = place / "filled"
    environment = os.environ | {"DATA_DIR": str(place), "LOG_LEVEL": "ERROR"}
    if not filled.exists():
        place.mkdir(parents=True, exist_ok=True)
        url = environment["DATABASE_URL"] = postgres_database(harness.POSTGRES) if engine == "postgresql" else ""
        harness.run([sys.executable, "manage.py", "prepare"], environment)
        print(harness.shell(environment, f"from benchmarks.fill import fill; print(fill({size}))"))
        filled.write_text(url)
    url = environment["DATABASE_URL"] = filled.read_text()
    found = json.loads(harness.shell(environment, "from benchmarks import desk_pages; desk_pages.main()"))
    if url and not os.environ.get("KEEP"):
        drop_database(url)
    return found


def show(engine: str, found: dict[int, dict]):
    least, most, sizes = min(found), max(found), sorted(found)
    head = ["page", *(f"{size:,}: rows / queries / SQL ms / page ms" for size in sizes)]
    head += [f"page, {most:,} : {least:,}", f"SQL ≤ {MOST_MS} ms", "spent decrypting"]
    typical = median if engine == "sqlite" else min
    rows = [row(page, [found[size][page] for size in sizes], typical) for page in found[most]]
    harness.table(f"The desk on {engine}", head, rows)
    print("Plans of the slowest query of each page, at the largest size:\n")
    for page, seen in found[most].items():
        plan = "".join(f"    {step}\n" for step in seen["plan"])
        print(f"{page}: {seen['slowest_ms']:.1f} ms\n  {seen['slowest']}\n{plan}")


def row(page: str, seen: list[dict], typical) -> list[str]:
    """Return the row of one page, of what was seen of it at each size."""
    sql, whole = [typical(one["sql"]) for one in seen], [typical(one["whole"]) for one in seen]
    told = [f"{one['rows']} / {one['queries']} / {s:.1f} / {w:.0f}" for one, s, w in zip(seen, sql, whole, strict=True)]
    ratio = whole[-1] / whole[0]
    grown, slow = " !" if ratio > MOST_RATIO else "", f"> {MOST_MS} ms" if sql[-1] > MOST_MS else "yes"
    return [page, *told, f"{ratio:.2f}{grown}", slow, f"{seen[-1]['decrypting']:.1f} %"]


if __name__ == "__main__":
    main(*sys.argv[1:])

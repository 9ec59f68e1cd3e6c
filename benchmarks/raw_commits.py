"""The least that a Python process can do durably: threads that commit one row each time. Prints commits a second.

`python -m benchmarks.raw_commits DATABASE_URL THREADS SECONDS`
"""

import sys
import threading
import time

import psycopg2

TEXT = "Fictitious: is there an evening group?"


def commit(url: str, ends_at: float, done: list[int]):
    connection = psycopg2.connect(url)
    count = 0
    while time.monotonic() < ends_at:
        with connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO raw (text) VALUES (%s)", [TEXT])
        count += 1
    done.append(count)
    connection.close()


def main(url: str, threads: str, seconds: str):
    done: list[int] = []
    ends_at = time.monotonic() + float(seconds)
    workers = [threading.Thread(target=commit, args=(url, ends_at, done)) for _ in range(int(threads))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(sum(done) / float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])

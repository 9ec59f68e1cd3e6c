"""The role of docs/deploy/postgresql.sql: nothing that it stores reaches the server's own log, whatever fails."""

import contextlib
import os
import shutil
import subprocess
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.proof.live import ROOT

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres") or not shutil.which("psql"), reason="of PostgreSQL"
)
TYPED = "canary7f3a"
FAILING = [
    "INSERT INTO kept VALUES (1, %s, 9)",  # a check
    "INSERT INTO kept VALUES (2, %s, NULL)",  # a column that may not be empty
    "INSERT INTO kept VALUES (3, %s, 1), (4, %s, 1)",  # a value that is there already
    "SELECT pg_sleep(9), %s",  # a time-out
    "SELECT %s FROM no_such_table",
]


@pytest.fixture
def connection(postgres):
    """A connection of that role, with a table of every kind of rule."""
    with contextlib.suppress(psycopg2.Error), contextlib.closing(psycopg2.connect(postgres.url)) as server:
        server.autocommit = True
        server.cursor().execute("DROP DATABASE IF EXISTS iop")
        server.cursor().execute("DROP ROLE IF EXISTS iop")
    recipe = ["--set=ON_ERROR_STOP=1", "--set=password='made-up'", f"--file={ROOT / 'docs/deploy/postgresql.sql'}"]
    subprocess.run(["psql", "--no-psqlrc", "--quiet", f"--dbname={postgres.url}/postgres", *recipe], check=True)
    where = urlsplit(postgres.url)
    with contextlib.closing(
        psycopg2.connect(host=where.hostname, port=where.port, user="iop", password="made-up", dbname="iop")
    ) as connection:
        connection.autocommit = True
        connection.cursor().execute(
            "CREATE TABLE kept (id int PRIMARY KEY, words text UNIQUE, rank int NOT NULL CHECK (rank < 5));"
            "SET statement_timeout = 100"
        )
        yield connection


@pytest.mark.parametrize("statement", FAILING)
def test_what_fails_is_logged_without_a_value(postgres, connection, statement):
    with pytest.raises(psycopg2.Error):
        connection.cursor().execute(statement, [TYPED] * statement.count("%s"))
    log = (postgres.folder / "log").read_text()
    assert "ERROR" in log and TYPED not in log

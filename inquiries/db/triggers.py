"""The database itself refuses to change or delete an event, or the seal over it. SQLite drops triggers when a migration
rebuilds a table: call ``install`` again afterwards."""

TABLES = ("inquiries_event", "inquiries_eventseal")
REFUSAL = "BEGIN RAISE EXCEPTION 'events are append only'; END"  # the body of the function in PostgreSQL


def _sqlite(table: str) -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'events are append only'); END"
    verbs = [f"CREATE TRIGGER {table}_no_{v.lower()} BEFORE {v} ON {table} {refuse}" for v in ("UPDATE", "DELETE")]
    # INSERT OR REPLACE deletes the old row without firing its trigger.
    is_there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 - a constant above
    return [*verbs, f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {is_there} {refuse}"]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {REFUSAL} $$",
        f"CREATE TRIGGER {table}_no_change BEFORE DELETE OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def install(connection):
    remove(connection)
    for table in _existing(connection):
        _run(connection, _sqlite(table) if connection.vendor == "sqlite" else _postgresql(table))


def remove(connection):
    is_sqlite = connection.vendor == "sqlite"
    names = ("no_update", "no_delete", "no_replace") if is_sqlite else ("no_change", "no_truncate")
    for table in _existing(connection):
        on_table = "" if is_sqlite else f" ON {table}"
        _run(connection, [f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}" for name in names])


def altered(connection) -> list[str]:
    """Return the names of the triggers that are missing, switched off, or not what ``install`` adds."""
    read = _read_sqlite if connection.vendor == "sqlite" else _read_postgresql
    with connection.cursor() as cursor:
        there = read(cursor)
    expected = {}
    for table in TABLES:
        for statement in _sqlite(table) if connection.vendor == "sqlite" else _postgresql(table):
            if statement.startswith("CREATE TRIGGER"):
                expected[statement.split()[2]] = statement
    return [name for name, statement in expected.items() if there.get(name) != statement]


def _read_sqlite(cursor) -> dict[str, str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return dict(cursor.fetchall())


def _read_postgresql(cursor) -> dict[str, str]:
    """Those that are switched on and whose function still refuses."""
    cursor.execute(
        "SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgenabled IN ('O', 'A') AND trim(prosrc) = %s",
        [REFUSAL],
    )
    return dict(cursor.fetchall())


def _existing(connection) -> list[str]:
    there = set(connection.introspection.table_names())
    return [table for table in TABLES if table in there]


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

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


ADDED = {"sqlite": _sqlite, "postgresql": _postgresql}
# Each trigger by its name; of PostgreSQL those that are switched on and whose function still refuses.
THERE = {
    "sqlite": ["SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"],
    "postgresql": [
        "SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgenabled IN ('O', 'A') AND trim(prosrc) = %s",
        [REFUSAL],
    ],
}


def install(connection):
    remove(connection)
    for table in _existing(connection):
        _run(connection, ADDED[connection.vendor](table))


def remove(connection):
    is_sqlite = connection.vendor == "sqlite"
    names = ("no_update", "no_delete", "no_replace") if is_sqlite else ("no_change", "no_truncate")
    for table in _existing(connection):
        on_table = "" if is_sqlite else f" ON {table}"
        _run(connection, [f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}" for name in names])


def altered(connection) -> list[str]:
    """Return the names of the triggers that are missing, switched off, or not what ``install`` adds."""
    with connection.cursor() as cursor:
        cursor.execute(*THERE[connection.vendor])
        there = dict(cursor.fetchall())
    return [name for name, statement in expected(connection).items() if there.get(name) != statement]


FOREIGN = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    # A rule rewrites a statement before any trigger sees it.
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    " UNION ALL SELECT rulename, tablename FROM pg_rules WHERE schemaname = current_schema()",
}


def foreign(connection) -> list[str]:
    """Return the triggers and rules of somebody else on tables of this site, each with its table."""
    tables = set(connection.introspection.django_table_names())
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN[connection.vendor])
        there = cursor.fetchall()
    # In PostgreSQL another table may have a trigger of the same name.
    ours = {(name, table) for name in expected(connection) for table in TABLES if name.startswith(f"{table}_no_")}
    return sorted(f"{name} on {table}" for name, table in there if table in tables and (name, table) not in ours)


def expected(connection) -> dict[str, str]:
    statements = [statement for table in TABLES for statement in ADDED[connection.vendor](table)]
    return {one.split()[2]: one for one in statements if one.startswith("CREATE TRIGGER")}


def _existing(connection) -> list[str]:
    there = set(connection.introspection.table_names())
    return [table for table in TABLES if table in there]


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

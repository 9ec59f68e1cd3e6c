"""Database settings from a URL: SQLite made durable, PostgreSQL with time-outs that end before a visitor gives up."""

import dj_database_url

from iop_site.env import SettingError

# WAL with FULL lost nothing in trial power cuts, and IMMEDIATE makes writers wait for one another instead of failing.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
    ),
}
POSTGRESQL_OPTIONS = {
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 8000,  # milliseconds, as are the next ones
    "options": "-c statement_timeout=8000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000",
}
# For what takes its time and keeps nobody waiting. Locks stay short: who waits for one makes all others wait.
WITHOUT_TIME_OUTS = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"


def lift_time_outs(connection):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(WITHOUT_TIME_OUTS)


def database_settings(url: str) -> dict:
    try:
        settings = dj_database_url.parse(url)
    except ValueError:
        settings = {}
    engine = settings.get("ENGINE", "").rpartition(".")[2]
    if engine not in ("sqlite3", "postgresql") or not settings.get("NAME"):
        raise SettingError("DATABASE_URL must look like postgres://user:password@host:5432/name or sqlite:////path.")
    settings["ATOMIC_REQUESTS"] = False
    given = settings.get("OPTIONS", {})
    if engine == "sqlite3":
        return settings | {"OPTIONS": SQLITE_OPTIONS | given}
    return settings | {
        "OPTIONS": POSTGRESQL_OPTIONS | given,
        "CONN_MAX_AGE": 60,  # seconds
        "CONN_HEALTH_CHECKS": True,
    }

#!/usr/bin/env python3
"""What the tests need beyond Python: three browsers, gettext, a PostgreSQL server, and nginx for the long checks.

What is missing is installed by apt where that is allowed (root, or sudo without a password; never with
INSTALL=0). A server on PGHOST:PGPORT (127.0.0.1:5432) that lets us in without a password and may make
databases is used; otherwise one is started for this run alone, in a temporary folder, and taken away.

Run alone, this installs what is missing and says what is there.
"""

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from ctypes.util import find_library
from pathlib import Path
from urllib.parse import quote

import psycopg2

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
GETTEXT_TOOLS = ("xgettext", "msgmerge", "msgfmt", "msgcat", "msgunfmt")
OLDEST_POSTGRES = 140000  # the oldest that this Django supports


def has_chromium() -> bool:
    return any(map(shutil.which, CHROMIUM_NAMES))


def has_webkit() -> bool:
    mini_browsers = Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")
    return bool(shutil.which("WebKitWebDriver") and any(mini_browsers))


def has_gettext() -> bool:
    return all(map(shutil.which, GETTEXT_TOOLS))


def server_folder() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the PATH, one folder for each version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    candidates = [*reversed(folders), *([Path(on_path).parent] if on_path else [])]
    return next((f for f in candidates if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


def running_postgres() -> str | None:
    """The address of a server that already runs and lets us make databases, else None."""
    host, port = os.environ.get("PGHOST", "127.0.0.1"), os.environ.get("PGPORT", "5432")
    for user in dict.fromkeys((os.environ.get("PGUSER") or "postgres", getpass.getuser())):
        with suppress(psycopg2.Error):
            connection = psycopg2.connect(host=host, port=port, user=user, dbname="postgres", connect_timeout=3)
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
                is_allowed = cursor.fetchone()[0] and connection.server_version >= OLDEST_POSTGRES
            connection.close()
            if is_allowed:
                return f"postgres://{quote(user, safe='')}@{quote(host, safe='')}:{port}"
    return None


def has_nginx() -> bool:
    return bool(shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"))


def missing_packages(for_proof: bool) -> list[str]:
    """Debian's names of what is neither installed nor running."""
    return [
        package
        for package, is_there in (
            ("chromium", has_chromium()),
            ("chromium-driver", shutil.which("chromedriver")),
            ("libatomic1", find_library("atomic")),
            ("firefox-esr", shutil.which("firefox-esr")),
            ("webkit2gtk-driver", has_webkit()),
            ("xvfb", shutil.which("Xvfb")),
            ("gettext", has_gettext()),
            ("postgresql", server_folder() or running_postgres()),
            ("postgresql-client", shutil.which("pg_dump")),
            ("nginx-light", has_nginx() or not for_proof),
        )
        if not is_there
    ]


def apt_command() -> list[str] | None:
    """How apt-get may be called here, or None."""
    if os.environ.get("INSTALL") == "0" or not shutil.which("apt-get"):
        return None
    # RUNLEVEL=1: without systemd, nothing that is installed is started as a service.
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    if os.getuid() == 0:
        return apt
    sudo = shutil.which("sudo")
    is_free = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0
    return [sudo, "-n", *apt] if is_free else None


def install_missing(for_proof: bool = False) -> list[str]:
    """Install by apt what is missing, if that is allowed, and return the packages that still are."""
    packages, apt = missing_packages(for_proof), apt_command()
    if not packages or not apt:
        return packages
    print(f"Installing by apt: {' '.join(packages)}", flush=True)
    # A list that cannot be renewed just now may still do.
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*apt, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print(done.stdout[-2000:], flush=True)
    if "nginx-light" in packages:
        end_service("nginx", apt[: apt.index("env")])
    return missing_packages(for_proof)


def end_service(name: str, sudo: list[str]) -> None:
    """End what systemd started with a package, now and at every boot: only the program is wanted here."""
    if Path("/run/systemd/system").is_dir():
        subprocess.run([*sudo, "systemctl", "disable", "--now", name], stdin=subprocess.DEVNULL, capture_output=True)


class Postgres:
    """A server to make test databases on: the one that runs already, or one of our own until ``stop``."""

    def __init__(self):
        self.folder = self.url = None

    def find_or_start(self) -> None:
        """Set ``url``; it stays None where there is neither a running server nor a program to start."""
        self.tools = server_folder()
        self.url = running_postgres() or (self.start() if self.tools else None)

    def start(self) -> str | None:
        self.folder = Path(tempfile.mkdtemp(prefix="iop-postgres-"))
        password = secrets.token_hex(16)
        (self.folder / "password").write_text(password)
        if os.getuid() == 0:  # the server refuses to run as root
            owner = "postgres" if "postgres" in Path("/etc/passwd").read_text() else "nobody"
            for path in (self.folder, self.folder / "password"):
                shutil.chown(path, owner)
            self.prefix = ["runuser", "-u", owner, "--"]
        else:
            self.prefix = []
        made = self.call(
            "initdb", "--no-sync", "--username=postgres", f"--pwfile={self.folder / 'password'}",
            "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        for _ in range(3 if made else 0):  # the port can be taken between finding and using it
            port = free_port()
            where = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
            log = f"--log={self.folder / 'log'}"
            if self.call("pg_ctl", "start", "-w", "-t", "30", log, "-o", f"{where} -c fsync=off"):
                return f"postgres://postgres:{password}@127.0.0.1:{port}"
        return None

    def call(self, tool: str, *arguments: str) -> bool:
        process = subprocess.Popen(
            [*self.prefix, self.tools / tool, *arguments, "-D", self.folder / "data"],
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # not a pipe: the server would hold it open
            start_new_session=True,  # Ctrl-C is for us; interrupted half way, these tools leave things behind
        )
        try:
            return process.wait() == 0
        except KeyboardInterrupt:
            process.wait()
            raise

    def drop_databases(self, name: str) -> None:
        """Remove what an interrupted test run left: all databases whose names hold ``name``."""
        if not self.url:
            return
        with suppress(psycopg2.Error):
            connection = psycopg2.connect(f"{self.url}/postgres")
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT datname FROM pg_database WHERE strpos(datname, %s) > 0", [name])
                for (database,) in cursor.fetchall():
                    cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.close()

    def stop(self) -> None:
        if self.folder:
            if (self.folder / "data/postmaster.pid").exists():
                self.call("pg_ctl", "stop", "-w", "-m", "immediate")
            shutil.rmtree(self.folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> int:
    missing = install_missing(for_proof=True)
    print(f"chromium: {'yes' if has_chromium() else 'no'}")
    print(f"firefox: {'yes' if shutil.which('firefox-esr') else 'no'}")
    print(f"webkit: {'yes' if has_webkit() else 'no'}")
    print(f"gettext: {'yes' if has_gettext() else 'no'}")
    server = "runs" if running_postgres() else "can be started" if server_folder() else "no"
    print(f"PostgreSQL: {server}")
    print(f"nginx: {'yes' if has_nginx() else 'no'}")
    if missing:
        print(f"As root: apt-get install {' '.join(missing)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

"""A first start makes keys; a later start with other keys, fewer keys or none is refused with one sentence."""

import base64
import contextlib
import os
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from inquiries.crypto.keyring import Keyring
from inquiries.models.key_checks import KNOWN_TEXT
from iop_site import env

ROOT = Path(__file__).resolve().parents[2]
OTHER_KEY = base64.b64encode(b"another key, also thirty-two by.").decode()
pytestmark = pytest.mark.once  # the databases are of its own, and SQLite
KEY_SETTINGS = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder after one first start, on SQLite."""
    folder = tmp_path_factory.mktemp("data") / "var"
    first = run(folder)
    assert first.returncode == 0, first.stderr
    return folder


def run(folder: Path, *command: str, **settings: str):
    environment = {name: value for name, value in os.environ.items() if name not in KEY_SETTINGS}
    environment |= {"DATA_DIR": str(folder), **settings}
    return subprocess.run(
        [sys.executable, *(command or ("manage.py", "prepare"))],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def refusal(result) -> str:
    """The one sentence of a refused start."""
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("Cannot start: ") and result.stderr.count("\n") == 1
    return result.stderr


def test_keys_are_made_once_and_for_their_owner_only(prepared):
    keys = {file.name: file.read_text() for file in (prepared / "keys").iterdir()}
    assert set(keys) == {"secret_key", "field_keys", "index_key"}
    assert all(stat.S_IMODE((prepared / "keys" / name).stat().st_mode) == 0o600 for name in keys)
    again = run(prepared)
    assert again.returncode == 0
    assert {file.name: file.read_text() for file in (prepared / "keys").iterdir()} == keys


def test_the_start_says_where_the_site_is_and_how_to_make_an_account(prepared):
    output = run(prepared, PORT="8123").stdout
    assert "http://127.0.0.1:8123/" in output
    assert "make staff" not in output and "Ctrl-C" not in output  # those are for a machine of one's own
    assert "/admin/set-up/" in output and re.search(r"type there  ([2-9A-Z]{4}-){4}[2-9A-Z]{4}\n", output)


def test_lost_keys_stop_the_start_and_no_new_ones_are_made(prepared, tmp_path):
    kept = prepared / "keys"
    away = kept.rename(tmp_path / "keys")
    try:
        assert "was filled with keys" in refusal(run(prepared))
        assert not kept.exists()
    finally:
        away.rename(kept)


@pytest.mark.parametrize("name", ["secret_key", "field_keys", "index_key"])
def test_one_lost_key_stops_the_start(prepared, tmp_path, name):
    kept = prepared / "keys" / name
    away = kept.rename(tmp_path / name)
    try:
        assert name.upper() in refusal(run(prepared))
        assert not kept.exists()
    finally:
        away.rename(kept)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"FIELD_KEYS": f"k1:{OTHER_KEY}"}, "'k1' in FIELD_KEYS is not the key"),
        ({"FIELD_KEYS": f"k2:{OTHER_KEY}"}, "FIELD_KEYS lacks the key 'k1'"),
        ({"INDEX_KEY": OTHER_KEY}, "INDEX_KEY is not the key"),
        ({"FIELD_KEYS": "k1:c2hvcnQ="}, "32 bytes"),
        ({"INDEX_KEY": "c2hvcnQ="}, "32 bytes"),
        ({"SECRET_KEY": "short"}, "at least 50 characters"),
        ({"SITE_URL": "http://guide.example"}, "https://"),
        ({"PORT": "http"}, "PORT must be"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must"),
    ],
)
def test_a_setting_that_does_not_fit_stops_the_start(prepared, settings, words):
    assert words in refusal(run(prepared, **settings))


@pytest.mark.parametrize("command", [("-c", "import iop_site.wsgi"), ("manage.py", "deliver_outbox", "--once")])
def test_web_server_and_worker_do_not_start_with_another_key(prepared, command):
    refusal(run(prepared, *command, FIELD_KEYS=f"k1:{OTHER_KEY}"))


def test_keys_given_in_part_are_refused_on_an_empty_database(tmp_path):
    assert "set all three keys" in refusal(run(tmp_path / "var", FIELD_KEYS=f"k1:{OTHER_KEY}"))


def test_given_keys_are_used_and_none_is_written(tmp_path):
    folder = tmp_path / "var"
    result = run(folder, SECRET_KEY="s" * 30 + "k" * 30, FIELD_KEYS=f"k1:{OTHER_KEY}", INDEX_KEY=OTHER_KEY)
    assert result.returncode == 0, result.stderr
    assert not (folder / "keys").exists()


def test_a_new_first_key_is_taken_up_beside_the_old_one(prepared):
    old = (prepared / "keys" / "field_keys").read_text().strip()
    assert run(prepared, FIELD_KEYS=f"{old},k9:{OTHER_KEY}").returncode == 0
    # Nothing was sealed with k9 yet, for only the first key seals: it may go again.
    assert run(prepared).returncode == 0


def check_value(folder: Path) -> str:
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        return database.execute("SELECT sealed FROM inquiries_keycheck WHERE purpose = 'field'").fetchone()[0]


def test_texts_are_padded_at_once_in_a_new_database_and_elsewhere_when_no_older_process_is_left(prepared):
    assert check_value(prepared).startswith("v2:") and "--all-new" not in run(prepared).stdout
    ring = Keyring(env.field_keys((prepared / "keys" / "field_keys").read_text().strip()), b"")
    with contextlib.closing(sqlite3.connect(prepared / "db.sqlite3")) as database, database:
        plain = ring.seal(KNOWN_TEXT, "keycheck|k1")  # as the release before left it
        database.execute("UPDATE inquiries_keycheck SET sealed = ? WHERE purpose = 'field'", [plain])
    assert "manage.py prepare --all-new" in run(prepared).stdout and check_value(prepared) == plain
    said = run(prepared, "manage.py", "prepare", "--all-new").stdout
    assert "Start each of them again; then `manage.py rotate_keys`" in said
    assert check_value(prepared).startswith("v2:")
    again = run(prepared, "manage.py", "prepare", "--all-new").stdout
    assert "rotate_keys" not in again and "--all-new" not in again

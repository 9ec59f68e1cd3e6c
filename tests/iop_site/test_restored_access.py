"""A backup brings back nothing that lets somebody in once or for a while, nor does a restore that was cut off."""

import os
import subprocess
import sys
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import ProgrammingError, connection
from django.utils import timezone

from inquiries.models import Event, OutboxNotice
from iop_site.ops import backups, restoring, sqlite_check
from iop_site.staff import restored_access
from iop_site.staff.models import Authenticator, RecoveryCode, SetUpCode, User
from iop_site.staff.models.set_up_code import SetUpCode as Code
from tests.databases import url_of_test_database
from tests.factories import PASSWORD, phone_of, staff_user, stored_inquiry
from tests.iop_site.test_second_step import number

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def user():
    return staff_user(username="ana")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    return tmp_path


def revoke():
    restored_access.revoke(timezone.now())


def test_everybody_is_signed_out(client, user):
    client.force_login(user)
    assert client.get("/admin/account/").status_code == 200
    revoke()
    assert client.get("/admin/account/").url.startswith("/admin/login/")


def test_no_number_works_that_a_phone_showed_until_then_and_the_phone_stays(user):
    phone = phone_of(user)
    shown = number(phone), number(phone, 1)
    revoke()
    assert not any(phone_of(user).verify_token(token) for token in shown)
    assert user.authenticator == phone


def test_a_phone_that_was_being_set_up_is_begun_anew(user):
    Authenticator.begin(user)
    revoke()
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_void(user):
    codes = phone_of(user).renew_codes()
    revoke()
    assert not phone_of(user).verify_recovery_code(codes[0]) and not RecoveryCode.objects.exists()


def test_the_code_of_the_first_account_is_void():
    code = SetUpCode.renew()
    revoke()
    assert not Code.is_right(code)


@pytest.mark.one_step
def test_a_password_that_somebody_else_gave_lapses_and_one_of_ones_own_stays(client, user):
    given = staff_user(username="new", must_choose_password=True, password_given_at=timezone.now())
    revoke()
    codes = [
        client.post("/admin/login/", {"username": one.username, "password": PASSWORD}).status_code
        for one in (given, user)
    ]
    assert codes == [200, 302]
    event = Event.objects.get(verb="account-changed")
    assert (event.account, event.fields, event.detail) == (given, "password_given_at", "restore")


def test_a_password_that_lapsed_before_is_left_as_it_is():
    long_ago = timezone.now() - timedelta(days=30)
    staff_user(must_choose_password=True, password_given_at=long_ago)
    revoke()
    assert User.objects.get().password_given_at == long_ago


def test_notices_are_owed_still_and_no_worker_of_then_holds_one(user):
    User.objects.update(is_superuser=True)
    stored_inquiry()
    OutboxNotice.objects.update(claimed_until=timezone.now() + timedelta(minutes=5))
    revoke()
    assert OutboxNotice.objects.due(timezone.now()).count() == 1


class Cut(Exception):
    """What ends a restore in its middle."""


def cut(now):
    raise Cut


def restore(monkeypatch, path):
    """Restore as if the database were empty, without filling it: it holds what is in the backup."""
    monkeypatch.setattr(type(connection.introspection), "table_names", lambda self: [])
    monkeypatch.setattr(backups, "_restore_sqlite", lambda copy: None)
    monkeypatch.setattr(backups, "_run", lambda *arguments: None)
    monkeypatch.setattr(backups, "_count", lambda cursor, tables: backups.verify(path)["tables"])
    monkeypatch.setattr(backups, "call_command", lambda *arguments, **options: None)
    backups.restore(path)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "postgresql" and not backups.find_tool("pg_dump"), reason="needs postgresql-client"
)
class TestRestore:
    def test_a_restore_revokes_access(self, client, user, monkeypatch):
        client.force_login(user)
        restore(monkeypatch, backups.make())
        assert not user.sessions.exists()
        sqlite_check.refuse_damaged()

    def test_a_database_user_who_may_not_mark_it_is_told_so_and_nothing_is_shut(self, monkeypatch):
        def refuse(statement):
            raise ProgrammingError("permission denied")

        monkeypatch.setattr(restoring, "_run_on_postgres", refuse)
        with pytest.raises(backups.BackupError, match="GRANT CREATE ON DATABASE"):
            restore(monkeypatch, backups.make())
        assert not restoring.unfinished_file().exists()

    def test_nothing_starts_on_a_restore_that_was_cut_off(self, client, user, monkeypatch):
        client.force_login(user)
        path = backups.make()

        monkeypatch.setattr(restored_access, "revoke", cut)
        with pytest.raises(Cut):
            restore(monkeypatch, path)
        try:
            with pytest.raises(ImproperlyConfigured, match="did not end"):
                sqlite_check.refuse_damaged()
        finally:
            restoring.unmark()

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="no other machine uses a file of SQLite")
    def test_on_another_machine_that_uses_the_database_nothing_starts_and_what_runs_is_stopped(
        self, client, user, monkeypatch, tmp_path
    ):
        client.force_login(user)
        path = backups.make()
        monkeypatch.setattr(restored_access, "revoke", cut)
        with pytest.raises(Cut):
            restore(monkeypatch, path)
        restoring.unfinished_file().unlink()  # another machine has no such file
        try:
            with pytest.raises(ImproperlyConfigured, match="schema iop_restoring in the database"):
                sqlite_check.refuse_damaged()
            with pytest.raises(ImproperlyConfigured, match="did not end"):
                call_command("prepare")
            with pytest.raises(ImproperlyConfigured, match="did not end"):
                backups.make(timezone.now() + timedelta(hours=1))
            connection.close()  # as each process does by itself within a minute
            assert client.get("/readyz").status_code == 503
            with pytest.raises(restoring.NotRestored):
                client.get("/admin/account/")
            for words in (["-c", "import iop_site.wsgi"], ["manage.py", "deliver_outbox"]):
                done = run(tmp_path, *words, DATABASE_URL=url_of_test_database())
                assert done.returncode and "did not end" in done.stderr and "Traceback" not in done.stderr
        finally:
            with restoring.own_connections():
                connection.close()
                restoring.unmark()
        sqlite_check.refuse_damaged()


def set_up_by(monkeypatch, *words):
    """Set the site up as in a process that was started with these words."""
    monkeypatch.setattr(sys, "argv", list(words))
    apps.get_app_config("iop_site").ready()


def test_no_command_runs_on_a_restore_that_was_cut_off_but_those_that_mend_it(monkeypatch):
    restoring.unfinished_file().touch()
    refused = set()
    for command in get_commands():
        try:
            set_up_by(monkeypatch, "manage.py", command)
        except ImproperlyConfigured as error:
            assert "did not end" in str(error)
            refused.add(command)
    assert set(get_commands()) - refused == {"restore", "verify_backup", "prepare"}


def test_what_tidies_up_on_a_restore_that_was_cut_off_then_refuses_by_itself():
    restoring.unfinished_file().touch()
    with pytest.raises(ImproperlyConfigured, match="did not end"):
        call_command("prepare")


def start(folder, *words):
    """Start a process of the site on a folder in which a restore was cut off."""
    restoring.unfinished_file().touch()
    return run(folder, *words)


def run(folder, *words, **variables):
    environment = os.environ | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "iop_site.settings"} | variables
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    "words",
    [
        ["manage.py", "deliver_outbox", "--once"], ["-m", "django", "deliver_outbox", "--once"],
        ["-m", "django", "rotate_keys"], ["-c", "import django; django.setup()"], ["-c", "import iop_site.wsgi"],
    ],
)  # fmt: skip
def test_no_way_in_passes_by_a_restore_that_was_cut_off(folder, words):
    done = start(folder, *words)
    assert done.returncode and "did not end" in done.stderr
    assert [file.name for file in folder.iterdir()] == ["restore.unfinished"]


@pytest.mark.parametrize("way", [["manage.py"], ["-m", "django"]])
def test_what_mends_a_restore_that_was_cut_off_may_start_either_way(folder, way):
    assert "none does not exist" in start(folder, *way, "restore", "none").stderr


def test_after_a_restore_every_command_runs_again(monkeypatch):
    set_up_by(monkeypatch, "manage.py", "deliver_outbox")


@pytest.mark.parametrize(
    ("argv", "is_let_through"),
    [
        (["manage.py", "restore", "--yes", "x.backup"], True),
        (["/srv/site/manage.py", "prepare"], True),
        (["/usr/bin/django-admin", "verify_backup", "--settings=iop_site.settings"], True),
        (["/site-packages/django/__main__.py", "restore"], True),  # python -m django
        (["manage.py", "--traceback", "restore"], False),  # Django itself knows no such command
        (["manage.py", "runserver", "restore"], False),
        (["manage.py"], False),
        (["/usr/bin/gunicorn", "restore"], False),
        (["/site-packages/gunicorn/__main__.py", "prepare"], False),
        (["-c", "restore"], False),
        ([""], False),
    ],
)
def test_only_the_command_of_a_restore_starts_while_one_has_not_ended(monkeypatch, argv, is_let_through):
    monkeypatch.setattr("sys.argv", argv)
    restoring.unfinished_file().touch()
    try:
        with nullcontext() if is_let_through else pytest.raises(ImproperlyConfigured):
            restoring.refuse_start()
    finally:
        restoring.unfinished_file().unlink()

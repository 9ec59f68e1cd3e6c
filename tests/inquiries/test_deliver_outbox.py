"""The worker sends, waits for a database that is away, and stops when it is told to."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from inquiries.management.commands import deliver_outbox
from inquiries.models import KeyCheck, NetworkCount
from inquiries.models.key_checks import KeysDoNotFit
from inquiries.worker import jobs, mailer
from iop_site import postgres_wait
from iop_site.ops import restoring
from tests.factories import staff_user, stored_inquiry

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_one_pass_sends_what_is_due(settings):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    call_command("deliver_outbox", "--once")
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_pass_drops_the_counts_of_networks_after_a_day():
    now = timezone.now()
    NetworkCount.objects.add("203.0.113.7", now - timedelta(hours=26))
    NetworkCount.objects.add("203.0.113.7", now)
    NetworkCount.objects.add("203.0.113.8", now - timedelta(hours=27))
    call_command("deliver_outbox", "--once")
    assert [count.hour >= now - timedelta(hours=1) for count in NetworkCount.objects.all()] == [True]


@pytest.mark.django_db
def test_keys_that_do_not_fit_end_it_with_one_sentence(monkeypatch):
    def refuse(*args):
        raise KeysDoNotFit("INDEX_KEY is not the key that this database was filled with.")

    monkeypatch.setattr(KeyCheck.objects, "verify_once", refuse)
    with pytest.raises(KeysDoNotFit, match=r"^INDEX_KEY is not the key"):
        call_command("deliver_outbox", "--once")


def test_one_pass_says_that_the_database_is_away(monkeypatch):
    monkeypatch.setattr(KeyCheck.objects, "verify_once", lambda: None)
    monkeypatch.setattr(jobs, "tidy", lambda *args: None)
    monkeypatch.setattr(jobs.Sealer, "seal", lambda *args: None)
    monkeypatch.setattr(mailer, "deliver_due", away)
    with pytest.raises(CommandError, match="The database does not answer"):
        call_command("deliver_outbox", "--once")


def away(*args):
    raise OperationalError("no server")


def cut_off(*args):
    raise InterfaceError("connection already closed")


def test_while_the_database_is_away_the_worker_waits_and_goes_on(monkeypatch):
    passes, installed = [], []

    def deliver_due(should_stop):
        passes.append(len(passes))
        if len(passes) < 3:
            away()
        os.kill(os.getpid(), signal.SIGTERM)

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(postgres_wait, "install", lambda: installed.append(True))
    monkeypatch.setattr(restoring, "_has_schema", cut_off)
    monkeypatch.setattr(deliver_outbox, "PASS_SECONDS", 0)
    monkeypatch.setattr(deliver_outbox, "close_old_connections", lambda: None)
    monkeypatch.setattr(KeyCheck.objects, "verify_once", lambda: None)
    monkeypatch.setattr(jobs, "tidy", lambda *args: None)
    monkeypatch.setattr(jobs.Sealer, "seal", lambda *args: None)
    monkeypatch.setattr(mailer, "deliver_due", deliver_due)
    try:
        call_command("deliver_outbox")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert passes == [0, 1, 2] and installed == [True]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path, number):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "iop_site.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "deliver_outbox"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert "no mail is sent: EMAIL_URL is not set; notices wait in the admin" in worker.stderr.readline()
    assert "the outbox waits for the database" in worker.stderr.readline()  # it has no tables yet
    time.sleep(0.2)
    worker.send_signal(number)
    assert worker.wait(timeout=10) == 0
    assert "Traceback" not in worker.stderr.read()

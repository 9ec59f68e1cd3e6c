"""The worker calls what the settings name, and nothing that goes wrong there stops the mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string

from inquiries.worker import jobs as worker_jobs
from inquiries.worker.jobs import REST_AFTER_FAILURE, Worker, named_jobs
from iop_site import settings as shipped
from tests.factories import staff_user, stored_inquiry

calls = []


def job(now):
    calls.append(now)


def broken(now):
    calls.append("broken")
    raise RuntimeError("words of a person")


@pytest.fixture(autouse=True)
def jobs(settings, monkeypatch):
    calls.clear()
    settings.WORKER_JOBS = [f"{__name__}.broken", f"{__name__}.job"]
    clock = [100.0]
    monkeypatch.setattr(worker_jobs, "time", type("Clock", (), {"monotonic": staticmethod(lambda: clock[0])}))
    monkeypatch.setattr(worker_jobs, "import_string", lambda name: globals()[name.rpartition(".")[2]])
    jobs = Worker(named_jobs())
    jobs.clock = clock
    return jobs


def test_a_job_is_called_with_the_time_about_once_a_minute(jobs):
    now = timezone.now()
    jobs.run_pass(now=now)
    jobs.run_pass(now=now)
    assert calls == ["broken", now]
    jobs.clock[0] += 61
    jobs.run_pass(now=now + timedelta(minutes=1))
    assert calls == ["broken", now, now + timedelta(minutes=1)]


def test_one_that_fails_is_logged_by_its_class_and_rests(jobs, caplog):
    jobs.run_pass()
    assert "broken failed: RuntimeError" in caplog.text and "words of a person" not in caplog.text
    jobs.clock[0] += REST_AFTER_FAILURE.total_seconds() + 1
    jobs.run_pass()
    assert calls.count("broken") == 2


def test_none_is_begun_when_the_worker_is_told_to_stop(jobs):
    jobs.run_pass(lambda: True)
    assert calls == []


@pytest.mark.django_db
def test_a_broken_job_does_not_stop_the_mail(settings):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    call_command("deliver_outbox", "--once")
    assert len(mail.outbox) == 1 and calls[0] == "broken" and len(calls) == 2


def test_the_jobs_that_the_settings_name_are_there():
    assert len(shipped.WORKER_JOBS) == 6
    assert all(callable(import_string(name)) for name in shipped.WORKER_JOBS)


def test_what_the_worker_does_stands_in_one_table_with_how_often():
    rows = {job.name: (job.every, job.may_fail) for job in worker_jobs.timetable()}
    assert list(rows)[:5] == ["keys", "tidy", "seal", "mail", "names"]
    assert rows["tidy"] == (timedelta(hours=1), False) and rows["mail"] == (timedelta(0), False)
    assert {rows[name] for name in list(rows)[5:]} == {(timedelta(minutes=1), True)}

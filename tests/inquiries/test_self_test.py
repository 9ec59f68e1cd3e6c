"""The site's own test goes the whole way, shows up nowhere, and says when it does not."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from inquiries.desk import list_tabs, stats
from inquiries.models import CanaryRun, Figure, Inquiry, OutboxNotice
from inquiries.worker import mailer, self_test
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
Step = CanaryRun.Step


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture(autouse=True)
def with_mail_server(settings):
    settings.HAS_MAIL_SERVER = True
    settings.CANARY_EVERY_HOURS = 6


def test_it_goes_the_whole_way_and_is_erased(now):
    self_test.run_due(now)
    run = CanaryRun.objects.get()
    assert run.succeeded_at and not run.error and run.step == Step.ERASING
    inquiry = Inquiry.objects.get()
    assert inquiry.is_canary and inquiry.erased_at and inquiry.name == ""
    assert not OutboxNotice.objects.exists()
    verbs = set(inquiry.events.values_list("verb", flat=True))
    assert {"received", "status-read", "withdrawn"} <= verbs


def test_nobody_is_mailed_and_no_list_count_or_export_holds_it(now, monkeypatch, capsys):
    user = staff_user("inquiries.view_inquiry")
    seen = []

    def look(code):
        seen.append([tab for tab in list_tabs.LABELS if list_tabs.tab_queryset(tab, user, now).exists()])
        seen.append(stats.open_now().untried)
        call_command("export_inquiries")
        return page(code)

    page = self_test.status_page
    monkeypatch.setattr(self_test, "status_page", look)
    self_test.run_due(now)
    assert CanaryRun.objects.get().succeeded_at
    assert seen == [[], 0, [], 0] and capsys.readouterr().out == ""
    assert mail.outbox == [] and not Figure.objects.filter(kind="received", count__gt=0).exists()


def test_it_does_not_come_between_people(now, capsys):
    stored_inquiry()
    self_test.run_due(now)
    assert Inquiry.objects.from_people().count() == 1
    call_command("export_inquiries")
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["name"] == "Rosa Peña"


def test_it_knocks_at_the_mail_server(now, settings):
    settings.EMAIL_BACKEND = "iop_site.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    with pytest.raises(OSError):
        self_test.run_due(now)
    run = CanaryRun.objects.get()
    assert (run.step, run.error, run.succeeded_at) == (Step.MAIL, "ConnectionRefusedError", None)


@pytest.mark.parametrize(
    "broken, step",
    [("send_form", Step.FORM), ("deliver_notice", Step.MAIL), ("status_page", Step.STATUS)],
)
def test_a_failure_is_kept_with_its_step_and_leaves_nothing_behind(now, monkeypatch, caplog, broken, step):
    def fail(*args):
        raise ValueError("words of a person")

    monkeypatch.setattr(self_test, broken, fail)
    with pytest.raises(ValueError):
        self_test.run_due(now)
    run = CanaryRun.objects.get()
    assert (run.step, run.error, run.succeeded_at) == (step, "ValueError", None)
    assert f"step {step}: ValueError" in caplog.text and "words of a person" not in caplog.text
    assert not Inquiry.objects.filter(erased_at=None).exists()


def test_a_page_that_does_not_show_the_request_is_a_failure(now, monkeypatch):
    monkeypatch.setattr(self_test, "status_page", lambda code: "")
    with pytest.raises(self_test.StepFailed):
        self_test.run_due(now)
    assert CanaryRun.objects.get().step == Step.STATUS


def test_an_inquiry_that_is_not_erased_is_a_failure(now, monkeypatch):
    monkeypatch.setattr(Inquiry, "withdraw", lambda self: False)
    with pytest.raises(self_test.StepFailed):
        self_test.run_due(now)
    assert CanaryRun.objects.get().step == Step.ERASING


def test_what_a_killed_test_left_is_erased_by_the_next(now):
    stored_inquiry(is_canary=True)
    self_test.run_due(now)
    assert Inquiry.objects.filter(erased_at=None).count() == 0 and Inquiry.objects.count() == 2


def test_it_comes_by_its_interval_soon_after_a_failure_and_not_at_all_when_off(now, settings):
    assert CanaryRun.objects.is_due(now)
    run = CanaryRun.objects.create(started_at=now, succeeded_at=now)
    assert not CanaryRun.objects.is_due(now + timedelta(hours=5, minutes=59))
    assert CanaryRun.objects.is_due(now + timedelta(hours=6, minutes=1))
    run.succeeded_at = None
    run.save()
    assert not CanaryRun.objects.is_due(now + timedelta(minutes=10))
    assert CanaryRun.objects.is_due(now + timedelta(minutes=16))
    assert CanaryRun.objects.is_due(now - timedelta(days=400))  # the clock was set back
    settings.CANARY_EVERY_HOURS = 0
    assert not CanaryRun.objects.is_due(now + timedelta(days=2))
    self_test.run_due(now + timedelta(days=2))
    assert CanaryRun.objects.count() == 1


def test_the_first_page_is_told_when_it_is_late(now, settings):
    assert stats.last_canary(now) is None
    CanaryRun.objects.create(started_at=now, succeeded_at=now)
    CanaryRun.objects.create(started_at=now + timedelta(hours=6), error="ValueError")
    assert stats.last_canary(now + timedelta(hours=6)) == (now, True)
    assert stats.last_canary(now + timedelta(hours=8)) == (now, False)
    settings.CANARY_EVERY_HOURS = 0
    assert not CanaryRun.objects.is_late(now + timedelta(hours=8))


def test_without_a_mail_server_its_notice_is_not_waited_for(now, settings, monkeypatch):
    settings.HAS_MAIL_SERVER = False
    monkeypatch.setattr(mailer, "deliver", lambda pk: pytest.fail("delivered"))
    self_test.run_due(now)
    assert CanaryRun.objects.get().succeeded_at


def test_runs_are_dropped_after_a_season(now):
    CanaryRun.objects.create(started_at=now - timedelta(days=91))
    self_test.run_due(now)
    assert CanaryRun.objects.count() == 1

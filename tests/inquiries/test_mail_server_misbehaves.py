"""A mail server that is closed, silent, slow or refusing costs a sender nothing, and staff no notice."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site
from django.utils import timezone

from inquiries.models import OutboxNotice
from inquiries.worker import mailer
from iop_site import smtp
from iop_site.env import SiteUrl
from tests.databases import url_of_test_database
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import send
from tests.mail_server import ENDLESS, mail_server

ROOT = Path(__file__).resolve().parents[2]
SMTP = "iop_site.smtp.EmailBackend"
BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com"}


def use(settings, server):
    settings.HAS_MAIL_SERVER, settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = True, SMTP, 0.3
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.SITE_URL = SiteUrl.parse("https://guide.example")


def errors() -> set[str]:
    return set(OutboxNotice.objects.values_list("last_error", flat=True))


def pass_later(**delay) -> int:
    with time_machine.travel(timezone.now() + timedelta(**delay)):
        return mailer.deliver_due()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mood", "error"),
    [("silent", {"TimeoutError", "SMTPServerDisconnected"}), ("dropping", {"SMTPServerDisconnected"})],
)
def test_of_a_server_that_does_not_answer_one_notice_finds_out_and_all_arrive_once_it_is_back(settings, mood, error):
    for _ in range(3):
        staff_user("inquiries.view_inquiry")
    with mail_server(mood) as server:
        use(settings, server)
        inquiry = stored_inquiry(**BY_EMAIL)
        assert mailer.deliver_due() == 1
        assert sorted(inquiry.notices.values_list("attempts", flat=True)) == [0, 0, 0, 1]
        assert errors() - {""} <= error and len(errors()) == 2
    with mail_server(port=server.port) as back:
        assert pass_later(minutes=2) == 4
        assert sorted(back.ids) == sorted(f"<outbox-{notice.pk}@guide.example>" for notice in inquiry.notices.all())
    assert not OutboxNotice.objects.filter(sent_at=None).exists()
    assert set(server.ids) <= set(back.ids)  # what was taken without a word comes again under the same id


@pytest.mark.django_db
@pytest.mark.parametrize("mood", ENDLESS)
def test_a_server_that_never_stops_talking_is_left_and_all_else_goes_on(settings, monkeypatch, mood):
    monkeypatch.setattr(smtp, "LONGEST_TALK", 60 if mood == "flooding" else 0.5)
    with mail_server(mood) as server:
        use(settings, server)
        stored_inquiry(**BY_EMAIL)
        assert mailer.deliver_due() == 1
        assert errors() == {"SMTPServerDisconnected"} and not server.was_heard_out


@pytest.mark.django_db
def test_a_closed_port_is_tried_again(settings):
    with mail_server() as server:
        use(settings, server)
    staff_user("inquiries.view_inquiry")
    stored_inquiry(**BY_EMAIL)
    assert mailer.deliver_due() == 1
    assert errors() == {"", "ConnectionRefusedError"}
    with mail_server(port=server.port) as back:
        assert pass_later(minutes=2) == 2
        assert len(set(back.ids)) == 2


@pytest.mark.django_db
def test_a_slow_server_is_waited_for(settings):
    with mail_server("slow") as server:
        use(settings, server)
        staff_user("inquiries.view_inquiry")
        stored_inquiry(**BY_EMAIL)
        assert mailer.deliver_due() == 2
        assert len(set(server.ids)) == 2 and errors() == {""}


@pytest.mark.django_db
def test_a_refused_recipient_keeps_no_other_back_and_no_word_of_the_server_is_kept(settings, caplog):
    with mail_server("refusing") as server:
        use(settings, server)
        staff_user("inquiries.view_inquiry")
        stored_inquiry(**BY_EMAIL)
        assert mailer.deliver_due() == 2
        assert errors() == {"SMTPRecipientsRefused", "AddressRefused"}
    assert "notice" in caplog.text and "rosa" not in caplog.text and "no such person" not in caplog.text


@pytest.mark.django_db
def test_a_sender_is_answered_without_a_word_to_the_mail_server(client, settings):
    with mail_server("silent") as server:
        use(settings, server)
        connections = []
        server.process_request = lambda *args: connections.append(args)
        assert send(client, **BY_EMAIL).status_code == 200
    assert not connections and OutboxNotice.objects.get().attempts == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_it_could_mark_repeats_one_notice_under_the_same_id(settings, tmp_path):
    for _ in range(3):
        staff_user("inquiries.view_inquiry")
    with mail_server() as server:
        use(settings, server)
        stored_inquiry(**BY_EMAIL)
        workers = []
        server.on_taken = lambda: len(server.messages) == 2 and workers[0].kill()
        workers.append(worker_process(server, tmp_path))
        assert workers[0].wait(60) == -signal.SIGKILL
        server.on_taken = lambda: None
        assert mailer.deliver_due() == 2  # not the one in the dead worker's hand
        assert pass_later(minutes=6) == 1
        assert sorted(server.ids) == sorted([*set(server.ids), server.ids[1]])
        assert len(set(server.ids)) == OutboxNotice.objects.exclude(sent_at=None).count() == 4


def worker_process(server, folder) -> subprocess.Popen:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "iop_site.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": url_of_test_database(),
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}?tls=off",
        "SITE_URL": str(site.SITE_URL),
    }
    return subprocess.Popen([sys.executable, "manage.py", "deliver_outbox"], cwd=ROOT, env=environment)

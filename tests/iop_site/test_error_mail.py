"""An error is mailed with its class and place, and without anything that a person typed."""

import logging

import pytest
from django.core import mail
from django.test import Client

from iop_site import views
from iop_site.ops import error_mail
from iop_site.ops.error_mail import MOST_IN_AN_HOUR, ErrorMailHandler

CANARY = "canary-7f3a"


class AtOnce:
    """A thread that runs where it is started."""

    def __init__(self, target, args, **options):
        self.start = lambda: target(*args)


@pytest.fixture
def handler(settings, monkeypatch):
    settings.ERROR_MAIL_TO, settings.HAS_MAIL_SERVER = "operator@example.com", True
    monkeypatch.setattr(error_mail.threading, "Thread", AtOnce)
    [handler] = [one for one in logging.getLogger().handlers if isinstance(one, ErrorMailHandler)]
    handler.sent.clear()
    handler.told.clear()
    return handler


@pytest.fixture
def broken(monkeypatch):
    def fail(self, request):
        typed = request.GET.get("q")
        raise ValueError(f"{typed} is wrong")

    monkeypatch.setattr(views.FaviconView, "dispatch", fail)
    return Client(raise_request_exception=False)


def ask(client):
    headers = {"Referer": CANARY, "User-Agent": CANARY, "Cookie": f"a={CANARY}"}
    return client.get("/favicon.ico", {"q": CANARY}, headers=headers)


def test_it_tells_class_frames_request_and_path_and_no_word_of_a_person(handler, broken):
    response = ask(broken)
    assert response.status_code == 500
    [message] = mail.outbox
    assert message.to == ["operator@example.com"]
    text = str(message.message())
    assert "ValueError" in text and "test_error_mail.py" in text and "path /favicon.ico" in text
    assert response["X-Request-ID"] in text
    assert CANARY not in text and "is wrong" not in text


def test_a_number_in_a_path_is_left_out(handler, monkeypatch):
    token = error_mail.request_path.set("/status/1234567890\n/")
    assert error_mail.path() == "/status/…?/"
    error_mail.request_path.reset(token)


def test_the_same_error_is_told_once_and_others_up_to_a_limit(handler, broken, monkeypatch):
    failed = []  # the handler would print of these what was logged
    monkeypatch.setattr(handler, "handleError", failed.append)
    for _ in range(5):
        ask(broken)
    assert len(mail.outbox) == 1 and not failed
    told = [handler.may_tell(f"error {number}", 1000.0 + number) for number in range(20)]
    assert told.count(True) <= MOST_IN_AN_HOUR
    assert handler.may_tell("later", 1e9)


def test_words_of_a_log_message_are_not_mailed(handler):
    logging.getLogger("iop_site").error("it broke: %s", CANARY)
    [message] = mail.outbox
    assert CANARY not in str(message.message())


def test_nothing_is_mailed_unless_an_address_is_set(handler, broken, settings):
    settings.ERROR_MAIL_TO = ""
    ask(broken)
    assert mail.outbox == []


def test_a_mail_server_that_is_away_changes_no_answer(handler, broken, settings):
    settings.EMAIL_BACKEND = "iop_site.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert ask(broken).status_code == 500

"""Reasons to doubt that a person sent a form: each is marked, together they set aside; nobody is told or dropped."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import OperationalError, connection
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.intake import rate_limits, spam
from inquiries.models import Inquiry, SpamSignal, resubmissions
from inquiries.models.spam import SET_ASIDE_FROM, is_spam
from inquiries.worker import mailer
from iop_site.databases import SQLITE_OPTIONS
from programs.models import SiteProfile
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import PATHS, Page, get_page, post, reference_in, send, without_receipt
from tests.inquiries.status_pages import open_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_shipped(monkeypatch, no_haste_and_no_memory):
    monkeypatch.setattr(spam, "FASTEST", 4)


def send_after(client, seconds, **answers):
    """Open the form, and press Send on its check page so many seconds later."""
    opened = timezone.now()
    with time_machine.travel(opened, tick=False):
        token = get_page(client, PATHS["me"]["en"]).token
    with time_machine.travel(opened + timedelta(seconds=seconds), tick=False):
        page = Page(post(client, "check", token=token, **answers))
        response = client.post(PATHS["me"]["en"], page.pressing("send"))
        assert response.status_code == 200
        return response


def stored(response) -> Inquiry:
    return Inquiry.objects.get(reference=reference_in(response))


@pytest.mark.parametrize(("seconds", "reasons"), [(0, "fast"), (2, "fast"), (6, ""), (86_400, "")])
def test_a_form_sent_faster_than_anyone_reads_is_marked(client, seconds, reasons):
    inquiry = stored(send_after(client, seconds))
    assert inquiry.screening_reasons == reasons
    assert inquiry.set_aside_at is None and inquiry.due_at


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ("See https://example.com/x", "link"),
        ("www.example.com", "link"),
        ("My plan is at https://www.plan.example/ppo, do you take it?", "link"),
        ("https://www.search.example/url?q=https://www.plan.example/ppo", "link"),
        ("https://www.plan.example and www.other.example", "links"),
        ("HTTP://a.example and http://b.example", "links"),
        ("[url=https://example.com]x[/url]", "links"),
        ("My address is rosa@example.com. I saw your page dedicato.example", ""),
        ("Is it at night?", ""),
    ],
)
def test_links_are_marked(client, words, reasons):
    assert stored(send_after(client, 60, question=words)).screening_reasons == reasons


@pytest.mark.parametrize("doubt", SpamSignal)
def test_no_reason_alone_sets_an_inquiry_aside(doubt):
    assert doubt.score < SET_ASIDE_FROM and not is_spam(doubt.value)


def test_a_robot_is_set_aside_and_answered_like_a_person(client):
    robot = send_after(client, 0, remark="buy", question="http://a.example http://b.example")
    person = send_after(client, 60)
    inquiry = stored(robot)
    assert inquiry.screening_reasons == "trap fast links"
    assert inquiry.set_aside_at and inquiry.due_at is None
    received, aside = inquiry.events.order_by("id")
    assert (received.verb, aside.verb, aside.detail) == ("received", "set-aside", "trap,fast,links")
    assert without_receipt(robot) == without_receipt(person)


def test_the_status_page_of_a_robot_is_that_of_a_person(client, guide):
    SiteProfile.objects.update(response_time_en="Within one business day", response_time_es="En un día hábil")
    codes = [SubmissionKey.new() for _ in range(2)]
    stored_inquiry(codes[0], screening_reasons="trap fast"), stored_inquiry(codes[1])
    robot, person = (Page(open_with(client, key.code)).text for key in codes)
    references = Inquiry.objects.order_by("id").values_list("reference", flat=True)
    assert "Now: our team, by" in robot
    assert robot.replace(references[0], "") == person.replace(references[1], "")


def test_nobody_is_mailed_about_a_robot_until_it_is_brought_back(settings):
    settings.HAS_MAIL_SERVER = True
    staff = staff_user("inquiries.view_inquiry")
    by_email = {"contact_way": "email", "phone": "", "email": "stranger@example.com"}
    inquiry = stored_inquiry(**by_email, screening_reasons="trap fast")
    assert mailer.deliver_due() == 0
    assert {str(notice.state()) for notice in inquiry.notices.all()} == {"kept back: the inquiry is set aside"}
    Inquiry.objects.filter(pk=inquiry.pk).update(set_aside_at=None, due_at=timezone.now())
    assert mailer.deliver_due() == 2
    assert sorted(message.to for message in mail.outbox) == [[staff.email], ["stranger@example.com"]]


def test_what_is_only_marked_is_mailed(settings):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry")
    stored_inquiry(screening_reasons="trap")
    assert mailer.deliver_due() == 1


def test_a_send_repeated_under_its_key_is_not_doubted_anew(client):
    token = SubmissionKey.new().token()
    first = reference_in(send(client, token=token))
    assert reference_in(send(client, token=token, remark="x")) == first
    assert Inquiry.objects.get().screening_reasons == "fast"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its lock_timeout")
def test_while_a_foreign_writer_holds_the_database_the_counter_waits_little_and_the_words_are_kept(client, monkeypatch):
    waits = []
    monkeypatch.setattr(rate_limits, "COUNT_WAITS", 30)
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        connection.cursor().execute("PRAGMA busy_timeout = 90")
        with connection.execute_wrapper(noting_waits(waits)):
            response = send(client)
        foreign.execute("ROLLBACK")
    assert response.status_code == 503
    assert ("name", "Rosa Fictitious") in Page(response).hidden
    # Whoever is counted waits 30, who is stored 90, and nobody waits a third time.
    assert waits == [30, 90]
    assert connection.cursor().execute("PRAGMA busy_timeout").fetchone()[0] == 90


def noting_waits(waits):
    """Return an execute wrapper that notes how long SQLite was told to wait for each statement that met a lock."""

    def note(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except OperationalError:
            waits.append(connection.connection.execute("PRAGMA busy_timeout").fetchone()[0])
            raise

    return note


def test_the_inquiry_waits_at_most_twenty_seconds_and_the_counter_two():
    assert rate_limits.COUNT_WAITS == 2000
    assert SQLITE_OPTIONS["timeout"] == 20


def test_a_request_that_is_sent_anew_to_correct_it_is_not_set_aside_as_a_copy(client, monkeypatch):
    monkeypatch.setattr(resubmissions, "REMEMBERED", timedelta(days=1))
    words = "My plan is explained at https://www.plan.example/ppo and I would like to know whether you take it."
    first = stored(send_after(client, 6, question=words, phone="626 555 0143"))
    second = stored(send_after(client, 6, question=words, phone="626 555 0144"))
    assert first.screening_reasons == "link" and second.screening_reasons == "link copy"
    assert second.set_aside_at is None and second.due_at


def test_the_same_words_weigh_nothing_whatever_else_is_marked():
    for reasons in SpamSignal.values:
        assert is_spam(f"{reasons} copy") == is_spam(reasons)

"""The audit is read by people: its codes are told in words, and it is narrowed to some days."""

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from inquiries.desk.actions import VERBS
from inquiries.desk.event_words import words_about
from inquiries.desk.list_tabs import LABELS
from inquiries.models import Event, ExportReason, Inquiry, SpamSignal
from tests.factories import find, staff_in, staff_user, stored_inquiry

ROOT = Path(__file__).resolve().parents[2]
AUDIT = "/admin/inquiries/event/"
TOLD = [
    ("set-aside", "trap,fast", "filled the hidden box, sent within seconds"),
    ("claimed", "try", "to log a try"),
    ("seen", "today", "on the first page of the desk"),
    ("seen", "several:12", "among several that were chosen: 12"),
    ("seen", "move_on", "on the page “Move on”"),
    ("listed", "needs-work", "Needs work"),
    ("searched", "found:3", "3 found"),
    ("exported", "csv,1,reason:0123456789abcdef", "as a table, 1 inquiry"),
    ("exported", "json", "everything, without loss"),
    ("exported", "month,2026-06,outside", "numbers of a month, 2026-06, for use outside"),
    ("exported", "appointment", "appointment for a calendar"),
    ("audit-read", "days,inquiry", "by days, by inquiry"),
    ("signed-in", "recovery-code", "with a recovery code"),
    ("sign-in-failed", "password", "by password"),
    ("locked-out", "set-up-code", "with the set-up code"),
    ("purged", "n17", "17 inquiries"),
    ("names-indexed", "n1", "1 inquiry"),
    ("keys-rotated", "cells:17", "17 cells sealed again"),
    ("keys-rotated", "let-go:2025", "the key 2025 was let go"),
    ("received", "code:0123,form:4567", ""),
    ("closed", "answered,call", "Question answered. On a call."),
    ("searched", "something new", "something new"),
]


@pytest.mark.parametrize(("verb", "detail", "words"), TOLD)
def test_codes_are_told_in_words_and_an_unknown_one_is_shown(verb, detail, words):
    assert words_about(Event(verb=verb, detail=detail), {}) == words


@pytest.mark.parametrize("code", [*SpamSignal, *LABELS, *(verb.means for verb in VERBS if verb.means), "try"])
def test_every_code_that_the_desk_writes_has_words(code):
    verb = "set-aside" if code in SpamSignal else "listed" if code in LABELS else "claimed"
    assert words_about(Event(verb=verb, detail=str(code)), {}) != code


def codes_written_in(folder: str, word: str) -> set[str]:
    """The texts given as ``word`` anywhere in the code of ``folder``."""
    given = [
        node.value
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == word and isinstance(node.value, ast.Constant)
    ]
    return {node.value for node in given if node.value}


def test_every_detail_of_a_sign_in_has_words():
    codes = codes_written_in("iop_site/staff", "detail")
    assert codes
    for code in {*codes, "password", "password:confirm", "password:change", "password:own", "set-up-code"}:
        assert words_about(Event(verb="sign-in-failed", detail=code), {}) != code


@pytest.fixture
def reader(client, db):
    client.force_login(staff_user("inquiries.view_event"))
    return client


def cells(page: str, name: str) -> list[str]:
    found = re.findall(rf'<t[dh] class="field-{name}[^"]*">(.*?)</t[dh]>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found]


def test_a_day_of_work_is_read_without_a_code(client, db):
    ana = staff_in("Supervisor", first_name="Ana")
    client.force_login(ana)
    inquiry = stored_inquiry()
    for at in ("change", "sheet", "note", "try", "close", "move-on"):
        client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/{at}/")
    client.get("/admin/"), client.get("/admin/inquiries/inquiry/?tab=closed")
    find(client, "/admin/inquiries/inquiry/", "Rosa")
    client.post("/admin/inquiries/inquiry/month/")
    tomorrow = timezone.now() + timedelta(days=1)
    inquiry.log_try("no-answer", ana, next_action="assess", due_at=tomorrow)
    inquiry.hand_over(ana, ana)
    inquiry.set_next("wait", tomorrow, ana)
    inquiry.close(Inquiry.Outcome.NOT_NOW, Inquiry.Told.STATUS_PAGE, ana)
    ExportReason.record(ana, "Monthly review", "csv", [inquiry.pk])
    Event.objects.create(verb="changed", actor=ana, fields="weeklyhours")
    client.get(AUDIT)
    page = client.get(AUDIT, {"since": "2020-01-01"}).content.decode()
    told = cells(page, "details") + cells(page, "fields_changed")
    assert len(told) > 30 and "weekly hours" in told
    assert [words for words in told if re.search(r"[a-z]+[:_][a-z0-9]|^[a-z]+(-[a-z]+)+$|weeklyhours", words)] == []


def at(*moment) -> Event:
    return Event.objects.create(verb="signed-out", at=datetime(*moment, tzinfo=UTC))


def shown(client, **query) -> list[Event]:
    return list(client.get(AUDIT, query).context["cl"].result_list)


def test_the_audit_is_narrowed_to_days_of_the_center(reader):
    before, first, last, after = at(2026, 6, 1, 6, 59), at(2026, 6, 1, 7), at(2026, 6, 4, 6, 59), at(2026, 6, 4, 7)
    old = {"verb__exact": "signed-out"}
    assert shown(reader, since="2026-06-01", until="2026-06-03", **old) == [last, first]
    assert shown(reader, since="2026-06-01", **old) == [after, last, first]
    assert shown(reader, until="2026-06-03", **old) == [last, first, before]


def test_some_days_are_read_in_the_order_of_their_times_and_all_in_that_of_their_writing(reader):
    later, earlier = at(2026, 6, 3, 12), at(2026, 6, 2, 12)
    assert shown(reader, since="2026-06-01", until="2026-06-03", verb__exact="signed-out") == [later, earlier]
    assert shown(reader, verb__exact="signed-out") == [earlier, later]


def test_the_days_stay_in_the_form_with_all_else_that_was_chosen(reader):
    inquiry = stored_inquiry()
    page = find(reader, AUDIT, inquiry.reference, since="2020-01-01", until="2099-01-01", verb__exact="received")
    form = page.content.decode()
    assert 'name="since"' in form and 'value="2020-01-01"' in form and 'value="2099-01-01"' in form
    assert [event.inquiry for event in page.context["cl"].result_list] == [inquiry]
    assert Event.objects.filter(verb="audit-read", detail="days,inquiry,verb").exists()


@pytest.mark.parametrize("day", ["nonsense", "9999-12-31", "0001-01-01", "2026-02-30", "²"])
def test_what_is_no_day_narrows_nothing(reader, day):
    event = at(2026, 6, 1, 12)
    assert event in shown(reader, since=day, until=day)

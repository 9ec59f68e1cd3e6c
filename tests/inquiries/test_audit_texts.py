"""Words, private codes and reasons of exports that were moved, edited or taken away are shown by the check."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, ExportReason, Inquiry, InquiryText
from tests.factories import staff_in, staff_user, stored_inquiry
from tests.inquiries.test_audit_remains import refuses, swap
from tests.inquiries.test_audit_seals import seal, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(capsys):
    """Two inquiries with what may stand beside them, sealed and found whole."""
    key, ana = SubmissionKey.new(), staff_user()
    stored_inquiry(key)
    one = stored_inquiry(key, name="Rosa Again")
    other = stored_inquiry(name="Ana Fictitious", question="Other")
    one.note("Call at noon", ana)
    other.add_words("Please call")
    other.give_new_code(ana)
    for why in ("first", "second"):
        ExportReason.record(ana, why, "csv", [one.pk])
    seal()
    assert "is whole" in verify(capsys)
    return one, other


def sql(statement: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_text_that_was_moved_to_another_inquiry_is_shown(pair):
    _one, other = pair
    InquiryText.objects.filter(kind="note").update(inquiry=other)
    refuses(f"stands with inquiry {other.pk}, and no event says so")


def test_a_text_that_was_taken_away_is_shown(pair):
    InquiryText.objects.filter(kind="note").delete()
    refuses("The text of event .* is gone")


def test_a_note_that_was_made_a_message_is_shown(pair):
    InquiryText.objects.filter(kind="note").update(kind="message")
    refuses("is of another kind")


@pytest.mark.parametrize("by", [timedelta(days=3), timedelta(days=-3)])
def test_a_text_that_was_given_another_time_is_shown(pair, by):
    InquiryText.objects.filter(kind="addition").update(created_at=F("created_at") + by)
    refuses("The text of event .* bears another time")


def test_a_note_on_a_try_of_yesterday_is_whole(pair, capsys):
    one, _other = pair
    Inquiry.objects.filter(pk=one.pk).update(received_at=timezone.now() - timedelta(days=2))
    yesterday = timezone.now() - timedelta(days=1)
    Inquiry.objects.get(pk=one.pk).log_try(
        "no-answer", staff_user(username="dev"), next_action="", due_at=None, note="Rang long", at=yesterday
    )
    assert "is whole" in verify(capsys)


def test_answers_that_changed_their_turn_are_shown(pair):
    _one, other = pair
    other.add_words("Never mind")
    first, second = InquiryText.objects.filter(kind="addition").order_by("pk")
    for text, pk in ((first, -1), (second, first.pk), (InquiryText(pk=-1), second.pk)):
        InquiryText.objects.filter(pk=text.pk).update(id=pk)
    refuses("The text of event .* does not stand in its turn")


@pytest.mark.parametrize("column", ["code_digest", "submission_digest"])
def test_look_ups_that_were_swapped_are_shown(pair, column):
    swap(column, "0" * 64, *pair)
    refuses("is found by another private code or form")


def test_reasons_that_were_swapped_or_taken_away_are_shown(pair):
    first, second = ExportReason.objects.order_by("pk")
    before = first.event_id, second.event_id
    third = ExportReason.record(staff_user(), "third", "csv", []).event_id
    ExportReason.objects.filter(event=third).delete()
    for reason, event in ((first, third), (second, before[0]), (first, before[1])):
        ExportReason.objects.filter(pk=reason.pk).update(event=event)
    refuses(f"The reason of export {before[0]} is that of another one")
    refuses(f"The reason of export {third} is gone")


def test_exports_that_need_no_reason_accuse_nobody(pair, capsys, client):
    call_command("export_inquiries")
    client.force_login(staff_in("Supervisor"))
    assert client.post("/admin/inquiries/inquiry/month/").status_code == 200
    taken_out = Event.objects.filter(verb="exported", inquiry=None).exclude(detail__startswith="csv")
    assert [event.detail.partition(",")[0] for event in taken_out.order_by("pk")] == ["", "month"]
    capsys.readouterr()
    assert "is whole" in verify(capsys)


@pytest.mark.parametrize(
    ("table", "column"),
    [("inquiries_exportreason", "body"), ("inquiries_inquirytext", "body"), ("inquiries_inquiry", "name")],
)
def test_a_cell_that_was_put_in_another_place_cannot_be_read_and_is_named(pair, table, column):
    sql(f"UPDATE {table} SET uid = %s WHERE id = (SELECT MIN(id) FROM {table})", uuid.uuid4().hex)  # noqa: S608
    refuses(f"{table} .* {column} cannot be read")


def test_an_erased_inquiry_accuses_nobody(pair, capsys):
    Inquiry.objects.first().erase()
    assert "is whole" in verify(capsys)

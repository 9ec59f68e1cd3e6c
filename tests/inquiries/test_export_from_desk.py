"""Who may export says why; what leaves is recorded first, computes nothing in a spreadsheet, is whole as JSON."""

import csv
import io
import json
import re
from collections import defaultdict
from itertools import product

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from hypothesis import given, settings, strategies as st

from inquiries.desk import export_formats, export_whole
from inquiries.models import Event, ExportReason, Inquiry
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
EXPORT = "/admin/inquiries/inquiry/export/"


@pytest.fixture
def supervisor(client):
    kind = ContentType.objects.get_for_model(Inquiry)
    permission, _is_new = Permission.objects.get_or_create(content_type=kind, codename="export_inquiry")
    user = staff_user("inquiries.view_inquiry")
    user.user_permissions.add(permission)
    client.force_login(user)
    return client


def export(client, query="", **asked):
    asked = {"reason": "Monthly review", "form": "csv", "notice": "row"} | asked
    return client.post(f"{EXPORT}?tab=open&{query}", asked)


def text_of(response) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(response), newline="")))


def test_the_reason_is_asked_first_and_nothing_leaves_without_it(supervisor):
    stored_inquiry()
    response = export(supervisor, reason="  ")
    assert "Say why you export them" in response.content.decode()
    assert not Event.objects.filter(verb="exported").exists()


def test_the_reason_is_kept_encrypted_with_who_and_how_many(supervisor):
    stored_inquiry()
    stored_inquiry()
    export(supervisor)
    kept = ExportReason.objects.select_related("event").get()
    assert kept.body == "Monthly review" and kept.event.detail == f"csv,2,{kept.mark}" and kept.event.actor is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM inquiries_exportreason")
        assert "Monthly" not in cursor.fetchone()[0]


def test_each_timeline_tells_of_the_export(supervisor):
    inquiry = stored_inquiry()
    export(supervisor)
    assert inquiry.events.first().verb == "exported"


def test_a_spreadsheet_is_told_that_accents_are_utf_8(supervisor):
    stored_inquiry(name="Rosa Peña")
    body = b"".join(export(supervisor).streaming_content)
    assert body.startswith(b"\xef\xbb\xbf") and "Rosa Peña".encode() in body


def test_every_cell_is_quoted_and_a_formula_is_disarmed(supervisor):
    for start in "=+-@\t＝＋－＠":
        stored_inquiry(name=f"{start}HYPERLINK(1)", phone="+16265550142")
    response = export(supervisor)
    body = text_of(response)
    assert all(line.startswith('"') and line.endswith('"') for line in body.splitlines())
    rows = list(csv.reader(io.StringIO(body, newline="")))
    names = [row[rows[1].index("name")] for row in rows[2:]]
    assert len(names) == 9 and all(name.startswith("'") for name in names)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_as_a_formula_does(start):
    assert export_formats.safe(f"{start}1").startswith("'")
    assert export_formats.safe("Rosa") == "Rosa" and export_formats.safe(None) == ""


CELLS = [
    "a;=1+1", "a;\t=1+1", "a;;=1+1", "a\t=1+1", "a\n=1+1", "a\r\n@SUM(1)", "; =cmd|' /c calc'!A0", 'a;"=1+1', "a;'=1",
    "  =1+1", "\u200b=1+1", "\xa0=1+1", "\ufeff+1", "a;\u200b=1", "a\u2028-1", "a\x85=1", "a;＝1", "a\t＋1", "a;－1",
    "＠1", ";", ";=", "=;=;=", "a;-1;+1\t@x", '"=1"',
]  # fmt: skip


def cells_however_it_is_read(typed: str) -> list[str]:
    """The cells of a line of ours for any separator, with the quotes taken for letters; and as it is meant."""
    body = io.StringIO(newline="")
    csv.writer(body, quoting=csv.QUOTE_ALL).writerow(["first", export_formats.safe(typed), "last"])
    line = body.getvalue()
    read = [
        cell for mark in ",;\t" for row in csv.reader(io.StringIO(line, newline=""), delimiter=mark) for cell in row
    ]
    return [*read, *re.split(r"[;\t\n\r\v\f\x85\u2028\u2029]", line)]


def begins_as_a_formula(cell: str) -> bool:
    return bool(re.match(r"[^\w=+@＝＋－＠'-]*[=+@＝＋－＠-]", cell))


@pytest.mark.parametrize("typed", CELLS)
def test_no_cell_is_a_formula_whatever_separates_the_cells(typed):
    assert not [cell for cell in cells_however_it_is_read(typed) if begins_as_a_formula(cell)]


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from(";,\t\n\r\"' =+-@＝＋a1\u200b\xa0"), max_size=12))
def test_no_cell_is_a_formula_whatever_was_typed(typed):
    assert not [cell for cell in cells_however_it_is_read(typed) if begins_as_a_formula(cell)]


@pytest.mark.parametrize(
    "text", ["Rosa Peña", "9-12; 2-5 PM", "A well-known group", "x@example.com", "1+1=2", "a; b, c"]
)
def test_plain_words_stay_as_they_are(text):
    assert export_formats.safe(text) == text


def test_filters_and_days_are_kept(supervisor):
    stored_inquiry(name="Asker")
    stored_inquiry(name="Doctor", way="refer")
    assert [row[export_formats.COLUMNS.index("name")] for row in table(export(supervisor, "way=refer"))[2:]] == [
        "Doctor"
    ]
    assert len(table(export(supervisor, until="2020-01-01"))) == 2
    assert len(table(export(supervisor, since="2020-01-01"))) == 4


def test_one_export_holds_a_month_of_all_lists_but_nothing_taken_back_and_no_test(supervisor):
    user = staff_user()
    stored_inquiry(name="Open")
    closed, aside, gone, canary = (stored_inquiry(name=name) for name in ("Closed", "Aside", "Gone", "Canary"))
    for inquiry in (closed, aside):
        inquiry.opened(user)
    closed.close(Inquiry.Outcome.NOT_NOW, Inquiry.Told.STATUS_PAGE, user)
    aside.set_aside(user)
    gone.withdraw()
    Inquiry.objects.filter(pk=canary.pk).update(is_canary=True)
    rows = table(export(supervisor, lists="all", since="2020-01-01"))[2:]
    assert [row[export_formats.COLUMNS.index("name")] for row in rows] == ["Open", "Closed", "Aside"]
    assert len(table(export(supervisor))[2:]) == 1


def test_the_notice_stands_in_the_first_row_or_in_the_name(supervisor):
    stored_inquiry()
    in_row = export(supervisor)
    assert table(in_row)[0] == [export_formats.NOTICE] and "CONFIDENTIAL" not in in_row["Content-Disposition"]
    in_name = export(supervisor, notice="name")
    assert table(in_name)[0][0] == "reference" and "CONFIDENTIAL-do-not-pass-on" in in_name["Content-Disposition"]


def test_the_json_loses_nothing(supervisor):
    inquiry = stored_inquiry(name="=Rosa\u200d Peña", question='line one\nline "two"\t+1')
    rows = [json.loads(line) for line in text_of(export(supervisor, form="json", notice="name")).splitlines()]
    assert rows == [json.loads(json.dumps(export_whole.as_object(Inquiry.objects.get(pk=inquiry.pk))))]
    assert rows[0]["name"] == inquiry.name and rows[0]["question"] == inquiry.question


def test_weekly_numbers_hide_the_small_ones(supervisor):
    for language in ["en"] * 12 + ["es"] * 2:
        stored_inquiry(preferred_language=language)
    rows = table(export(supervisor, form="weeks"))
    assert rows[1] == ["week of", "all", "en", "es", "other"]
    assert rows[2][1:] == ["10", "10", "<11", "<11"]
    assert not Event.objects.filter(verb="exported", inquiry__isnull=False).exists()


@pytest.mark.once
@pytest.mark.parametrize("values", [(range(41), range(41), range(14)), (range(14),) * 4])
def test_no_small_number_can_be_reckoned_from_what_is_told(values):
    told = defaultdict(set)
    for cells in product(*values):
        told[tuple(map(export_formats.rounded, [sum(cells), *cells]))].add(cells)
    for shown, possible in told.items():
        for place, cell in enumerate(shown[1:]):
            if cell == export_formats.SUPPRESSED:
                assert len({cells[place] for cells in possible}) > 1, shown


def test_a_value_that_does_not_open_is_said_and_the_rest_leaves(supervisor):
    stored_inquiry()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inquiries_inquiry SET phone = 'v1:test:AAAA'")
    assert "cannot be read" in table(export(supervisor))[2]


def test_nobody_else_may_export(client):
    assert client.get(EXPORT).status_code == 302
    client.force_login(staff_user("inquiries.view_inquiry", "inquiries.change_inquiry"))
    assert client.get(EXPORT).status_code == 403 and export(client).status_code == 403
    assert "Export this list" not in client.get("/admin/inquiries/inquiry/").content.decode()


def test_it_is_streamed_and_not_kept_by_the_browser(supervisor):
    stored_inquiry()
    response = export(supervisor)
    assert response.streaming and "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "nonsense"])
def test_a_day_that_no_inquiry_can_have_is_told_and_nothing_leaves(supervisor, day):
    response = export(supervisor, since=day, until=day)
    assert response.status_code == 200 and not response.streaming
    assert not Event.objects.filter(verb="exported").exists()

"""The numbers of a month, as a page, on paper and as a table; outside nobody can be pointed at by them."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inquiries.crypto import looks
from inquiries.desk.month import COLUMNS, Month, Shown, first_day
from inquiries.models import Event, Figure, Inquiry
from tests.factories import staff_in, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
MONTH = "/admin/inquiries/inquiry/month/"
JUNE = date(2026, 6, 1)
NOW = datetime(2026, 7, 20, 17, tzinfo=UTC)
IN_JUNE = datetime(2026, 6, 10, 17, tzinfo=UTC)


@pytest.fixture
def supervisor(client):
    client.force_login(staff_in("Supervisor", first_name="Ana"))
    return client


def came(at=IN_JUNE, **columns) -> Inquiry:
    inquiry = stored_inquiry(**{name: columns.pop(name) for name in ("way", "preferred_language") if name in columns})
    Inquiry.objects.filter(pk=inquiry.pk).update(received_at=at, **columns)
    return inquiry


def many(count: int, **columns):
    for _number in range(count):
        came(**columns)


def june(outside=False) -> Shown:
    return Shown(Month.read(JUNE, NOW), outside)


def numbers(shown: Shown) -> dict[str, str]:
    return dict(shown.numbers)


def table(shown: Shown, code: str) -> dict[str, str]:
    [rows] = [rows for name, _heading, rows in shown.tables if name == code]
    return {label: number for label, number in rows if number != "0"}


def exported(client, **asked) -> list[list[str]]:
    answer = client.post(MONTH, {"month": "2026-06", **asked})
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_who_came_in_is_counted_by_outcome_way_source_language_and_owner():
    ana = staff_in("Intake", first_name="Ana")
    came(owner=ana, outcome="answered", closed_at=IN_JUNE, told="call")
    came(way="refer", preferred_language="en")
    came(preferred_language="", came_by="phone")
    assert numbers(june())["Came in"] == "3"
    assert table(june(), "outcome") == {"Still open": "2", "Question answered": "1"}
    assert table(june(), "way") == {"for themselves": "2", "for a client or patient": "1"}
    assert table(june(), "came_by") == {"by the form": "2", "by phone": "1"}
    assert table(june(), "preferred_language") == {"Español": "1", "English": "1", "Not said": "1"}
    assert table(june(), "owner") == {"Ana": "1", "No one": "2"}


def test_each_table_adds_up_to_all_who_came_in():
    many(3, way="question")
    came(outcome="withdrawn", withdrawn_at=IN_JUNE, erased_at=IN_JUNE, closed_at=IN_JUNE)
    shown = june()
    assert [code for code, _heading, _rows in shown.tables] == list(COLUMNS)
    for _code, _heading, rows in shown.tables:
        assert sum(int(number) for _label, number in rows) == int(numbers(shown)["Came in"]) == 4


def test_a_month_begins_and_ends_at_midnight_of_the_center():
    came(datetime(2026, 6, 1, 6, 59, tzinfo=UTC))
    came(datetime(2026, 6, 1, 7, 0, tzinfo=UTC))
    came(datetime(2026, 7, 1, 6, 59, tzinfo=UTC))
    came(datetime(2026, 7, 1, 7, 0, tzinfo=UTC))
    assert numbers(june())["Came in"] == "2"


def test_what_was_set_aside_is_counted_apart_and_the_test_of_the_site_not_at_all():
    came()
    came(set_aside_at=IN_JUNE, due_at=None)
    came(is_canary=True)
    assert (numbers(june())["Came in"], numbers(june())["Set aside as a robot’s"]) == ("1", "1")


def test_the_times_are_those_of_the_first_page_in_the_days_of_the_month():
    contacted = Figure.Kind.CONTACTED
    rows = [(JUNE, 30), (date(2026, 6, 30), 90), (date(2026, 6, 15), 200), (date(2026, 7, 1), 6000)]
    Figure.objects.bulk_create(Figure(day=day, kind=contacted, size=size, count=1) for day, size in rows)
    shown = numbers(june())
    assert shown["Time to first contact, median"] == "1 h 30 min"
    assert shown["Time to first contact, 9 of 10 within"] == "3 h 20 min"


def test_while_nobody_was_contacted_no_time_is_told():
    assert numbers(june())["Time to first contact, median"] == "–"


def test_waiting_now_is_the_number_of_the_first_page(supervisor):
    many(2)
    page = supervisor.get("/admin/").content.decode()
    on_first_page = re.search(r"Waiting now</a></h2>\s*<p class=\"number\">(\d+)", page)[1]
    assert numbers(june())["Waiting now"] == on_first_page == "2"


def test_outside_no_number_tells_of_fewer_than_eleven_people():
    many(12)
    many(2, way="refer", preferred_language="en")
    came(set_aside_at=IN_JUNE, due_at=None)
    Figure.objects.create(day=JUNE, kind=Figure.Kind.CONTACTED, size=30, count=10)
    inside, outside = june(), june(outside=True)
    assert table(inside, "way") == {"for themselves": "12", "for a client or patient": "2"}
    few = dict.fromkeys(("for a client or patient", "for a loved one", "a question"), "fewer than 11")
    assert table(outside, "way") == {"for themselves": "10", **few}
    shown = numbers(outside)
    assert (shown["Came in"], shown["Set aside as a robot’s"]) == ("10", "fewer than 11")
    assert shown["Time to first contact, median"] == shown["Time to first contact, 9 of 10 within"] == "too few to tell"
    words = [number for _label, number in outside.numbers] + [n for *_table, rows in outside.tables for _l, n in rows]
    assert not [word for word in words if word.isdigit() and (int(word) < 10 or int(word) % 10)]


def test_outside_no_member_of_staff_is_named(supervisor):
    came(owner=staff_in("Intake", first_name="Marisol"))
    assert "Marisol" in supervisor.get(MONTH, {"month": "2026-06"}).content.decode()
    assert "Marisol" not in supervisor.get(MONTH, {"month": "2026-06", "outside": "on"}).content.decode()
    assert "Marisol" not in str(exported(supervisor, outside="on"))


@pytest.mark.parametrize("asked", [{}, {"outside": "on"}], ids=["inside", "outside"])
def test_the_table_for_a_spreadsheet_holds_what_the_page_shows(supervisor, asked):
    many(12)
    came(way="refer")
    page = supervisor.get(MONTH, {"month": "2026-06", **asked})
    said, _head, *rows = exported(supervisor, **asked)
    shown = page.context["shown"]
    told = [["", *row] for row in shown.numbers]
    told += [[heading, *row] for _code, heading, rows in shown.tables for row in rows]
    assert rows == told and said[1] == "2026-06"
    assert said[0] in page.content.decode()


def test_that_numbers_left_is_recorded_and_that_they_were_looked_at_is_not(supervisor):
    came()
    before = Event.objects.count()
    supervisor.get(MONTH)
    assert Event.objects.count() == before
    exported(supervisor, outside="on")
    event = Event.objects.get(verb="exported")
    assert (event.detail, event.inquiry) == ("month,2026-06,outside", None) and event.actor


def test_no_cell_of_a_person_is_opened_for_it():
    came()
    with looks.watched() as look:
        june()
    assert not look.read


def test_it_asks_as_often_whatever_came_in():
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            june()
        return len(captured)

    came(owner=staff_in("Intake"))
    before = asked()
    many(3, way="refer", owner=staff_in("Intake"))
    assert asked() == before


def test_the_name_of_an_owner_computes_nothing_in_a_spreadsheet(supervisor):
    came(owner=staff_in("Intake", first_name="=1+1"))
    assert ["By owner", "'=1+1", "1"] in exported(supervisor)


@pytest.mark.parametrize(
    "code", ["", "2026-13", "2026-00", "0000-01", "9999-12", "2026-08", "june", "2026-7", "²026-06"]
)
def test_what_names_no_month_that_has_begun_is_the_running_one(code):
    assert first_day(code, date(2026, 7, 20)) == date(2026, 7, 1)


def test_the_page_leads_to_the_months_beside_it_and_has_a_button_to_print(supervisor):
    page = supervisor.get(MONTH, {"month": "2020-12"}).content.decode()
    assert "?month=2020-11" in page and "?month=2021-01" in page and "data-print" in page
    assert "The month after" not in supervisor.get(MONTH).content.decode()


def test_the_first_page_leads_there_whoever_may_export(supervisor, client):
    assert MONTH in supervisor.get("/admin/").content.decode()
    client.force_login(staff_user("inquiries.view_inquiry"))
    assert MONTH not in client.get("/admin/").content.decode()
    assert client.get(MONTH).status_code == client.post(MONTH).status_code == 403

"""However many inquiries there are, the desk reads a bounded number of them, and says so where it matters."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from zeal import zeal_context

from inquiries.desk import list_tabs
from inquiries.models import Inquiry, search
from inquiries.worker import retention
from tests.factories import find, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
LIST = "/admin/inquiries/inquiry/"
CLOSED = {"tab": "closed", "language": "es"}


@pytest.fixture
def user():
    return staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")


@pytest.fixture
def intake(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def three_closed(user):
    rows = [stored_inquiry(name=f"Closed {number}") for number in range(3)]
    for days, inquiry in enumerate(rows, 1):
        inquiry.opened(user)
        inquiry.close(Inquiry.Outcome.NOT_NOW, Inquiry.Told.STATUS_PAGE, user)
        Inquiry.objects.filter(pk=inquiry.pk).update(closed_at=timezone.now() - timedelta(days=days))
    return rows


def shown(client, **query) -> list[str]:
    return [row.name for row in shown_page(client, query).context["page"].rows]


def shown_page(client, query):
    filters = {name: value for name, value in query.items() if name != "q"}
    return find(client, LIST, query["q"], **filters) if "q" in query else client.get(LIST, filters)


def test_of_a_frequent_word_the_newest_finds_are_read(intake, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    for number in range(4):
        stored_inquiry(name=f"Rosa Number{number}")
    assert shown(intake, q="rosa") == ["Rosa Number3", "Rosa Number2"]


def test_two_words_find_who_has_both_however_frequent_one_of_them_is(intake, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 1)
    stored_inquiry(name="Rosa Rare")
    for _number in range(3):
        stored_inquiry(name="Rosa Frequent")
    assert shown(intake, q="rosa rare") == ["Rosa Rare"]


def test_a_filter_looks_through_the_newest_closed_ones_and_says_how_far(intake, three_closed, monkeypatch):
    monkeypatch.setattr(list_tabs, "LOOKED_THROUGH", 2)
    response = intake.get(LIST, CLOSED)
    assert [row.name for row in response.context["page"].rows] == ["Closed 0", "Closed 1"]
    assert "Filters look back to" in response.content.decode()
    assert "Filters look back to" in intake.get(LIST, CLOSED | {"language": "other"}).content.decode()


def test_a_filter_of_what_is_encrypted_looks_less_far_and_says_so(intake, three_closed, monkeypatch):
    monkeypatch.setattr(list_tabs, "BOUND", 2)
    response = intake.get(LIST, {"tab": "closed", "topic": "cost"})
    assert "Filters look back to" in response.content.decode()
    for number in range(3):
        stored_inquiry(name=f"Open {number}", topics="cost")
    text = intake.get(LIST, {"tab": "open", "topic": "cost"}).content.decode()
    assert "This filter looks at the 2 most urgent ones." in text
    assert "most urgent ones" not in intake.get(LIST, {"tab": "open"}).content.decode()


def test_without_a_filter_all_closed_ones_are_there(intake, three_closed, monkeypatch):
    monkeypatch.setattr(list_tabs, "LOOKED_THROUGH", 2)
    response = intake.get(LIST, {"tab": "closed"})
    assert len(response.context["page"].rows) == 3
    assert "Filters look back" not in response.content.decode()


def test_the_purge_has_an_index_of_its_own(three_closed):
    later = timezone.now() + timedelta(days=4000)
    with CaptureQueriesContext(connection) as queries:
        assert retention.purge(later) == 3
    first = next(query["sql"] for query in queries if "closed_at" in query["sql"])
    assert 'ORDER BY "inquiries_inquiry"."closed_at" ASC, "inquiries_inquiry"."id" ASC LIMIT' in first
    assert "inquiries_inquiry_unerased" in {index.name for index in Inquiry._meta.indexes}


@pytest.mark.parametrize("tab", [*list_tabs.LABELS])
def test_no_row_of_a_list_asks_for_itself(intake, three_closed, tab):
    for number in range(3):
        stored_inquiry(name=f"Open {number}").take(staff_user())
    with zeal_context():
        assert intake.get(LIST, {"tab": tab}).status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how many rows there are")
@pytest.mark.parametrize("narrowed", [{}, {"way": "refer"}, {"stage": "contacting"}, {"held_at__isnull": False}])
def test_no_row_is_read_to_be_left_out_of_the_open_ones(narrowed):
    rows = list_tabs.tab_queryset("open", None, timezone.now()).filter(**narrowed).order_by().values("pk")
    assert "COVERING INDEX inquiries_inquiry_due" in rows.explain()
    plan = list_tabs.by_ids(list_tabs.tab_queryset("open", None, timezone.now()).filter(**narrowed), 0, 26).explain()
    read, _, found = plan.partition("LIST SUBQUERY")
    assert (
        "PRIMARY KEY" in read
        and "COVERING INDEX inquiries_inquiry_due" in found
        and "ORDER BY" not in found.split("USE TEMP")[0]
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how many rows there are")
@pytest.mark.parametrize("side", ["before", "after"])
def test_the_neighbours_of_a_case_are_found_without_sorting(side):
    now = timezone.now()
    rows = getattr(list_tabs.tab_queryset("needs-work", None, now), side)(now, 1)
    assert "ORDER BY" not in rows.explain()

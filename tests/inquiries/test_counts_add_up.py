"""Each number over the list counts the rows that its tab lists, and what needs work is the sum of what is overdue and
of the first contacts to come."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from inquiries.desk import list_tabs
from inquiries.desk.list_page import ListPage
from inquiries.models import Inquiry
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 8, 17, tzinfo=UTC)  # Monday, 10 in Duarte
MIDNIGHT = datetime(2026, 6, 9, 7, tzinfo=UTC)
DUE = [NOW - timedelta(days=1), NOW, MIDNIGHT - timedelta(hours=1), MIDNIGHT, MIDNIGHT + timedelta(hours=30)]
ENDS = [{}, {"closed_at": NOW, "sender_wrote_at": NOW}, {"set_aside_at": NOW, "sender_wrote_at": NOW}]


@pytest.fixture
def ana():
    """With an inquiry of each kind that can be on the desk, and some that are not."""
    ana = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry")
    kinds = itertools.product(DUE, (None, NOW), ENDS, (None, ana))
    for number, (due_at, tried_at, end, owner) in enumerate(kinds):
        inquiry = stored_inquiry(question=f"{number}")
        columns = {"due_at": due_at, "first_tried_at": tried_at, "owner": owner, **end}
        Inquiry.objects.filter(pk=inquiry.pk).update(**columns)
    for column in ("closed_at", "set_aside_at"):
        inquiry = stored_inquiry(question=column)
        Inquiry.objects.filter(pk=inquiry.pk).update(due_at=None, **{column: NOW})
    return ana


@pytest.mark.parametrize("bound", [500, 50])
def test_each_number_counts_its_rows_and_they_add_up(ana, monkeypatch, bound):
    on_desk = Inquiry.objects.exclude(due_at=None).count()
    monkeypatch.setattr(list_tabs, "BOUND", bound)
    assert (on_desk > bound) == (bound == 50)
    counts = {tab: count.number for tab, count in list_tabs.counts(ana, NOW).items()}
    for tab in set(list_tabs.LABELS) - {"closed", list_tabs.FOR_ME}:
        rows = list_tabs.tab_queryset(tab, ana, NOW).values("pk")[: bound + 1]
        assert counts[tab] == len(rows), tab
    parts = [counts[part] for part in ("overdue", "later", "tomorrow", "after")]
    assert all(parts) and counts["needs-work"] == sum(parts)


def test_the_line_over_the_list_names_them(ana):
    page = ListPage({}, ana, NOW)
    words = "6 first contacts due later today, 6 first contacts due tomorrow, 6 first contacts due after that"
    assert page.day == words and str(page.counts["overdue"]) == "24" and str(page.total) == "42"

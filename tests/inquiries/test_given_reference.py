"""A reference that was given: the desk proposes the pair, staff confirm it, and nobody outside learns of it."""

from datetime import UTC, datetime

import pytest

from inquiries import business_hours
from inquiries.models import Inquiry
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, reference_in, send, without_receipt

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 17, tzinfo=UTC)  # 10 in the morning in Duarte


def pair(**answers) -> tuple[Inquiry, Inquiry]:
    older = stored_inquiry(way="loved-one", name="Ana", phone="+16265550111")
    return older, stored_inquiry(phone="+16265550122", given_reference=older.reference, **answers)


def proposed(inquiry) -> list[tuple]:
    return [(other, list(map(str, same))) for other, same in inquiry.possible_duplicates()]


def test_each_of_the_two_proposes_the_other(db):
    older, newer = pair()
    words = ["one gave the reference of the other"]
    assert proposed(newer) == [(older, words)] and proposed(older) == [(newer, words)]


def test_staff_confirm_the_pair_and_it_is_proposed_no_more(db):
    older, newer = pair()
    newer.link(older, staff_user())
    assert proposed(newer) == proposed(older) == []
    assert list(older.linked()) == [newer]


def test_a_reference_of_nobody_proposes_nothing(db):
    assert proposed(stored_inquiry(given_reference="ZZ99-ZZ")) == []
    assert proposed(stored_inquiry(given_reference="my cousin said", phone="+16265550177")) == []


@pytest.mark.parametrize("typed", ["{}", " {} "])
def test_it_is_kept_as_references_are_written(client, typed):
    older = stored_inquiry(way="loved-one")
    send(client, given_reference=typed.format(older.reference.lower().replace("-", " ")))
    assert Inquiry.objects.latest("id").given_reference == older.reference


def test_no_page_tells_whether_a_reference_exists(client):
    older = stored_inquiry(way="loved-one")
    known, unknown = (send(client, given_reference=one) for one in (older.reference, "ZZ99-ZZ"))
    assert without_receipt(known) == without_receipt(unknown)
    assert older.reference not in Page(known).text and reference_in(known) != older.reference


@pytest.mark.parametrize(
    ("how_soon", "due"),
    [
        ("", datetime(2026, 6, 2, 17, tzinfo=UTC)),
        ("soon", datetime(2026, 6, 1, 19, tzinfo=UTC)),
        ("week", datetime(2026, 6, 2, 17, tzinfo=UTC)),
        ("no-hurry", datetime(2026, 6, 4, 17, tzinfo=UTC)),
    ],
)
def test_how_soon_moves_when_the_first_contact_is_due(how_soon, due):
    assert business_hours.first_contact_due(MONDAY, how_soon=how_soon) == due
    inquiry = Inquiry(way="refer", how_soon=how_soon, received_at=MONDAY, name="Kim", phone="+16265550199")
    inquiry._set_aside_or_due()
    assert inquiry.due_at == inquiry.first_due_at == due == inquiry.due_first()

"""What the desk finds is what the blind index finds: also one whose answers cannot be read any more."""

import pytest
from django.db import connection

from inquiries.crypto.tokens import SubmissionKey
from tests.factories import find, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def intake(client):
    client.force_login(staff_user("inquiries.view_inquiry"))
    return client


def lose_key_of(table: str, column: str):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'v1:gone:AAAA'")  # noqa: S608 - names of our own


@pytest.mark.parametrize(
    ("column", "text"), [("name", "Rosa"), ("phone", "(626) 555-0142"), ("email", "ROSA@example.com")]
)
def test_one_whose_key_is_gone_is_found_all_the_same(intake, column, text):
    lost = stored_inquiry(email="rosa@example.com")
    lose_key_of("inquiries_inquiry", column)
    assert lost.reference in find(intake, LIST, text).content.decode()
    assert lost.reference not in find(intake, LIST, "Someone").content.decode()


def test_so_is_one_whose_later_answers_cannot_be_read(intake):
    key = SubmissionKey.new()
    lost = stored_inquiry(key)
    stored_inquiry(key, name="Rosa Married")
    lose_key_of("inquiries_inquirytext", "body")
    page = find(intake, LIST, "Married").content.decode()
    assert lost.reference in page and "cannot be read" in page


def test_words_that_were_sent_first_and_later_find_a_person_together(intake):
    key = SubmissionKey.new()
    changed = stored_inquiry(key)
    stored_inquiry(key, name="Rosa Married")
    assert changed.reference in find(intake, LIST, "Peña Married").content.decode()

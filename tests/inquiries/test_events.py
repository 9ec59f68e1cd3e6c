"""Events are only ever added, and the database itself sees to it."""

import pytest
from django.db import DatabaseError, connection, transaction

from inquiries.models import Event, InquiryText
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return stored_inquiry().events.get()


@pytest.mark.parametrize("statement", ["UPDATE inquiries_event SET verb = 'changed'", "DELETE FROM inquiries_event"])
def test_the_database_refuses_to_change_or_delete_an_event(event, statement):
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.get().verb == Event.Verb.RECEIVED


def test_the_database_refuses_to_empty_the_table(event):
    statement = "DELETE FROM inquiries_event"
    if connection.vendor == "postgresql":
        statement = "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE inquiries_event CASCADE"
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1


def test_an_event_outlives_the_text_it_points_to(event):
    text = InquiryText.objects.create(inquiry=event.inquiry, kind=InquiryText.Kind.NOTE, body="private")
    noted = Event.objects.create(inquiry=event.inquiry, verb=Event.Verb.CHANGED, text=text)
    text.delete()
    assert Event.objects.select_related("text").get(pk=noted.pk).text is None


def test_no_column_of_an_event_can_hold_free_text():
    columns = {field.name for field in Event._meta.get_fields()}
    names = {"actor", "actor_name", "account", "account_name"}  # of staff: the user names of that day
    assert columns == names | {"id", "inquiry", "verb", "at", "fields", "detail", "text"}


@pytest.mark.parametrize("words", ["Rosa", "she said no", "626 555 0142!"])
def test_what_is_not_a_code_is_refused_beside_an_event(words):
    with pytest.raises(ValueError):
        Event.objects.create(verb=Event.Verb.LISTED, detail=words)

"""Whether there is an account of a name is told neither by words nor by the work that a refusal takes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inquiries.models import Event, NetworkCount
from tests.factories import staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]


@pytest.mark.parametrize("username", ["known", "unknown", "inactive", "visitor", "ünknöwn"])
def test_every_refusal_hashes_one_password(client, monkeypatch, username):
    staff_user(username="known")
    staff_user(username="inactive", is_active=False)
    staff_user(username="visitor", is_staff=False)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or encode(self, password, salt)
    )
    client.post("/admin/login/", {"username": username, "password": "wrong"})
    assert len(hashed) == 1


NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


def refuse(client, username, network="192.0.2.1"):
    return client.post("/admin/login/", {"username": username, "password": "wrong"}, REMOTE_ADDR=network)


def recorded():
    events = Event.objects.exclude(verb="account-made").order_by("pk")
    return [event.actor and event.actor.username for event in events]


def test_names_of_no_account_leave_one_event_an_hour_and_those_of_accounts_each_their_own(client):
    staff_user(username="rosa")
    with time_machine.travel(NOON, tick=False):
        for number in range(12):
            refuse(client, f"nobody{number}", f"192.0.2.{number}")
        refuse(client, "rosa")
        refuse(client, "nobody")
        refuse(client, "rosa")
        assert recorded() == [None, "rosa", "rosa"]
        assert sorted(NetworkCount.objects.values_list("count", flat=True)) == [2, 13]
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        refuse(client, "nobody")
        refuse(client, "nobody")
        assert recorded() == [None, "rosa", "rosa", None]


def statements(client, username) -> list[str]:
    """What the database is asked to do, without the values; all but how the last savepoint ends."""
    with CaptureQueriesContext(connection) as seen:
        assert refuse(client, username).status_code == 200
    first_words = [" ".join(query["sql"].split()[:3]) for query in seen]
    return ["end" if words.startswith(("RELEASE", "ROLLBACK TO")) else words.split(' "s')[0] for words in first_words]


@pytest.mark.django_db(transaction=True)
def test_the_database_is_asked_for_the_same_work_whether_there_is_such_a_name_or_not(client):
    staff_user(username="rosa")
    for username in ("rosa", "nobody", "rosa"):  # the first of an hour makes the rows of the counts
        refuse(client, username)
    assert statements(client, "rosa") == statements(client, "nobody") != []

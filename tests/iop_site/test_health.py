"""What a process manager asks: cheap, plain, and telling outsiders nothing."""

import json

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import override_settings

from inquiries.models import KeyCheck
from inquiries.models.key_checks import KeysDoNotFit
from iop_site.ops.health import HealthMiddleware


def away(*args, **kwargs):
    raise OperationalError("could not connect to server 10.0.0.7")


@pytest.fixture
def database_away(monkeypatch):
    monkeypatch.setattr(KeyCheck.objects, "verify_once", away)
    monkeypatch.setattr(KeyCheck.objects, "exists", away)


def test_the_process_answers_without_a_database():
    # No mark of the database: any query would fail this test.
    response = Client().get("/healthz")
    assert response.status_code == 200 and response.json() == {"status": "ok"}
    assert response["Cache-Control"] == "no-store" and not response.cookies


@pytest.mark.django_db
def test_ready_costs_two_queries_once_all_was_in_order(client, django_assert_max_num_queries):
    KeyCheck.objects.verify()
    assert client.get("/readyz").status_code == 200
    with django_assert_max_num_queries(2):
        assert client.get("/readyz").json() == {"status": "ok"}


def test_not_ready_while_the_database_is_away_and_no_word_of_why(database_away):
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.content) == {"status": "unavailable"}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_not_ready_when_a_database_that_was_there_goes_away(client, monkeypatch):
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(KeyCheck.objects, "exists", away)
    assert client.get("/readyz").status_code == 503


def test_not_ready_with_keys_that_do_not_fit(monkeypatch):
    def refuse():
        raise KeysDoNotFit("INDEX_KEY is not the key")

    monkeypatch.setattr(KeyCheck.objects, "verify_once", refuse)
    response = Client().get("/readyz")
    assert response.status_code == 503 and b"KEY" not in response.content


@pytest.mark.django_db
def test_not_ready_until_the_migrations_are_applied_and_then_remembered(rf):
    health = HealthMiddleware(lambda request: None)
    applied = MigrationRecorder(connection)
    [newest] = MigrationLoader(connection).graph.leaf_nodes("inquiries")
    applied.record_unapplied(*newest)
    assert health(rf.get("/readyz")).status_code == 503
    applied.record_applied(*newest)
    assert health(rf.get("/readyz")).status_code == 200
    assert health.is_migrated


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_SSL_HOST="guide.example", ALLOWED_HOSTS=["guide.example"])
def test_asked_by_address_and_without_tls_it_is_neither_redirected_nor_refused():
    client = Client(headers={"host": "10.0.0.5:8000"})
    assert client.get("/healthz").status_code == 200
    assert client.get("/healthz/more").status_code in (301, 400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_is_only_asked(path):
    assert Client().post(path).status_code == 405

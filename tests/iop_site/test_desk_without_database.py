"""Who is signed in while the database is away, or takes nothing more, is told so, like everybody else."""

import pytest
from django.db import DatabaseError, InternalError, OperationalError
from django.test import Client

from iop_site.staff.models import Session
from tests.factories import pass_second_step, staff_user

pytestmark = pytest.mark.django_db
PAGES = ("/admin/", "/admin/account/", "/admin/inquiries/inquiry/1/change/", "/es/admin/", "/admin/login/")


@pytest.fixture
def desk():
    client, user = Client(raise_request_exception=False), staff_user(is_superuser=True)
    client.force_login(user)
    pass_second_step(client, user)
    return client


def failing(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def check_told(answer):
    assert answer.status_code == 503 and answer["Retry-After"] and answer["Cache-Control"] == "no-store"
    assert "988" in answer.content.decode() and "no server" not in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_session_that_cannot_be_read(desk, monkeypatch, path):
    monkeypatch.setattr(Session.objects, "filter", failing(OperationalError("no server")))
    check_told(desk.get(path))
    check_told(desk.post(path, {"note": "typed words"}))


@pytest.mark.parametrize("error", [OperationalError("read-only"), InternalError("read only")])
def test_a_session_that_cannot_be_written(desk, monkeypatch, error):
    monkeypatch.setattr(Session, "save_base", failing(error))
    check_told(desk.get("/admin/account/"))


def test_a_session_that_was_ended_meanwhile_is_still_told_apart(desk, monkeypatch):
    monkeypatch.setattr(Session, "save_base", failing(DatabaseError("Forced update did not affect any rows.")))
    assert desk.get("/admin/account/").status_code == 400


def test_any_other_fault_is_ours_as_before(desk, monkeypatch):
    monkeypatch.setattr(Session.objects, "filter", failing(ValueError("not of the database")))
    assert desk.get("/admin/").status_code == 500

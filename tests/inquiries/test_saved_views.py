"""A view of the list is saved under a name of one's own, which is sealed, and never with what was searched for."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection

from inquiries.models import SavedView
from tests.factories import staff_user
from tests.inquiries.test_list import LIST

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return staff_user("inquiries.view_inquiry")


@pytest.fixture
def intake(client, user):
    client.force_login(user)
    return client


def test_a_view_is_saved_for_oneself_without_what_was_searched_for(intake, user):
    intake.post(f"{LIST}views/save/", {"name": "Spanish", "language": "es", "q": "Rosa", "tab": "open"})
    view = SavedView.objects.get()
    assert (view.user, view.query) == (user, "tab=open&language=es")
    link = '<a href="?tab=open&amp;language=es"{}>Spanish</a>'
    assert link.format("") in intake.get(LIST).content.decode()
    assert link.format(' aria-current="page"') in intake.get(f"{LIST}?{view.query}").content.decode()


def test_what_no_filter_offers_is_not_saved(intake):
    typed = {"name": "Odd", "stage": "Rosa Pena", "owner": "x" * 300, "tab": "<b>", "now": "on", "language": "es"}
    intake.post(f"{LIST}views/save/", typed)
    assert SavedView.objects.get().query == "language=es&now=True"


def stored_in_clear() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, label, query FROM inquiries_savedview")
        return repr(cursor.fetchall())


def test_the_name_of_a_view_is_in_clear_neither_in_the_table_nor_in_the_session(intake):
    for name in ("Zoe Example", "rosa"):
        intake.post(f"{LIST}views/save/", {"name": name, "language": "es"})
    assert "Zoe" not in stored_in_clear() and "rosa" not in stored_in_clear()
    assert "Zoe" not in str(dict(intake.session))
    page = intake.get(LIST).content.decode()
    assert page.index(">rosa</a>") < page.index(">Zoe Example</a>") and "The view is saved." in page


def test_a_name_that_does_not_open_spoils_no_list(intake, user):
    view = SavedView.objects.create(user=user, label="Mine", query="tab=open")
    SavedView.objects.update(uid=uuid.uuid4())
    assert f">#{view.pk}</a>" in intake.get(LIST).content.decode()


def test_names_of_an_earlier_release_are_shown_and_sealed_once_it_is_gone(intake, user, monkeypatch, capsys):
    for step in ("collect_static_files", "greet", "choose_format"):
        monkeypatch.setattr(f"iop_site.management.commands.prepare.Command.{step}", lambda *_: None)
    for name in ("Rosa", "Ana"):
        SavedView.objects.create(user=user, name=name, uid=None)
    call_command("prepare")
    assert "Names of saved views" in capsys.readouterr().out
    assert ">Rosa</a>" in intake.get(LIST).content.decode() and "Rosa" in stored_in_clear()
    for _twice in range(2):
        call_command("prepare", "--all-new")
        call_command("prepare")
        assert "Names of saved views" not in capsys.readouterr().out
        assert "Rosa" not in stored_in_clear() and "Ana" not in stored_in_clear()
        assert sorted(view.title for view in SavedView.objects.all()) == ["Ana", "Rosa"]
    assert ">Rosa</a>" in intake.get(LIST).content.decode()


def test_views_of_others_are_neither_seen_nor_deleted(intake):
    theirs = SavedView.objects.create(user=staff_user(), label="Theirs", query="")
    assert "Theirs" not in intake.get(LIST).content.decode()
    intake.post(f"{LIST}views/{theirs.pk}/delete/")
    assert SavedView.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("name", ["", "x" * 41, "Twice"])
def test_a_name_that_does_not_do_is_refused_in_words(intake, user, name):
    SavedView.objects.create(user=user, label="Twice")
    page = intake.post(f"{LIST}views/save/", {"name": name}, follow=True).content.decode()
    assert "Give the view a name" in page and SavedView.objects.count() == 1

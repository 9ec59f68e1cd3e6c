"""A new first key takes over every cell: in steps, under traffic, after a kill, and past a cell that does not open."""

import base64
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event as Signal, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from inquiries.crypto import key_rotation, keyring
from inquiries.crypto.keyring import SealError
from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, Inquiry, InquiryText, KeyCheck
from inquiries.models.saved_view import SavedView
from tests.databases import url_of_test_database
from tests.factories import staff_user, stored_inquiry

ROOT = Path(__file__).resolve().parents[2]
NEW = b"n" * 32


def cells() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(Inquiry.PERSONAL_FIELDS)} FROM inquiries_inquiry")  # noqa: S608
        rows = cursor.fetchall()
        cursor.execute("SELECT body FROM inquiries_inquirytext")
        return [cell for row in [*rows, *cursor.fetchall()] for cell in row if cell]


def keys_in_use() -> set[str]:
    return {keyring.key_id_of(cell) for cell in cells()}


def put_raw(pk, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE inquiries_inquiry SET {column} = %s WHERE id = %s", [value, pk])  # noqa: S608


@pytest.fixture
def old_rows(settings, db):
    """Inquiries and texts under the old key, and a new first key."""
    KeyCheck.objects.adopt()  # a process adopts its keys once, and an earlier test may have done so
    key = SubmissionKey.new()
    stored_inquiry(key, name="Rosa", topics="cost", email="rosa@example.com")
    stored_inquiry(key, name="Rosa", question="Changed?")
    stored_inquiry(name="Kim")
    settings.FIELD_KEYS = {"new": NEW, **settings.FIELD_KEYS}
    KeyCheck.objects.adopt()


def rotate(*options):
    call_command("rotate_keys", *options)


@pytest.mark.parametrize("batch", ["1", "200"])
def test_everything_is_sealed_again_and_reads_the_same(old_rows, batch, capsys):
    count = len(cells())
    rotate("--batch", batch)
    assert keys_in_use() == {"new"} and len(cells()) == count
    assert {inquiry.name for inquiry in Inquiry.objects.all()} == {"Rosa", "Kim"}
    assert Inquiry.objects.get(pk=Inquiry.objects.earliest("pk").pk).latest_answers()["question"] == "Changed?"
    said = capsys.readouterr().out
    assert "inquiries_inquiry: 2 rows seen" in said and "inquiries_inquirytext: 1 rows seen" in said
    assert f"{count} cells sealed again under the key 'new'." in said
    assert Event.objects.get(verb="keys-rotated").detail == f"cells:{count}"


def test_a_second_run_changes_nothing(old_rows):
    rotate()
    before = cells()
    rotate()
    assert cells() == before
    assert Event.objects.filter(verb="keys-rotated").count() == 1


def test_what_the_release_before_stored_without_a_sealed_name_is_passed_over(old_rows, capsys):
    view = SavedView.objects.create(user=staff_user(), name="Mornings", label=None)
    SavedView.objects.update(uid=None)
    call_command("rotate_keys")
    assert "sealed again" in capsys.readouterr().out
    view.refresh_from_db()
    assert view.label is None and view.title == "Mornings"
    SavedView.objects.seal_names()
    view.refresh_from_db()
    assert view.label == "Mornings" and view.name == view.uid.hex


def test_every_model_with_an_encrypted_field_is_covered(old_rows):
    assert {Inquiry, InquiryText} <= set(key_rotation.encrypted_models())


def test_what_others_change_meanwhile_is_never_overwritten(old_rows, monkeypatch):
    reseal, met = key_rotation.reencrypted, []

    def and_somebody_changes_it(row, tally):
        result = reseal(row, tally)
        if not met and isinstance(row, Inquiry):
            met.append(row.pk)
            inquiry = Inquiry.objects.get(pk=row.pk)
            inquiry.phone, inquiry.email = "+16265550177", ""
            inquiry.save()
        return result

    monkeypatch.setattr(key_rotation, "reencrypted", and_somebody_changes_it)
    rotate()
    inquiry = Inquiry.objects.get(pk=met[0])
    assert (inquiry.phone, inquiry.email, inquiry.name) == ("+16265550177", "", "Rosa")
    assert keys_in_use() == {"new"}


def test_a_row_that_is_deleted_meanwhile_stays_deleted(old_rows, monkeypatch):
    reseal = key_rotation.reencrypted

    def and_somebody_deletes_it(row, tally):
        result = reseal(row, tally)
        InquiryText.objects.all().delete()
        return result

    monkeypatch.setattr(key_rotation, "reencrypted", and_somebody_deletes_it)
    rotate()
    assert not InquiryText.objects.exists() and keys_in_use() == {"new"}


def test_a_cell_that_does_not_open_is_named_and_passed_over(old_rows, capsys):
    first = Inquiry.objects.earliest("pk")
    spoilt = "v1:test:" + base64.b64encode(b"x" * 40).decode()
    put_raw(first.pk, "phone", spoilt)
    with pytest.raises(CommandError, match="1 cells cannot be opened"):
        rotate("--finish")
    said = capsys.readouterr().err
    assert f"inquiries_inquiry {first.uid} phone: " in said and "The key 'test' still seals 1 cells" in said
    assert [cell for cell in cells() if keyring.key_id_of(cell) != "new"] == [spoilt]
    assert KeyCheck.objects.filter(key_id="test").exists()
    read = Inquiry.objects.get(pk=first.pk)
    assert read.name == "Rosa"
    with pytest.raises(SealError):
        _ = read.phone


def test_an_old_key_is_let_go_only_when_it_seals_nothing(old_rows, settings, capsys):
    rotate()
    assert set(KeyCheck.objects.filter(purpose="field").values_list("key_id", flat=True)) == {"test", "new"}
    rotate("--finish")
    assert list(KeyCheck.objects.filter(purpose="field").values_list("key_id", flat=True)) == ["new"]
    assert "The key 'test' seals nothing here any more" in capsys.readouterr().out
    assert Event.objects.filter(verb="keys-rotated", detail="let-go:test").count() == 1
    settings.FIELD_KEYS = {"new": NEW}
    KeyCheck.objects.verify()
    assert Inquiry.objects.latest("pk").name == "Kim"


def test_nonsense_for_a_batch_is_refused(old_rows):
    with pytest.raises(CommandError, match="at least 1"):
        rotate("--batch", "0")


@pytest.mark.django_db(transaction=True)
def test_under_traffic_every_read_succeeds_and_every_change_is_kept(settings):
    keys = [SubmissionKey.new() for _ in range(20)]
    for key in keys:
        stored_inquiry(key, question="0")
    settings.FIELD_KEYS = {"new": NEW, **settings.FIELD_KEYS}
    is_over, faults = Signal(), []

    def read():
        while not is_over.is_set():
            try:
                assert {inquiry.name for inquiry in Inquiry.objects.all()} == {"Rosa Peña"}
            except Exception as error:  # the assertion below shows it
                faults.append(error)
        connections.close_all()

    def change():
        try:
            for key in keys:
                stored_inquiry(key, question="1")
        except Exception as error:
            faults.append(error)
        connections.close_all()

    threads = [Thread(target=read), Thread(target=change)]
    for thread in threads:
        thread.start()
    try:
        rotate("--batch", "3")
        threads[1].join(60)
    finally:
        is_over.set()
        threads[0].join(60)
    assert not faults
    rotate()
    assert keys_in_use() == {"new"}
    assert {one.latest_answers()["question"] for one in Inquiry.objects.prefetch_related("texts")} == {"1"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_is_started_again(settings, tmp_path):
    for _ in range(60):
        stored_inquiry()
    settings.FIELD_KEYS = {"new": NEW, **settings.FIELD_KEYS}
    pairs = (f"{name}:{base64.b64encode(key).decode()}" for name, key in settings.FIELD_KEYS.items())
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "iop_site.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": url_of_test_database(),
        "FIELD_KEYS": ",".join(pairs),
    }
    command = [sys.executable, "manage.py", "rotate_keys", "--batch", "2"]
    run = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    for _ in range(3):
        assert "rows seen" in run.stdout.readline()
    run.kill()
    assert run.wait(30) == -signal.SIGKILL
    assert keys_in_use() == {"new", "test"}
    assert {inquiry.name for inquiry in Inquiry.objects.all()} == {"Rosa Peña"}
    rotate("--finish")
    assert keys_in_use() == {"new"} and not KeyCheck.objects.filter(key_id="test").exists()
    assert {inquiry.name for inquiry in Inquiry.objects.all()} == {"Rosa Peña"}

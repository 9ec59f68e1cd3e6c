"""Texts sealed by the release before are read, and written until somebody says that no older process is left."""

import pytest
from django.core.management import call_command
from django.db import connection

from inquiries.crypto import key_rotation, keyring
from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, Inquiry, InquiryText, KeyCheck
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db
NEW = {"new": b"n" * 32}


def formats(pk) -> dict[str, str]:
    """Return how each personal cell of an inquiry begins: ``v1``, ``v2`` or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(Inquiry.PERSONAL_FIELDS)} FROM inquiries_inquiry WHERE id = %s", [pk])  # noqa: S608
        return dict(zip(Inquiry.PERSONAL_FIELDS, (cell[:2] for cell in cursor.fetchone()), strict=True))


@pytest.fixture
def ring():
    """The keys of a process that has just been started, whichever keys the test gives it."""
    keyring._keyring.cache_clear()
    yield keyring.current()
    keyring._keyring.cache_clear()


@pytest.fixture
def old_database(ring):
    """A database that the release before began to fill."""
    check = {"purpose": KeyCheck.Purpose.FIELD, "key_id": ring.active_key_id}
    KeyCheck.objects.create(**check, sealed=KeyCheck.seal_known_text())


def begin(ring):
    """Say that no older process is left, and have this one find out as at its start."""
    KeyCheck.objects.verify()
    assert KeyCheck.objects.begin_padding()
    ring.pads = False
    KeyCheck.objects.verify()
    assert ring.pads


def test_a_database_that_nothing_was_sealed_in_is_padded_from_its_first_cell(ring):
    assert set(formats(stored_inquiry().pk).values()) == {"v2"}
    assert KeyCheck.objects.get(purpose="field").is_padded


def test_beside_older_processes_texts_are_sealed_as_those_read_them(old_database):
    inquiry = stored_inquiry(email="")
    found = formats(inquiry.pk)
    assert (found["name"], found["email"], found["topics"]) == ("v1", "", "")
    assert Inquiry.objects.get().name == "Rosa Peña" and Inquiry.objects.get().email == ""
    assert not KeyCheck.objects.get(purpose="field").is_padded


def test_once_it_was_said_a_process_that_starts_pads_and_reads_both(old_database, ring):
    key = SubmissionKey.new()
    older = stored_inquiry(key)
    begin(ring)
    stored_inquiry(key, topics="cost")
    newer = stored_inquiry()
    assert formats(older.pk)["name"] == "v1" and set(formats(newer.pk).values()) == {"v2"}
    assert [one.name for one in Inquiry.objects.all()] == ["Rosa Peña"] * 2
    assert Inquiry.objects.get(pk=older.pk).latest_answers()["topics"] == "cost"
    assert list(Inquiry.objects.found_by("Rosa").order_by("pk")) == [older, newer]


def test_saying_it_again_changes_nothing(old_database, ring):
    begin(ring)
    before = KeyCheck.objects.get(purpose="field").sealed
    assert not KeyCheck.objects.begin_padding()
    assert KeyCheck.objects.get(purpose="field").sealed == before


def test_a_change_of_keys_keeps_to_what_was_said(old_database, ring, settings):
    begin(ring)
    settings.FIELD_KEYS = NEW | settings.FIELD_KEYS
    assert set(formats(stored_inquiry().pk).values()) == {"v2"}
    call_command("rotate_keys", "--finish")
    assert [check.is_padded for check in KeyCheck.objects.filter(purpose="field")] == [True]


def test_letting_an_old_key_go_keeps_to_what_only_its_check_said(old_database, ring, settings):
    begin(ring)
    said_by_old_key = KeyCheck.objects.get(purpose="field").sealed
    settings.FIELD_KEYS = NEW | settings.FIELD_KEYS
    plain = keyring.Keyring(settings.FIELD_KEYS, b"").seal("this database opens with this key", "keycheck|new")
    KeyCheck.objects.create(purpose="field", key_id="new", sealed=plain)
    assert keyring.is_padded(said_by_old_key) and not keyring.is_padded(plain)
    call_command("rotate_keys", "--finish")
    [left] = KeyCheck.objects.filter(purpose="field")
    assert left.key_id == "new" and left.is_padded
    left.verify()


def test_older_texts_are_sealed_again_under_the_same_key_and_the_empty_ones_too(old_database, ring):
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, email="")
    stored_inquiry(key, question="Changed?")
    begin(ring)
    call_command("rotate_keys")
    assert set(formats(inquiry.pk).values()) == {"v2"}
    read = Inquiry.objects.get()
    assert (read.name, read.email, read.latest_answers()["question"]) == ("Rosa Peña", "", "Changed?")
    text = InquiryText.objects.values_list("body", flat=True).get()
    assert keyring.is_padded(text)
    call_command("rotate_keys")
    assert InquiryText.objects.values_list("body", flat=True).get() == text
    [event] = Event.objects.filter(verb="keys-rotated")
    assert event.detail == f"cells:{len(Inquiry.PERSONAL_FIELDS) + 1}"


def test_what_was_erased_stays_empty(old_database, ring):
    inquiry = stored_inquiry()
    inquiry.erase()
    begin(ring)
    call_command("rotate_keys")
    assert set(formats(inquiry.pk).values()) == {""}


def test_what_is_erased_while_it_is_sealed_again_stays_empty(old_database, ring, monkeypatch):
    inquiry = stored_inquiry(**dict.fromkeys(Inquiry.PERSONAL_FIELDS, ""))
    begin(ring)
    reseal = key_rotation.reencrypted

    def and_somebody_erases_it(row, tally):
        result = reseal(row, tally)
        inquiry.erase()
        return result

    monkeypatch.setattr(key_rotation, "reencrypted", and_somebody_erases_it)
    call_command("rotate_keys")
    assert set(formats(inquiry.pk).values()) == {""}


def test_before_it_was_said_sealing_again_changes_no_format(old_database):
    inquiry = stored_inquiry(email="")
    before = formats(inquiry.pk)
    call_command("rotate_keys")
    assert formats(inquiry.pk) == before
    assert not Event.objects.filter(verb="keys-rotated").exists()

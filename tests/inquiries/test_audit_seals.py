"""The audit trail is sealed by the worker, and whatever is done to it later is shown."""

import hashlib
import json
import uuid
from datetime import UTC, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from inquiries.crypto import keyring
from inquiries.db import triggers
from inquiries.models import Event, EventSeal
from inquiries.models.append_only import AppendOnlyError
from inquiries.worker.sealing import HighWaterMark, Sealer
from iop_site.staff import acting
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db


def add_events(count: int = 1, actor=None):
    rows = range(count)
    return [Event.objects.create(verb=Event.Verb.LISTED, actor=actor, detail="mine") for _number in rows]


def seal():
    return EventSeal.objects.seal_up_to(Event.objects.order_by("-pk").first().pk)


def tamper(statement: str, *values):
    """Do by SQL what the triggers keep out, as who owns the database could."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    triggers.install(connection)


def verify(capsys, **options) -> str:
    call_command("verify_audit", **options)
    return capsys.readouterr().out


def test_a_whole_trail_is_said_to_be_whole(capsys):
    events = add_events(3)
    seal()
    add_events(2)
    said = verify(capsys)
    assert f"whole up to event {events[-1].pk}; 2 newer" in said


def test_events_without_any_seal_are_counted(capsys):
    add_events(2)
    assert "whole up to event 0; 2 newer" in verify(capsys)


def test_seals_follow_one_another_without_a_gap():
    for _round in range(3):
        add_events(2)
        seal()
    seals = list(EventSeal.objects.order_by("first_id"))
    assert [later.first_id for later in seals[1:]] == [earlier.last_id + 1 for earlier in seals[:-1]]
    assert seals[0].first_id == 1 and [row.count for row in seals[1:]] == [2, 2]


def test_many_events_make_several_seals(monkeypatch):
    monkeypatch.setattr("inquiries.models.event_seals.MOST_AT_ONCE", 2)
    add_events(5)
    assert seal() == 3
    assert list(EventSeal.objects.verify()) == []


def test_a_number_that_was_never_used_is_no_gap(capsys):
    add_events()
    with transaction.atomic():
        add_events()
        transaction.set_rollback(True)
    add_events()
    seal()
    assert "is whole" in verify(capsys)


def put(row, field, value):
    table, column = row._meta.db_table, field.column
    tamper(f"UPDATE {table} SET {column} = %s WHERE id = %s", field.get_db_prep_save(value, connection), row.pk)  # noqa: S608


def another(field, row, user):
    """A value that the column could hold and does not."""
    if field.is_relation:
        return None if getattr(row, field.attname) else {"text": uuid.uuid4()}.get(field.name, user.pk)
    if isinstance(field, models.DateTimeField):
        return timezone.now() - timedelta(days=900)
    return 900_000_000 if isinstance(field, models.IntegerField) else "other"


@pytest.mark.parametrize("column", [field.name for field in Event._meta.fields])
def test_whatever_is_changed_of_an_event_is_shown(capsys, column):
    ana = staff_user()
    inquiry = stored_inquiry()
    event = inquiry.opened(ana) or Event.objects.first()
    add_events(2, actor=ana)
    seal()
    assert "is whole" in verify(capsys)
    field = Event._meta.get_field(column)
    put(event, field, another(field, event, ana))
    with pytest.raises(CommandError, match="Events 1 to"):
        verify(capsys)


@pytest.mark.parametrize("column", [field.name for field in EventSeal._meta.fields if not field.primary_key])
def test_whatever_is_changed_of_a_seal_is_shown(capsys, column):
    add_events(2)
    seal()
    row, field = EventSeal.objects.get(), EventSeal._meta.get_field(column)
    put(row, field, another(field, row, None))
    with pytest.raises(CommandError, match="not whole"):
        verify(capsys)


def test_an_event_that_was_taken_out_is_shown(capsys):
    events = add_events(3)
    seal()
    tamper("DELETE FROM inquiries_event WHERE id = %s", events[1].pk)
    with pytest.raises(CommandError, match=f"to {events[-1].pk}"):
        verify(capsys)


@pytest.mark.parametrize("pk", [0, -5])
def test_an_event_put_in_before_the_first_is_shown(capsys, pk):
    add_events()
    seal()
    Event.objects.bulk_create([Event(pk=pk, verb=Event.Verb.OPENED)])
    with pytest.raises(CommandError, match="1 events stand before the first"):
        verify(capsys)


def test_a_seal_that_was_taken_out_is_shown(capsys):
    add_events()
    seal()
    middle = EventSeal.objects.get()
    add_events()
    seal()
    tamper("DELETE FROM inquiries_eventseal WHERE id = %s", middle.pk)
    with pytest.raises(CommandError, match="seal is missing"):
        verify(capsys)


def test_a_seal_made_without_the_key_does_not_fit(capsys):
    add_events()
    seal()
    tamper("UPDATE inquiries_eventseal SET digest = %s", "0" * 64)
    with pytest.raises(CommandError, match="not what was sealed"):
        verify(capsys)


def test_the_newest_cut_off_with_their_seal_are_shown_by_the_log(capsys, caplog):
    add_events()
    seal()
    before = EventSeal.objects.get().last_id
    add_events()
    with caplog.at_level("INFO"):
        seal()
    newest = EventSeal.objects.order_by("-pk").first()
    assert f"{newest.last_id}: {newest.digest}" in caplog.text
    logged = f"{newest.last_id}:{newest.digest}"
    assert "is whole" in verify(capsys, expect=logged)
    tamper("DELETE FROM inquiries_eventseal WHERE id = %s", newest.pk)
    tamper("DELETE FROM inquiries_event WHERE id > %s", before)
    assert "is whole" in verify(capsys)
    with pytest.raises(CommandError, match="that was logged is not there"):
        verify(capsys, expect=logged)


def digest_of_before(events, first, last, before=""):
    """The seal as releases made it that kept no user names."""
    rows = hashlib.sha256()
    for event in events:
        moment = event.at.astimezone(UTC).isoformat(timespec="microseconds")
        row = [event.pk, event.inquiry_id, event.verb, event.actor_id, moment, event.fields, event.detail, None]
        rows.update(json.dumps(row).encode() + b"\n")
    chain = f"{before}|{first}|{last}|{len(events)}|{rows.hexdigest()}"
    return keyring.current().digest("audit seal", chain.encode()).hex()


def test_a_seal_of_a_release_without_names_still_fits_and_the_next_goes_on_from_it(capsys):
    events = add_events(2, actor=staff_user())
    sealed = list(Event.objects.order_by("pk"))
    last = events[-1].pk
    EventSeal.objects.create(first_id=1, last_id=last, count=len(sealed), digest=digest_of_before(sealed, 1, last))
    add_events(2)
    seal()
    assert EventSeal.objects.count() == 2 and "is whole" in verify(capsys)
    tamper("UPDATE inquiries_event SET verb = 'opened' WHERE id = %s", events[0].pk)
    with pytest.raises(CommandError, match=f"to {last}: not what was sealed"):
        verify(capsys)


def test_two_user_names_that_were_swapped_are_shown(capsys):
    ana, dev = staff_user(username="ana"), staff_user(username="dev")
    add_events(1, actor=ana)
    seal()
    assert "is whole" in verify(capsys)
    for name, user in (("x", ana), ("ana", dev), ("dev", ana)):
        tamper("UPDATE staff_user SET username = %s WHERE id = %s", name, user.pk)
    with pytest.raises(CommandError) as shown:
        verify(capsys)
    assert f"Account {ana.pk} is called dev, and its newest event says ana." in str(shown.value)
    assert f"Account {dev.pk} is called ana, and its newest event says dev." in str(shown.value)


def test_a_name_that_was_changed_at_the_desk_or_a_shell_is_whole(capsys):
    ana = staff_user(username="ana")
    add_events(1, actor=ana)
    ana.username = "anna"
    ana.save()
    assert "is whole" in verify(capsys)
    add_events(1, actor=ana)
    seal()
    assert "is whole" in verify(capsys)


def test_an_account_that_renames_itself_is_whole(capsys):
    ana = staff_user(username="ana")
    itself = type(ana).objects.get(pk=ana.pk)
    itself.username = "anna"
    with acting.by(lambda: ana):
        itself.save()
    event = Event.objects.get(fields="username")
    assert (event.actor_name, event.account_name) == ("ana", "anna") and "is whole" in verify(capsys)
    tamper("UPDATE staff_user SET username = 'ana' WHERE id = %s", ana.pk)
    with pytest.raises(CommandError, match="is called ana, and its newest event says anna"):
        verify(capsys)


def test_what_was_under_way_while_an_account_was_renamed_accuses_nobody(capsys):
    ana = staff_user(username="ana")
    under_way = type(ana).objects.get(pk=ana.pk)
    ana.username = "anna"
    ana.save()
    add_events(1, actor=under_way)
    assert Event.objects.first().actor_name == "ana" and "is whole" in verify(capsys)


@pytest.mark.parametrize("later", ["anna", "ann"])
def test_a_name_that_was_an_accounts_before_a_renaming_is_shown_when_it_is_put_back_past_the_site(capsys, later):
    ana = staff_user(username="ana")
    add_events(1, actor=ana)
    for ana.username in ("anna", later):
        ana.save()
    add_events(1, actor=ana)
    tamper("UPDATE staff_user SET username = 'ana' WHERE id = %s", ana.pk)
    with pytest.raises(CommandError, match=f"is called ana, and its newest event says {later}"):
        verify(capsys)


def test_events_made_many_at_once_carry_the_name_too():
    Event.objects.bulk_create([Event(verb=Event.Verb.EXPORTED, actor=staff_user(username="ana"))])
    assert Event.objects.get(verb="exported").actor_name == "ana"


def test_erasing_what_a_person_sent_breaks_no_seal(capsys):
    inquiry = stored_inquiry()
    inquiry.opened(staff_user())
    seal()
    inquiry.erase()
    assert "is whole" in verify(capsys)


@pytest.mark.parametrize("statement", ["UPDATE inquiries_eventseal SET count = 9", "DELETE FROM inquiries_eventseal"])
def test_the_database_refuses_to_change_or_delete_a_seal(statement):
    add_events()
    seal()
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_is_not_replaced_under_its_number():
    [event] = add_events()
    statement = "INSERT OR REPLACE INTO inquiries_event (id, verb, at, fields, detail) VALUES (%s, 'x', '', '', '')"
    if connection.vendor == "postgresql":
        statement = (
            "INSERT INTO inquiries_event (id, verb, at, fields, detail) VALUES (%s, 'x', now(), '', '')"
            " ON CONFLICT (id) DO UPDATE SET verb = 'x'"
        )
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [event.pk])


@pytest.mark.parametrize(
    "attempt",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: type(row).objects.update(pk=1),
        lambda row: type(row).objects.all().delete(),
        lambda row: type(row).objects.bulk_update([row], [type(row)._meta.fields[1].name]),
    ],
)
def test_the_models_refuse_before_the_database_does(attempt):
    [event] = add_events()
    seal()
    for row in (event, EventSeal.objects.get()):
        with pytest.raises(AppendOnlyError):
            attempt(row)


class TestWorker:
    def test_events_are_sealed_a_minute_after_the_mark(self):
        add_events()
        worker, now = Sealer(), timezone.now()
        worker.seal(now)
        assert not EventSeal.objects.exists()
        worker.seal(now + timedelta(seconds=59))
        assert not EventSeal.objects.exists()
        later = add_events()
        worker.mark.adding = set()  # on PostgreSQL the test itself is one long transaction
        worker.seal(now + timedelta(seconds=61))
        assert EventSeal.objects.get().last_id < later[0].pk
        worker.mark.adding = set()
        worker.seal(now + timedelta(seconds=122))
        assert EventSeal.objects.order_by("-pk").first().last_id == later[0].pk

    def test_two_workers_seal_an_event_once(self):
        add_events()
        marks = [HighWaterMark(timezone.now()), HighWaterMark(timezone.now())]
        assert [EventSeal.objects.seal_up_to(mark.newest) for mark in marks] == [1, 0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_an_event_that_is_committed_late_is_waited_for():
    late = connection.get_new_connection(connection.get_connection_params())
    try:
        with late.cursor() as cursor:
            cursor.execute("INSERT INTO inquiries_event (verb, at, fields, detail) VALUES ('opened', now(), '', '')")
        [event] = add_events()
        mark = HighWaterMark(timezone.now())
        assert mark.newest == event.pk
        assert not mark.is_settled(mark.at + timedelta(hours=1))
        late.commit()
        assert mark.is_settled(mark.at + timedelta(hours=1))
        assert not mark.is_settled(mark.at + timedelta(seconds=30))
    finally:
        late.close()

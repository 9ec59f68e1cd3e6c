"""What was taken out of the audit trail together with its seals, or put in their place, is shown by what is left."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from inquiries.db import triggers
from inquiries.models import Event, EventSeal, Figure, Inquiry, noted_seal
from inquiries.worker.sealing import Sealer
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.test_audit_seals import add_events, seal, tamper, verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def note(settings, tmp_path):
    settings.NOTED_SEAL_FILE = tmp_path / "backups" / "sealed.txt"
    return settings.NOTED_SEAL_FILE


def refuses(words: str):
    with pytest.raises(CommandError, match=words):
        call_command("verify_audit")


def seal_by_worker():
    worker, now = Sealer(), timezone.now()
    worker.seal(now)
    worker.mark.adding = set()  # on PostgreSQL the test itself is one long transaction
    worker.seal(now + timedelta(seconds=61))


def swap(column: str, spare, one, other):
    """Swap what two inquiries have in a column that is unique."""
    for row, value in ((one, spare), (other, getattr(one, column)), (one, getattr(other, column))):
        Inquiry._base_manager.filter(pk=row.pk).update(**{column: value})


@pytest.mark.parametrize(("column", "spare"), [("uid", uuid.uuid4()), ("reference", "AA22-AA")])
def test_two_inquiries_that_were_swapped_under_their_events_are_shown(capsys, column, spare):
    one, other = stored_inquiry(), stored_inquiry(name="Ana Fictitious", question="Other")
    one.opened(staff_user())
    seal()
    assert "is whole" in verify(capsys)
    swap(column, spare, one, other)
    refuses("not what was sealed")


@pytest.mark.parametrize("form", ["v3|", "v2|", ""])
def test_a_seal_of_a_form_before_still_fits(capsys, monkeypatch, form):
    stored_inquiry()
    with monkeypatch.context() as patched:
        patched.setattr(EventSeal.digest_of, "__defaults__", (form,))
        seal()
    assert "is whole" in verify(capsys)


@pytest.mark.parametrize("table", triggers.TABLES)
def test_triggers_that_are_gone_are_named(table):
    add_events()
    seal()
    triggers.remove(connection)
    refuses(f"does not refuse to change events: .*{table}_no_")


def test_triggers_that_do_nothing_are_named():
    add_events()
    seal()
    name = "inquiries_event_no_change"
    statements = [
        "CREATE OR REPLACE FUNCTION inquiries_event_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW; END $$"
    ]
    if connection.vendor == "sqlite":
        name = "inquiries_event_no_update"
        statements = [f"DROP TRIGGER {name}"]
        statements += [f"CREATE TRIGGER {name} BEFORE UPDATE ON inquiries_event BEGIN SELECT 1; END"]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    refuses(f"missing or altered are .*{name}")


@pytest.mark.parametrize("table", ["inquiries_event", "inquiries_inquiry", "programs_guidepage"])
def test_a_trigger_of_somebody_else_is_named_with_its_table(table):
    body = "BEGIN SELECT 1; END"
    statements = []
    if connection.vendor == "postgresql":
        body = "FOR EACH ROW EXECUTE FUNCTION theirs()"
        statements = ["CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"]
    with connection.cursor() as cursor:
        for statement in [*statements, f"CREATE TRIGGER tells_them AFTER INSERT ON {table} {body}"]:
            cursor.execute(statement)
    refuses(f"did not ask for: tells_them on {table}")


only_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has nothing of the kind")


@only_postgres
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "ALTER TABLE inquiries_inquiry ENABLE ROW LEVEL SECURITY",
            "did not ask for: row security on inquiries_inquiry",
        ),
        ("CREATE RULE hush AS ON INSERT TO inquiries_event DO INSTEAD NOTHING", "did not ask for: hush on"),
        ("SET LOCAL session_replication_role = replica", "missing or altered are inquiries_event_no_change"),
        (
            "CREATE TRIGGER inquiries_event_no_change AFTER INSERT ON inquiries_inquiry"
            " FOR EACH ROW EXECUTE FUNCTION inquiries_event_refuse()",
            "did not ask for: inquiries_event_no_change on inquiries_inquiry",
        ),
        (
            "CREATE TRIGGER asleep AFTER INSERT ON inquiries_inquiry FOR EACH ROW EXECUTE FUNCTION"
            " inquiries_event_refuse(); ALTER TABLE inquiries_inquiry DISABLE TRIGGER asleep",
            "did not ask for: asleep on inquiries_inquiry",
        ),
    ],
    ids=["rows hidden", "a rule", "a copying session", "a trigger under a name of ours", "one switched off"],
)
def test_what_keeps_rows_or_triggers_from_the_site_is_named(statement, said):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    refuses(said)


@only_postgres
def test_a_trigger_that_was_switched_off_is_named():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inquiries_event DISABLE TRIGGER inquiries_event_no_change")
    refuses("missing or altered are inquiries_event_no_change")


def test_a_forged_past_is_not_sealed_in_the_place_of_seals_that_were_taken_out(note, caplog):
    [event] = add_events(actor=staff_user())
    seal_by_worker()
    newest = EventSeal.objects.get()
    assert note.read_text() == f"{newest.last_id}:{newest.digest}\n" and note.stat().st_mode & 0o077 == 0
    tamper("UPDATE inquiries_event SET actor_id = NULL, actor_name = '' WHERE id = %s", event.pk)
    tamper("DELETE FROM inquiries_eventseal")
    seal_by_worker()
    assert not EventSeal.objects.exists() and "is not sealed any more" in caplog.text
    refuses(f"The seal {newest.last_id} that .*sealed.txt notes is not there")


def test_a_disk_that_takes_no_note_ends_no_worker(note, caplog):
    note.parent.touch()
    seal_by_worker()
    assert noted_seal.fault().endswith("cannot be read (NotADirectoryError).")
    noted_seal.note_newest()
    add_events()
    seal()
    noted_seal.note_newest()
    assert "the newest seal was not noted beside the backups" in caplog.text


def test_the_newest_cut_off_with_their_seal_are_shown_by_the_note():
    add_events()
    seal_by_worker()
    before = EventSeal.objects.get().last_id
    add_events()
    seal_by_worker()
    tamper("DELETE FROM inquiries_eventseal WHERE last_id > %s", before)
    tamper("DELETE FROM inquiries_event WHERE id > %s", before)
    refuses("notes is not there")


def test_after_a_restore_the_note_of_what_is_gone_is_put_aside(note, capsys):
    add_events()
    seal_by_worker()
    tamper("DELETE FROM inquiries_eventseal")
    noted_seal.forget()
    assert not note.exists() and "is whole" in verify(capsys)
    seal_by_worker()
    assert note.exists()


def test_without_a_note_old_events_without_a_seal_are_shown():
    Event.objects.create(verb="listed", at=timezone.now() - timedelta(days=2))
    refuses("1 events are older than a day and not sealed")


def test_a_try_that_staff_put_back_to_an_earlier_day_accuses_nobody(capsys):
    Event.objects.create(verb="tried", at=timezone.now() - timedelta(days=2))
    assert "is whole" in verify(capsys)


def test_figures_without_seals_and_inquiries_without_events_are_shown():
    stored_inquiry()
    seal()
    assert Figure.objects.exists()
    tamper("DELETE FROM inquiries_eventseal")
    refuses("There are figures, which come with seals, and no seal")
    tamper("DELETE FROM inquiries_event")
    refuses("Of 1 inquiries not one event is there")
    refuses("The figures count 1 inquiries that came in, and the events 0")


@pytest.mark.parametrize("written", [b"\xff\xfe1:ab", b"9" * 5000 + b":ab", b"", "\u00b2:ab".encode()])
def test_a_note_that_says_nothing_readable_is_a_fault_and_ends_no_worker(note, written):
    add_events(3)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_bytes(written)
    assert noted_seal.fault()
    Sealer().seal(timezone.now(), lambda: False)
    noted_seal.note_newest()

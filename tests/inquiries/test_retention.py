"""What was kept long enough is erased, and only that; every trace of its words goes from the files too."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, IndexToken, Inquiry, InquiryText, OutboxNotice
from inquiries.worker import jobs, retention
from iop_site import settings as shipped
from iop_site.env import Environment, SettingError
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, send
from tests.inquiries.status_pages import open_with, press

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=181)


@pytest.fixture(autouse=True)
def half_a_year(settings):
    settings.RETENTION_DAYS = 180


def closed(at=LONG_AGO, **columns):
    inquiry = stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(closed_at=at, due_at=None, outcome=Inquiry.Outcome.STARTED, **columns)
    return inquiry


def erased() -> set[int]:
    return set(Inquiry.objects.exclude(erased_at=None).values_list("pk", flat=True))


def test_only_what_was_closed_long_ago_is_erased():
    old = closed()
    closed(NOW - timedelta(days=179))
    closed(sender_wrote_at=LONG_AGO)
    held = closed()
    held.hold("A complaint is open.", staff_user())
    waiting = stored_inquiry()
    Inquiry.objects.filter(pk=waiting.pk).update(received_at=NOW - timedelta(days=3000))
    aside = stored_inquiry()
    Inquiry.objects.filter(pk=aside.pk).update(set_aside_at=LONG_AGO, due_at=None)
    assert retention.purge(NOW) == 1
    assert erased() == {old.pk}
    held.release(staff_user())
    assert retention.purge(NOW) == 1
    assert erased() == {old.pk, held.pk}


def test_what_somebody_looked_at_and_left_set_aside_is_erased_by_that_look_and_the_unread_never():
    unread, read, seen_again, held = (
        stored_inquiry(screening_reasons="trap fast", received_at=LONG_AGO) for _ in "abcd"
    )
    for inquiry in (read, seen_again, held):
        inquiry.opened(staff_user(), now=LONG_AGO)
    seen_again.opened(staff_user(), now=NOW - timedelta(days=179))
    held.hold("A complaint is open.", staff_user())
    assert retention.purge(NOW) == 1 and erased() == {read.pk}
    assert retention.purge(NOW + timedelta(days=2)) == 1 and erased() == {read.pk, seen_again.pk}
    assert not Inquiry.objects.get(pk=unread.pk).erased_at


@pytest.mark.parametrize(("is_read", "count"), [(True, 1), (False, 0)])
def test_what_staff_set_aside_counts_from_then_if_somebody_had_read_it(is_read, count):
    inquiry = stored_inquiry(received_at=LONG_AGO - timedelta(days=9))
    if is_read:
        inquiry.opened(staff_user(), now=LONG_AGO - timedelta(days=8))
    inquiry.set_aside(staff_user(), now=LONG_AGO)
    assert retention.purge(NOW - timedelta(days=2)) == 0
    assert retention.purge(NOW) == count


def test_the_shell_stays_with_its_events_and_how_it_ended():
    staff_user("inquiries.view_inquiry")
    inquiry = closed(stage=Inquiry.Stage.STARTED)
    inquiry.write_message("Welcome.", staff_user())
    retention.purge(NOW)
    shell = Inquiry.objects.get()
    assert [name for name in Inquiry.PERSONAL_FIELDS if getattr(shell, name)] == [] and shell.answers_digest == ""
    assert (shell.outcome, shell.stage, shell.closed_at) == ("started", "started", LONG_AGO)
    for rows in (InquiryText, IndexToken, OutboxNotice):
        assert not rows.objects.exists()
    verbs = list(shell.events.values_list("verb", flat=True))
    assert verbs == [Event.Verb.ERASED, Event.Verb.MESSAGED, Event.Verb.RECEIVED]


def test_the_number_is_in_the_audit_once_and_nothing_when_nothing_was_erased():
    for _ in range(3):
        closed()
    retention.purge(NOW)
    retention.purge(NOW)
    event = Event.objects.get(verb=Event.Verb.PURGED)
    assert (event.detail, event.inquiry, event.actor) == ("n3", None, None)


def test_many_are_erased_in_batches(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        closed()
    assert retention.purge(NOW) == 5


def test_what_was_erased_before_a_stop_is_counted_and_the_rest_is_erased_later():
    for _ in range(3):
        closed()
    answers = iter([False, True])
    assert retention.purge(NOW, lambda: next(answers)) == 1
    assert retention.purge(NOW) == 2
    assert list(Event.objects.filter(verb=Event.Verb.PURGED).values_list("detail", flat=True)) == ["n2", "n1"]


def test_what_is_held_or_reopened_between_the_list_and_the_deed_stays(monkeypatch):
    inquiry = closed()
    kept, calls = retention.kept_long_enough, []

    def listed_then_held(now):
        calls.append(now)
        if len(calls) == 2:
            Inquiry.objects.update(held_at=now)
        return kept(now)

    monkeypatch.setattr(retention, "kept_long_enough", listed_then_held)
    assert retention.purge(NOW) == 0
    assert Inquiry.objects.get(pk=inquiry.pk).name


def test_the_command_counts_and_erases_only_when_told(capsys):
    closed()
    closed(NOW)
    stored_inquiry()
    call_command("purge_inquiries")
    counted = capsys.readouterr().out
    assert "       1  closed 180 days ago or earlier, or left set aside since then, to be erased" in counted
    assert "       1  closed, kept for now" in counted and "       1  open" in counted
    assert "Nothing was erased" in counted and not erased()
    call_command("purge_inquiries", "--apply")
    assert capsys.readouterr().out == "1 inquiries erased.\n" and len(erased()) == 1
    references = Inquiry.objects.values_list("reference", flat=True)
    assert not [reference for reference in references if reference in counted]


def test_the_command_says_in_one_sentence_that_the_database_is_away():
    def away(*args):
        raise OperationalError

    with connection.execute_wrapper(away), pytest.raises(CommandError, match="The database does not answer"):
        call_command("purge_inquiries", "--apply")


@pytest.mark.parametrize("is_switched_on", [True, False])
def test_the_worker_erases_once_an_hour_unless_it_is_switched_off(settings, monkeypatch, is_switched_on):
    settings.PURGE_BY_WORKER = is_switched_on
    clock = [100.0]
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    worker = jobs.Worker()
    closed()
    worker.run_pass(now=NOW)
    assert len(erased()) == is_switched_on
    closed()
    clock[0] += 60
    worker.run_pass(now=NOW)
    assert len(erased()) == is_switched_on
    clock[0] += 3600
    worker.run_pass(now=NOW)
    assert len(erased()) == 2 * is_switched_on


@pytest.mark.parametrize("days", ["0", "-1", "soon", "3651"])
def test_a_number_of_days_that_makes_no_sense_is_refused(days):
    with pytest.raises(SettingError):
        Environment({"RETENTION_DAYS": days}).number("RETENTION_DAYS", 180, least=1, most=3650)


@pytest.mark.parametrize(
    ("path", "words"),
    [("/privacy/", "erase them {} days after we close it"), ("/es/privacidad/", "las borramos {} días después")],
)
def test_the_privacy_page_tells_the_number_in_force(client, guide, settings, path, words):
    for days in (180, 61):
        settings.GUIDE_NUMBERS = settings.GUIDE_NUMBERS | {"retention_days": days}
        page = Page(client.get(path)).text
        assert words.format(days) in page and "retention_days" not in page


@pytest.mark.parametrize(
    ("path", "words"),
    [("/privacy/", "until they are deleted, after {} days"), ("/es/privacidad/", "se eliminan, después de {} días")],
)
def test_the_privacy_page_tells_how_long_backups_keep_a_copy(client, guide, settings, path, words):
    assert shipped.GUIDE_NUMBERS["backup_days"] == shipped.BACKUP_KEEP_DAYS
    settings.GUIDE_NUMBERS = shipped.GUIDE_NUMBERS | {"backup_days": 17}
    assert words.format(17) in Page(client.get(path)).text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way_out", ["withdrawn", "purged"])
def test_neither_words_nor_their_ciphertext_are_in_the_files_afterwards(client, way_out):
    if connection.vendor != "sqlite":
        pytest.skip("this database keeps its files elsewhere; the next test reads its tables")
    secrets = fill(client)
    unseen = [secret for secret in secrets if not in_files(secret)]
    assert CANARY.encode() in unseen and len(unseen) < len(secrets) / 20, "the look-out sees ciphertext"
    leave(client, way_out)
    assert [secret for secret in secrets if in_files(secret)] == []


@pytest.mark.parametrize("way_out", ["withdrawn", "purged"])
def test_neither_words_nor_their_ciphertext_are_in_a_column_afterwards(client, way_out):
    secrets = fill(client)
    leave(client, way_out)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            rows = repr(cursor.fetchall()).encode().lower()
            assert not [secret for secret in secrets if secret.lower() in rows], table


CANARY = "Quetzalcanary"
PIECE = 40
KEY = SubmissionKey(b"only for tests!!")


def fill(client) -> list[bytes]:
    """Send a form with the canary in every answer, change it, add to it; return what must be nowhere afterwards."""
    typed = {"contact_way": "email", "email": f"{CANARY}@example.com", "name": CANARY, "question": f"{CANARY}?"}
    send(client, **typed, token=KEY.token())
    send(client, **typed | {"question": f"{CANARY} again"}, token=KEY.token())
    press(client, open_with(client, KEY.code), "add", words=f"{CANARY} added")
    Inquiry.objects.get().write_message(f"Dear {CANARY}", staff_user())
    with connection.cursor() as cursor:
        columns = ", ".join(Inquiry.PERSONAL_FIELDS)
        cursor.execute(f"SELECT {columns}, answers_digest FROM inquiries_inquiry")  # noqa: S608
        sealed = list(cursor.fetchone())
        cursor.execute("SELECT body FROM inquiries_inquirytext")
        sealed += [body for [body] in cursor.fetchall()]
    # In pieces, as a long row lies in several places of a file.
    return [
        CANARY.encode(),
        *(piece for value in sealed if value for piece in pieces(value.rpartition(":")[2].encode())),
    ]


def pieces(value: bytes) -> list[bytes]:
    return [value[start : start + PIECE] for start in range(0, len(value) - PIECE + 1, PIECE)]


def leave(client, way_out):
    if way_out == "withdrawn":
        press(client, open_with(client, KEY.code), "withdraw")
    else:
        Inquiry.objects.update(closed_at=LONG_AGO, sender_wrote_at=None)
        call_command("purge_inquiries", "--apply")
    assert Inquiry.objects.get().erased_at


def in_files(secret: bytes) -> bool:
    main = Path(connection.settings_dict["NAME"])
    files = [path for path in main.parent.glob(f"{main.name}*") if path.is_file()]
    assert len(files) >= 2, "the write-ahead log is looked at too"
    return any(secret in path.read_bytes() for path in files)

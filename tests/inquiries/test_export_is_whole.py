"""“Everything, without loss” holds every column of an inquiry and of what hangs on it; the table holds what a
spreadsheet needs, in words and in local time. A column that comes new fails here until it leaves, or is named as left
out."""

import csv
import io
import json
import zoneinfo
from datetime import timedelta

import pytest
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import export_formats, export_whole
from inquiries.models import Event, Inquiry, InquiryPair, InquiryText, OutboxNotice
from tests.factories import staff_in, stored_inquiry

pytestmark = pytest.mark.django_db
# What hangs on an inquiry, by the name under which it leaves; the rest holds keyed hashes alone, or how to undo what
# was done in the last minutes, whose events leave.
HANGING = {"texts": InquiryText, "events": Event, "notices": OutboxNotice}
ONLY_HASHES = {"recent_answers", "index_tokens"}
TO_UNDO = {"last_change"}
PAIRS = {"first", "second"}


@pytest.fixture
def ana():
    return staff_in("Supervisor", first_name="Ana", username="ana")


@pytest.fixture
def worked(ana):
    """A person of whom nearly every column tells something, closed as told on a call."""
    staff = staff_in("Intake", first_name="Bo", username="bo")
    inquiry = stored_inquiry(
        contact_way="email", phone="", email="rosa@example.com", received_at=timezone.now() - timedelta(days=3)
    )
    other = stored_inquiry(name="Other")
    inquiry.add_words("One more thing.")
    inquiry = Inquiry.objects.get(pk=inquiry.pk)
    inquiry.opened(ana)
    inquiry.take(ana)
    inquiry.hand_over(staff, ana, note="Yours.")
    due = {"next_action": "contact-again", "due_at": timezone.now() + timedelta(days=1)}
    inquiry.log_try("spoke", ana, at=inquiry.received_at + timedelta(days=1), **due)
    inquiry.link(other, ana)
    inquiry.hold("An audit.", ana)
    inquiry.close(Inquiry.Outcome.NOT_NOW, Inquiry.Told.STATUS_PAGE, ana)
    return Inquiry.objects.get(pk=inquiry.pk)


def whole(*inquiries) -> list[dict]:
    return [json.loads(line) for line in export_whole.json_lines([one.pk for one in inquiries], notice_first=False)]


def table(*inquiries) -> list[dict]:
    lines = export_formats.table_lines([one.pk for one in inquiries], notice_first=False)
    return list(csv.DictReader(io.StringIO("".join(lines).lstrip("\ufeff"), newline="")))


@pytest.mark.parametrize("field", Inquiry._meta.concrete_fields, ids=lambda field: field.name)
def test_every_column_leaves_as_it_is_stored_or_is_named_as_left_out(worked, field):
    [told] = whole(worked)
    assert (field.name in told) != (field.name in export_whole.NOT_EXPORTED[Inquiry])
    if field.name in told and field.name != "preferred_language":
        stored = getattr(worked, field.name)
        if field.name in ("owner", "claimed_by"):
            stored = stored and stored.username
        elif hasattr(stored, "isoformat"):
            stored = stored.isoformat()
        assert told[field.name] == (stored if isinstance(stored, (bool, int, type(None))) else str(stored))


@pytest.mark.parametrize("name", HANGING)
def test_every_row_that_hangs_on_it_leaves_with_all_its_columns(worked, name):
    [told] = whole(worked)
    model = HANGING[name]
    columns = {field.name for field in model._meta.concrete_fields} - export_whole.NOT_EXPORTED[model]
    rows = getattr(worked, name)
    assert len(told[name]) == rows.count() > 0
    assert all(columns <= set(row) for row in told[name])


def test_what_hangs_on_an_inquiry_is_known():
    known = {*HANGING, *ONLY_HASHES, *TO_UNDO}
    hanging = [relation for relation in Inquiry._meta.related_objects if relation.related_model is not InquiryPair]
    assert {relation.name for relation in hanging} == known
    assert {field.name for field in InquiryPair._meta.concrete_fields} == {"id", "is_linked", *PAIRS}


def test_only_what_tells_nothing_elsewhere_is_left_out():
    keys = {"id", "inquiry", "submission_digest", "code_digest", "answers_digest", "digest", "first_language"}
    assert set().union(*export_whole.NOT_EXPORTED.values()) == keys


def test_the_end_the_owner_the_tries_and_each_event_can_be_read_from_it(worked):
    [told] = whole(worked)
    assert (told["outcome"], told["told"], told["owner"], told["tries"]) == ("not-now", "status-page", "bo", 1)
    assert told["closed_at"] == worked.closed_at.isoformat() and told["first_reached_at"]
    verbs = [event["verb"] for event in told["events"]]
    assert verbs == list(worked.events.order_by("pk").values_list("verb", flat=True))
    assert {"received", "opened", "taken", "reached", "linked", "held", "closed"} <= set(verbs)
    handed = next(event for event in told["events"] if event["verb"] == "handed-over")
    assert (handed["actor"], handed["to"]) == ("ana", "bo")
    words = {text["uid"]: text["body"] for text in told["texts"]}
    assert words[handed["text"]] == "Yours." and "One more thing." in words.values()
    assert told["pairs"] == [{"reference": Inquiry.objects.get(pk=worked.pk + 1).reference, "is_linked": True}]


def test_what_an_undo_took_back_is_found_among_the_events(ana):
    inquiry = stored_inquiry()
    inquiry.take(ana)
    inquiry.undo(ana)
    [told] = whole(inquiry)
    taken, undone = told["events"][-2:]
    assert (taken["verb"], undone["verb"], undone["detail"]) == ("taken", "undone", f"taken:{taken['id']}")
    assert told["owner"] is None


def test_a_changed_answer_leaves_beside_the_first_one():
    key = SubmissionKey.new()
    stored_inquiry(key, preferred_language="en")
    inquiry = stored_inquiry(key, preferred_language="es")
    [told] = whole(inquiry)
    assert told["preferred_language"] == "en"
    assert json.loads(told["texts"][0]["body"])["preferred_language"] == "es"


def test_the_table_has_no_column_that_the_whole_lacks(worked):
    [told], [row] = whole(worked), table(worked)
    assert set(row) <= set(told)


def test_the_table_tells_times_as_the_desk_does_and_names_their_zone(worked, settings):
    [row] = table(worked)
    zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    for name in ("received_at", "closed_at"):
        assert row[name] == getattr(worked, name).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    assert row["time_zone"] == settings.TIME_ZONE


def test_the_table_speaks_in_words_alone(worked):
    [row] = table(worked)
    told = {name: row[name] for name in ("kind", "way", "stage", "outcome", "told", "owner", "tries", "contact_way")}
    assert told == {
        "kind": "contact", "way": "for themselves", "stage": "Contacting", "outcome": "Does not want it now",
        "told": "On their status page", "owner": "Bo", "tries": "1", "contact_way": "Email only.",
    }  # fmt: skip


def test_the_time_to_first_contact_counts_the_hours_of_the_center(worked):
    friday, monday = "2026-06-05T16:00-07:00", "2026-06-08T09:30-07:00"
    Inquiry.objects.filter(pk=worked.pk).update(received_at=friday, first_tried_at=monday)
    untried = stored_inquiry()
    assert [row["working_minutes_to_first_contact"] for row in table(worked, untried)] == ["90", ""]
    assert [one["working_minutes_to_first_contact"] for one in whole(worked, untried)] == [90, None]


def test_the_name_of_an_owner_computes_nothing_in_a_spreadsheet():
    inquiry = stored_inquiry()
    inquiry.take(staff_in("Intake", first_name="=1+1"))
    assert table(inquiry)[0]["owner"] == "'=1+1"


def test_a_text_that_does_not_open_is_named_and_the_rest_leaves(worked):
    text = worked.texts.first()
    InquiryText.objects.filter(pk=text.pk).update(uid="00000000-0000-0000-0000-000000000000")
    [told] = whole(worked)
    assert told["unreadable"] == ["text 00000000-0000-0000-0000-000000000000"] and told["outcome"] == "not-now"


def test_what_was_erased_leaves_as_an_empty_row_with_its_events(worked):
    worked.erase()
    [told] = whole(worked)
    assert not any(told[name] for name in Inquiry.PERSONAL_FIELDS) and told["texts"] == []
    assert told["erased_at"] and told["events"][-1]["verb"] == "erased"

"""Whatever the form asks is asked by one list: the columns of the inquiry. Nothing that was answered gets lost on the
way to staff, out of the desk, or when it is erased."""

import csv
import json
from importlib import import_module
from pathlib import Path

import pytest

from inquiries.crypto.fields import EncryptedTextField
from inquiries.desk import export_formats, export_whole
from inquiries.models import Event, Inquiry
from inquiries.models.stages import Triage
from inquiries.questions import forms
from inquiries.questions.kinds import Agreement, AnyOf
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import PATHS, Page, post

pytestmark = [pytest.mark.once, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parents[2]
FORMS = {form.way.value: form for form in (forms.MeForm, forms.LovedOneForm, forms.ReferForm, forms.QuestionForm)}
# What the site itself notes of an inquiry. Every other column is what a person answered.
NOT_ANSWERED = {
    "id", "uid", "reference", "kind", "came_by", "way", "page_language", "received_at", "is_canary",
    "screening_reasons",
    "submission_digest", "code_digest", "answers_digest", "first_due_at", "first_language",
    "danger_read",
    *(field.name for field in Triage._meta.local_fields),
}  # fmt: skip


def column(name: str):
    return Inquiry._meta.get_field(name)


def sample(name: str) -> tuple[str, str]:
    """An answer as it is stored, and in the words that staff read."""
    known = {"phone": ("+16265550142", "(626) 555-0142"), "email": ("rosa@example.com",) * 2}
    if name in known:
        return known[name]
    codes = column(name).codes
    return (codes[0][0], str(codes[0][1])) if codes else (f"Fictitious {name}",) * 2


SAMPLES = {name: sample(name) for name in Inquiry.ANSWERS}


@pytest.fixture
def inquiry():
    return stored_inquiry(**{name: stored for name, (stored, _words) in SAMPLES.items()})


@pytest.fixture
def desk(client):
    client.force_login(staff_user("inquiries.view_inquiry"))
    return client


def test_every_column_is_an_answer_or_none():
    columns = {field.name for field in Inquiry._meta.concrete_fields}
    assert columns - NOT_ANSWERED == set(Inquiry.ANSWERS)


def test_every_answer_but_the_language_is_sealed():
    sealed = [name for name in Inquiry.ANSWERS if isinstance(column(name), EncryptedTextField)]
    assert [*sealed, "danger_read"] == list(Inquiry.PERSONAL_FIELDS)
    assert set(Inquiry.ANSWERS).difference(sealed) == {"preferred_language"}


@pytest.mark.parametrize("way", FORMS)
def test_every_question_of_a_form_is_a_column(way):
    form = FORMS[way]
    kept = {name for name, field in form.base_fields.items() if not isinstance(field, Agreement)}
    assert kept - {form.trap, "first"} <= set(Inquiry.ANSWERS)
    for name in kept - {form.trap, "first"}:
        offered = {code for code, _label in getattr(form.base_fields[name], "choices", ())}
        assert offered <= {code for code, _label in column(name).codes}, name


def test_every_answer_is_asked_by_a_form():
    assert {name for form in FORMS.values() for name in form.base_fields}.issuperset(Inquiry.ANSWERS)


def typed(name: str, field) -> object:
    """What a person sends as an answer to a question; to one that a form offers few answers, the first of these."""
    codes = [code for code, _label in getattr(field, "choices", ())]
    stored = codes[0] if codes else SAMPLES[name][0]
    return [stored] if isinstance(field, AnyOf) else stored


@pytest.mark.parametrize("way", FORMS)
def test_what_is_answered_stands_on_the_check_page_and_in_the_inquiry(client, way):
    form = FORMS[way]
    asked = {name: typed(name, field) for name, field in form.base_fields.items() if name in Inquiry.ANSWERS}
    asked |= {"preferred_language": "other"}
    needed = {"call-work": "phone", "call-voicemail": "phone"}[asked.get("contact_way", "call-work")]
    asked |= {name: "" for name in ("phone", "email") if name != needed}
    page = Page(post(client, "check", way, **asked))
    labels = page.texts_of("dt")
    assert {str(form.base_fields[name].label) for name, answer in asked.items() if answer} <= set(labels)
    client.post(PATHS[way]["en"], page.pressing("send"))
    stored = Inquiry.objects.get()
    assert {name: getattr(stored, name) for name in asked} == {
        name: answer if isinstance(answer, str) else answer[0] for name, answer in asked.items()
    }


@pytest.mark.parametrize("at", ["change", "sheet"])
def test_staff_read_every_answer(desk, inquiry, at):
    read = Page(desk.get(f"/admin/inquiries/inquiry/{inquiry.pk}/{at}/"))
    shown = dict(zip(read.texts_of("dt"), read.texts_of("dd"), strict=True))
    for name, (_stored, words) in SAMPLES.items():
        label = str(column(name).verbose_name)
        assert shown[label[0].upper() + label[1:]] == words, name


def test_every_answer_leaves_in_both_exports(inquiry):
    _mark, head, row = export_formats.table_lines([inquiry.pk], notice_first=False)
    line = dict(zip(*csv.reader([head, row]), strict=True))
    [whole] = map(json.loads, export_whole.json_lines([inquiry.pk], notice_first=False))
    for name, (stored, words) in SAMPLES.items():
        assert (line[name], whole[name]) == (export_formats.safe(words), stored)


@pytest.mark.parametrize("name", Inquiry.ANSWERS)
def test_a_changed_answer_is_told_and_leaves_as_it_was_sent_last(desk, inquiry, name):
    codes = column(name).codes
    later = codes[-1][0] if codes else {"phone": "+16265550199"}.get(name, f"later{SAMPLES[name][0]}")
    newer = Inquiry(way="me", page_language="en", **{n: stored for n, (stored, _w) in SAMPLES.items()} | {name: later})
    newer.answers_digest = newer.digest_answers()
    inquiry.amend(newer)
    assert name in Event.objects.get(verb="amended").fields.split()
    page = Page(desk.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/"))
    label = str(column(name).verbose_name)
    assert f"{label[0].upper()}{label[1:]} changed later" in page.texts_of("dt")
    _mark, head, row = export_formats.table_lines([inquiry.pk], notice_first=False)
    assert dict(zip(*csv.reader([head, row]), strict=True))[name] != export_formats.safe(SAMPLES[name][1])


def test_the_release_before_stores_an_inquiry_without_a_question_that_it_does_not_know():
    first = import_module("inquiries.migrations.0001_initial").Migration
    [made] = [step for step in first.operations if getattr(step, "name", "") == "Inquiry"]
    added = [column(name) for name in Inquiry.ANSWERS if name not in dict(made.fields)]
    assert [field.name for field in added if not field.has_db_default() or field.default != ""] == []


def test_the_names_of_all_answers_fit_into_one_event():
    assert len(" ".join(Inquiry.ANSWERS)) <= Event._meta.get_field("fields").max_length


def test_erasing_empties_every_sealed_answer(inquiry):
    inquiry.erase()
    assert {name: Inquiry.objects.values_list(name, flat=True).get() for name in Inquiry.PERSONAL_FIELDS} == (
        dict.fromkeys(Inquiry.PERSONAL_FIELDS, "")
    )


@pytest.mark.parametrize("name", Inquiry.ANSWERS)
def test_the_table_of_what_is_stored_names_every_answer(name):
    text = (ROOT / "docs/privacy.md").read_text("utf-8")
    rows = [line for line in text.partition("## People who send the form")[2].splitlines() if line.startswith("|")]
    cells = [row.split("|")[1] for row in rows]
    assert any(str(column(name).verbose_name) in cell for cell in cells)

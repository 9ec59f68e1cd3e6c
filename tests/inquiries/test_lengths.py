"""Whoever holds the database without a key reads no answer off which cells are filled, how long they are, how many."""

import json
import random
from collections import defaultdict

import pytest
from django.db import connection
from django.http import QueryDict

from inquiries.crypto import padding
from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import export_whole
from inquiries.models import Event, IndexToken, Inquiry, InquiryText, RecentAnswers
from inquiries.questions import forms
from inquiries.questions.kinds import AnyOf

SEALED = Inquiry.PERSONAL_FIELDS
CODED = {name: dict(codes) for name in SEALED if (codes := Inquiry._meta.get_field(name).codes)}
FORMS = (forms.MeForm, forms.LovedOneForm, forms.ReferForm, forms.QuestionForm)
LONGEST_EMAIL = f"{'m' * 64}@{'.'.join(['d' * 60] * 3)}.{'e' * 2}.org"
WORDS = {
    "name": ("Z", "Fictitious " * 7),
    "organization": ("Z", "o" * 80),
    "role": ("", "r" * 80),
    "client_reference": ("", "c" * 40),
    "question": ("", "Why?", "q" * (padding.LONG - 1), "q" * padding.LONG, "q" * 999),
    "phone": ("(626) 555-0142", "+52 55 1234 5678 ext. 123456"),
    "email": ("a@b.co", LONGEST_EMAIL),
}


def filled_form(form_class, chance: random.Random):
    """Return a form with answers picked at random, the shortest and the longest among them."""
    data = QueryDict(mutable=True)
    for name, field in form_class.base_fields.items():
        if hasattr(field, "choices"):
            codes = [code for code, _label in field.choices]
            many = isinstance(field, AnyOf)
            picked = chance.sample(codes, chance.randint(0, len(codes))) if many else [chance.choice(codes)]
            data.setlist(name, [] if name == "relationship" and chance.random() < 0.2 else picked)
        elif name in WORDS:
            data[name] = chance.choice(WORDS[name]) or ("Why?" if field.required else "")
        elif name != form_class.trap:
            data[name] = "on"
    if form_class is forms.ReferForm:  # whichever is left decides the way of contact
        data[chance.choice(["phone", "email"])] = ""
    if data.get("contact_way") == "text":  # which reaches no extension
        data["phone"] = data["phone"].partition(" ext.")[0]
    form = form_class(data)
    assert form.is_valid(), form.errors
    return form


def sent(form_class, chance, key=None) -> Inquiry:
    unsent = filled_form(form_class, chance).inquiry()
    unsent.is_canary = True  # no notices: they stand in docs/evidence/security.md
    return unsent.submit(key or SubmissionKey.new())


def lengths(table: str, *columns: str) -> list[tuple]:
    """Return the lengths of the cells of each row as they lie in the database, None for an empty one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")  # noqa: S608 - names of our own
        return [tuple(len(cell) if cell else None for cell in row) for row in cursor.fetchall()]


@pytest.fixture
def inquiries(db) -> list[Inquiry]:
    """Inquiries of every way in, so many that each code occurs in each way that asks for it."""
    chance = random.Random(3)
    stored = [sent(form_class, chance) for form_class in FORMS for _ in range(40)]
    for name, choices in CODED.items():
        assert {code for one in stored for code in getattr(one, name).split()} == set(choices), name
    return stored


def test_the_answers_of_a_form_are_all_there_and_each_as_long_as_every_other(inquiries):
    found = dict(zip(SEALED, map(set, zip(*lengths("inquiries_inquiry", *SEALED), strict=True)), strict=True))
    steps = found.pop("question")
    assert {name: len(lengths) for name, lengths in found.items()} == dict.fromkeys(found, 1)
    assert None not in steps.union(*found.values())
    assert len(steps) == 3  # up to 255 bytes, 511, 1023


def test_a_long_question_shows_its_power_of_two_and_none_looks_like_a_short_one(inquiries):
    shown = defaultdict(set)
    for inquiry, (length,) in zip(inquiries, lengths("inquiries_inquiry", "question"), strict=True):
        shown[len(inquiry.question)].add(length)
    assert shown[0] == shown[len("Why?")] == shown[padding.LONG - 1] != shown[padding.LONG]
    assert all(len(lengths) == 1 for lengths in shown.values())


def test_answers_that_were_changed_tell_no_more_than_the_cells_do(db):
    chance = random.Random(5)
    by_step = defaultdict(set)
    for form_class in FORMS:
        for _ in range(20):
            key = SubmissionKey.new()
            sent(form_class, chance, key)
            changed = filled_form(form_class, chance).inquiry()
            stored = changed.submit(key)
            if (text := stored.texts.first()) is not None:
                [(length,)] = lengths("inquiries_inquirytext", "body")[-1:]
                by_step[padding.size(len(changed.question), padding.LONG)].add(length)
                assert stored.latest_answers() == changed.answers() and text.kind == InquiryText.Kind.AMENDMENT
    assert len(by_step) == 3 and all(len(found) == 1 for found in by_step.values())
    ids = list(Inquiry.objects.values_list("pk", flat=True))
    bodies = [
        text["body"] for line in export_whole.json_lines(ids, notice_first=False) for text in json.loads(line)["texts"]
    ]
    assert bodies and all(body.endswith("}") for body in bodies)


def test_an_event_does_not_tell_which_of_phone_and_email_a_person_changed(db):
    told = set()
    for answers in (
        {"phone": "+16265550199"},
        {"contact_way": "text"},
        {"contact_way": "email", "phone": "", "email": "rosa@example.com"},
    ):
        key = SubmissionKey.new()
        plain = {"way": "me", "page_language": "en", "name": "Rosa", "contact_way": "call", "phone": "+16265550142"}
        Inquiry(**plain).submit(key)
        Inquiry(**plain | answers).submit(key)
        told.add(Event.objects.get(verb="amended", inquiry=Inquiry.objects.latest("pk")).fields)
    assert told == {"contact_way email phone"}


def test_whoever_may_be_called_has_as_many_search_tokens_as_whoever_may_be_written_to(inquiries):
    for inquiry in inquiries:
        words = len(set(inquiry.name.casefold().split()))
        assert IndexToken.objects.filter(inquiry=inquiry).count() == words + 2  # of reach, and of a reference


def test_an_inquiry_without_phone_and_email_has_a_token_for_them_all_the_same(db):
    Inquiry(way="me", page_language="en", name="Rosa", contact_way="call").submit(SubmissionKey.new())
    assert IndexToken.objects.count() == 3


def test_a_short_question_leaves_a_hash_of_the_day_like_a_long_one(inquiries):
    found = RecentAnswers.objects.values_list("question_digest", flat=True)
    assert {len(digest) for digest in found} == {64}


def test_every_code_that_a_form_offers_fits_into_the_room_of_its_cell():
    for name, choices in CODED.items():
        room = Inquiry._meta.get_field(name).room
        assert padding.size(len(" ".join(choices)), room) == room == padding.SHORT


@pytest.mark.parametrize("text", ["", "a", "a" * 63, "a" * 64, "ñ" * 500, "\0", "\x80", "a\0\0", "¿\u0080"])
def test_what_was_padded_is_given_back_as_it_was(text):
    padded = padding.pad(text.encode(), padding.SHORT)
    assert padding.unpad(padded).decode() == text
    assert len(padded) in (64, 128, 256, 512, 1024, 2048) and len(padded) > len(text.encode())


@pytest.mark.parametrize("spoilt", [b"", b"text", b"\0" * 64, b"text\x80\0x"])
def test_bytes_that_were_not_padded_are_refused(spoilt):
    with pytest.raises(ValueError, match="not padded"):
        padding.unpad(spoilt)

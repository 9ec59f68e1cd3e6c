"""What stands in clear beside the sealed answers says nothing of them: the way of asking and the language are what was
chosen, a hash is keyed, and everything else of a request that just came in is the same for all of its way."""

import hashlib
import random
from collections import defaultdict

import pytest

from inquiries.crypto.fields import EncryptedTextField
from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry, RecentAnswers, resubmissions
from tests.factories import stored_inquiry
from tests.inquiries.test_lengths import FORMS, filled_form, sent

pytestmark = pytest.mark.django_db
CLEAR = [field.attname for field in Inquiry._meta.concrete_fields if not isinstance(field, EncryptedTextField)]
CHOSEN = ("way", "kind", "page_language", "preferred_language")
# Of each request its own. The due times are early for whoever is in a hurry: docs/privacy.md.
EACH_ITS_OWN = {
    "id", "uid", "reference", "submission_digest", "code_digest", "answers_digest", "received_at", "first_due_at",
    "due_at",
}  # fmt: skip
LONG_QUESTION = "Do you have a group in the evening, and how long does it take?"


def test_columns_in_clear_hold_what_was_chosen_and_depend_on_no_sealed_answer():
    chance, found = random.Random(7), defaultdict(set)
    for form_class in FORMS:
        for _ in range(30):
            sent(form_class, chance)
    for row in Inquiry.objects.values(*CLEAR):
        found[tuple(row[name] for name in CHOSEN)].add(
            tuple(row[name] for name in CLEAR if name not in EACH_ITS_OWN and name not in CHOSEN)
        )
    assert {way for way, *_rest in found} == {form.way.value for form in FORMS}
    assert {language for *_rest, language in found} <= {code for code, _name in Inquiry.Language.choices}
    assert len(found) > len(FORMS) and {way: len(rows) for way, rows in found.items()} == dict.fromkeys(found, 1)


def test_changed_answers_leave_the_way_and_say_of_the_language_what_was_chosen_last():
    chance, key = random.Random(9), SubmissionKey.new()
    first = sent(FORMS[0], chance, key)
    stored = filled_form(FORMS[0], chance).inquiry().submit(key)
    before = Inquiry.objects.values(*CLEAR).get(pk=stored.pk)
    assert (before["way"], before["first_language"]) == (first.way, first.preferred_language)
    assert before["preferred_language"] == stored.latest("preferred_language")


def digests() -> list[set[str]]:
    """The hashes of answers of all that is stored: of each set, and of the long questions of the day."""
    return [set(Inquiry.objects.values_list("answers_digest", flat=True)),
            set(RecentAnswers.objects.values_list("question_digest", flat=True))]  # fmt: skip


def test_hashes_of_answers_are_keyed_and_of_a_whole_request_at_once(settings):
    one = stored_inquiry(question=LONG_QUESTION)
    answers, questions = digests()
    assert len(answers) == len(questions) == 1
    plain = {
        hashlib.sha256(words.encode()).hexdigest() for words in (LONG_QUESTION, LONG_QUESTION.casefold(), one.name)
    }
    assert not (answers | questions) & plain
    settings.INDEX_KEY = b"another index key of thirty-two."
    assert one.digest_answers() not in answers
    assert resubmissions.question_digest(LONG_QUESTION) not in questions


def test_what_is_remembered_for_a_day_tells_the_same_long_question_and_nothing_else():
    key = SubmissionKey.new()
    for question in ("Why?", "Why?", LONG_QUESTION, LONG_QUESTION):
        stored_inquiry(question=question)
    stored_inquiry(key, question="Why?")
    stored_inquiry(key, question="Why not?")
    assert len(digests()[1]) == 4  # each short one has its own
    assert set(RecentAnswers.objects.values_list("answers_digest", flat=True)) == {""}

"""Staff find an inquiry by a whole name, phone or email, over data that the database cannot read."""

import pytest
from django.core.management import call_command
from django.db import connection

from inquiries.crypto import blind_index
from inquiries.crypto.keyring import Keyring
from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, IndexToken, Inquiry
from inquiries.worker.jobs import Worker
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db


def found(text):
    return list(Inquiry.objects.found_by(text))


@pytest.mark.parametrize(
    "text", ["Rosa", "rosa", "ROSA PEÑA", "peña", "Pena rosa", "(626) 555-0142", "+1 626 555 0142", "6265550142"]
)
def test_an_inquiry_is_found_by_whole_words_and_in_any_spelling(text):
    inquiry = stored_inquiry(name="Rosa Peña-Díaz")
    stored_inquiry(name="Someone Else", phone="+16265550199")
    assert found(text) == [inquiry]


def test_an_email_is_found_whatever_its_case():
    inquiry = stored_inquiry(email="Rosa.P@example.com", contact_way="email")
    assert found("rosa.p@EXAMPLE.com") == [inquiry]


@pytest.mark.parametrize("text", ["Ros", "osa", "Rosa Someone", "555-0142", "rosa@example.com", "call", "", "!!!"])
def test_parts_of_words_and_other_answers_find_nothing(text):
    stored_inquiry()
    assert found(text) == []


@pytest.mark.parametrize("name", ["李", "O'Brien", "D’Angelo", "محمد", "Łukasz", "Ñ", "Jean-Luc", "🙂 Kim"])
def test_names_of_all_kinds_are_found(name):
    inquiry = stored_inquiry(name=name)
    assert found(name) == [inquiry]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Đặng Thị Hoa", ["Đặng", "Dang", "dang thi hoa", "hoa đặng"]),
        ("Łukasz Sørensen", ["lukasz", "Sorensen", "Łukasz"]),
        ("Siobhán O’Brien", ["O'Brien", "OBrien", "o’brien", "brien", "O Brien"]),
        ("OBrien", ["O'Brien", "obrien"]),
        ("Kaʻiulani", ["kaiulani", "Ka'iulani"]),
        ("D´Angelo", ["dangelo", "D'Angelo"]),
        ("Æsa Þór", ["aesa", "thor"]),
        ("Ħaż-Żgħir", ["haz zghir"]),
        ("Ørsted", ["orsted", "ØRSTED"]),
    ],
)
def test_names_are_found_without_marks_strokes_and_apostrophes(name, texts):
    inquiry = stored_inquiry(name=name)
    stored_inquiry(name="Someone Else")
    assert {text: found(text) for text in texts} == {text: [inquiry] for text in texts}


@pytest.fixture
def of_before(monkeypatch):
    """An inquiry as the release before stored it."""
    with monkeypatch.context() as before:
        before.setattr(blind_index, "words_stored", lambda name: set(blind_index.words_before(name)))
        return stored_inquiry(name="Đặng Thị O’Brien")


def test_what_was_indexed_before_is_found_by_its_own_spelling_until_it_is_indexed_again(of_before):
    assert found("Đặng") == found("đặng thị o'brien") == [of_before]
    assert found("dang") == found("obrien") == []
    call_command("index_names", batch=1, verbosity=0)
    for text in ("Đặng", "đặng thị o'brien", "dang", "obrien", "Brien"):
        assert found(text) == [of_before]


def test_the_worker_indexes_again_once_and_what_was_erased_stays_empty(of_before):
    gone = stored_inquiry(name="Đặng Gone")
    gone.withdraw()
    for _pass in range(2):
        Worker().run_pass()
    assert found("dang") == [of_before] and not gone.index_tokens.exists()
    assert Event.objects.get(verb="names-indexed").detail == "n1"
    tokens = IndexToken.objects.count()
    call_command("index_names", verbosity=0)
    assert IndexToken.objects.count() == tokens


def test_a_name_and_a_phone_never_share_a_token():
    assert blind_index.token("name", "16265550142") != blind_index.token("phone", "16265550142")


def test_the_index_holds_no_text():
    stored_inquiry(name="Zoraida")
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM inquiries_indextoken")
        stored = [bytes(row[0]) for row in cursor.fetchall()]
    assert stored and all(len(token) == blind_index.TOKEN_BYTES and b"oraid" not in token for token in stored)


def test_topics_and_questions_are_not_indexed():
    stored_inquiry(name="Rosa", phone="+16265550142", question="alcohol", topics="cost")
    known = {blind_index.token("name", "rosa"), blind_index.token("phone", "+16265550142")}
    found = {bytes(row.token) for row in IndexToken.objects.all()}
    assert known < found and len(found) == 3  # one stands for the reference that was not given


def test_a_find_is_opened_and_compared_so_a_forged_or_colliding_token_shows_nobody():
    rosa, other = stored_inquiry(), stored_inquiry(name="Kim Fictitious", phone="+16265550199")
    for kind, value in (("name", "rosa"), ("phone", "+16265550142")):
        IndexToken.objects.create(inquiry=other, token=blind_index.token(kind, value))
    assert found("Rosa") == found("(626) 555-0142") == [rosa]
    assert found("Kim") == [other]


def test_terms_of_earlier_and_latest_answers_count_together():
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key)
    stored_inquiry(key, name="Rosa Married")
    assert found("Peña") == found("Married") == found("Peña Married") == [inquiry]


def test_a_find_that_cannot_be_read_stays_found():
    inquiry = stored_inquiry()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inquiries_inquiry SET name = 'v1:gone:AAAA'")
    assert found("Rosa") == [inquiry]


@pytest.mark.parametrize("text", ["Rosa", "(626) 555-0142", "rosa@example.com"])
def test_of_each_find_the_one_cell_is_opened_that_is_compared(text, monkeypatch):
    for _number in range(3):
        stored_inquiry(email="rosa@example.com")
    opened, plain = [], Keyring.open
    monkeypatch.setattr(Keyring, "open", lambda *args: opened.append(args) or plain(*args))
    assert len(found(text)) == len(opened) == 3


@pytest.mark.parametrize(
    "spell", [str, str.lower, lambda text: text.replace("-", " "), lambda text: f" {text[:4]}{text[5:]} "]
)
def test_a_reference_is_found_in_any_spelling(spell):
    inquiry = stored_inquiry()
    stored_inquiry()
    assert found(spell(inquiry.reference)) == [inquiry]
    assert found(inquiry.reference[:5]) == []

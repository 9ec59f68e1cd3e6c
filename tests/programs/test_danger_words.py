"""Words of danger are rows of the guide: supervisors add to what is heard, and take nothing of the code away."""

import time
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from iop_site.danger import tells_of_danger
from iop_site.staff import roles
from programs.models import DangerWords
from programs.search.danger import FRESH, Phrases, phrases_cache
from tests.factories import staff_in

pytestmark = pytest.mark.django_db
SENTENCES = Path(__file__).parents[1] / "inquiries" / "sentences"


@pytest.fixture(autouse=True)
def nothing_kept():
    phrases_cache.clear()
    yield
    phrases_cache.clear()


def sentences(kind: str) -> list[str]:
    return [line for path in sorted(SENTENCES.glob(f"{kind}_*.txt")) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.once
def test_what_people_write_is_read_alike_beside_the_rows_that_ship(guide):
    assert DangerWords.objects.exists()
    assert [words for words in sentences("danger") if not tells_of_danger(words)] == []
    assert [words for words in sentences("everyday") if tells_of_danger(words)] == []


def heard(phrase: str, text: str, language="en") -> bool:
    return Phrases([(language, phrase)]).are_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "I feel so gobbledy wobbledy",
        "GOBBLEDY-WOBBLEDY",
        "gobledy wobbledy",
        "gobbledy and wobbledy",
        "góbbledy wóbbledy",
        "gobbledy. Wobbledy!",
    ],
)
def test_a_phrase_is_heard_with_small_slips_and_a_word_between(text):
    assert heard("gobbledy wobbledy", text)


@pytest.mark.parametrize("text", ["", "gobbledy", "wobbledy gobbledy", "gobbledy once or twice wobbledy", "wobbledy"])
def test_parts_of_a_phrase_are_not_enough(text):
    assert not heard("gobbledy wobbledy", text)


def test_a_word_by_itself_is_heard_as_it_is_and_a_long_one_with_a_slip():
    assert heard("suicidio", "suisidio", "es") and heard("rape", "rape")
    assert not heard("rape", "grape") and not heard("cortarme", "orden de la corte", "es")
    assert not heard("overdose", "an overdue bill")


def test_endings_make_no_difference_within_a_phrase():
    assert heard("quiero morir", "ella quiere morir", "es") and heard("want to die", "she wants to die")


def test_a_row_of_a_supervisor_is_heard_and_an_unpublished_one_is_not():
    assert not tells_of_danger("gobbledy wobbledy")
    row = DangerWords.objects.create(key="made-up", words_en="gobbledy wobbledy, other words", words_es="ñoqui ñaque")
    phrases_cache.clear()
    assert tells_of_danger("so gobbledy wobbledy") and tells_of_danger("Ñoqui ñaque") and tells_of_danger("other words")
    row.is_published = False
    row.save()
    phrases_cache.clear()
    assert not tells_of_danger("gobbledy wobbledy")


def test_a_change_is_heard_within_seconds_and_costs_no_query_between(monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr("programs.search.danger.time.monotonic", lambda: now)
    assert not tells_of_danger("gobbledy wobbledy")
    DangerWords.objects.create(key="made-up", words_en="gobbledy wobbledy")
    with CaptureQueriesContext(connection) as queries:
        tells_of_danger("gobbledy wobbledy")
    assert not queries.captured_queries
    now += FRESH
    assert tells_of_danger("gobbledy wobbledy")


def away(*_args):
    raise OperationalError("could not connect to server: Connection refused")


def test_without_a_database_the_list_in_code_answers_and_what_was_read_last():
    with connection.execute_wrapper(away):
        assert tells_of_danger("I want to die") and not tells_of_danger("gobbledy wobbledy")
    DangerWords.objects.create(key="made-up", words_en="gobbledy wobbledy")
    phrases_cache.clear()
    assert tells_of_danger("gobbledy wobbledy")
    phrases_cache._asked_at = -FRESH
    with connection.execute_wrapper(away):
        assert tells_of_danger("gobbledy wobbledy")


def test_deleting_every_row_leaves_what_ships_in_code(guide):
    DangerWords.objects.all().delete()
    phrases_cache.clear()
    assert tells_of_danger("I want to kill myself") and tells_of_danger("ya no quiero vivir")


def test_a_row_without_words_is_refused():
    with pytest.raises(ValidationError, match="in English or in Spanish"):
        DangerWords(key="made-up").full_clean()


def test_supervisors_alone_may_edit_them():
    verbs = {"view", "add", "change"}

    def held(role):
        user = staff_in(role)
        return {verb for verb in verbs if user.has_perm(f"programs.{verb}_dangerwords")}

    assert held(roles.SUPERVISOR) == verbs
    assert held(roles.CONTENT) == held(roles.INTAKE) == set()


def test_a_long_text_is_read_in_reasonable_time(guide):
    """Only a hang fails here."""
    begun = time.monotonic()
    for start in ("i want to ", "no quiero ", "took pilsl ", "abcdefghij"):
        tells_of_danger(" ".join(f"{start}{number}" for number in range(600)))
    assert time.monotonic() - begun < 60


def test_nothing_of_a_text_is_sent_to_the_database_or_logged(caplog):
    with CaptureQueriesContext(connection) as queries:
        tells_of_danger("canary7f3a")
    assert queries.captured_queries and "canary7f3a" not in str(queries.captured_queries) + caplog.text


def test_a_phrase_that_repeats_itself_is_not_looked_for_in_every_way():
    text = "gobbledy " * 300
    assert heard("gobbledy " * 20, text)
    assert not heard("gobbledy " * 20 + "wobbledy", text)  # by trying each way in turn this would never end

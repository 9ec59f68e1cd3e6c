"""Words that tell of danger to a life, in either language: a form that holds them is never set aside."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from inquiries import danger
from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import bulk_actions
from inquiries.models import Inquiry, InvalidTransition
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import send

pytestmark = [pytest.mark.once, pytest.mark.django_db]
ROBOT = "trap fast links"
DANGER = [
    "I think about suicide.",
    "I AM SUICIDAL",
    "I want to   kill\nmyself",
    "I don’t want to live",
    "I dont want to live",
    "self-harm, every night",
    "My son overdosed on Sunday",
    "alcohol withdrawal, shaking",
    "Pienso en el suicidio",
    "Quiero morir",
    "Tuvo una sobredosis",
    "Quiero hacerme daño",
    "Síndrome de abstinencia",
    "ｓｕｉｃｉｄｅ",
    "kill my self",
    "sui cide",
    "I am thinking of ending it all",
    "wants to end his life",
    "end my own life",
    "me voy a matar",
    "mi hijo se quiere matar",
    "tengo ganas de morir",
    "quiere morir",
]
NO_DANGER = ["", "Is it at night?", "Which diet is best?", "¿Hay grupos por la tarde?", "good ingredients", "suit"]


@pytest.mark.parametrize("words", DANGER)
def test_danger_is_read_whatever_the_spelling_of_marks_and_letters(words):
    assert danger.tells_of_danger(words)


@pytest.mark.parametrize("words", NO_DANGER)
def test_plain_words_tell_of_none(words):
    assert not danger.tells_of_danger(words)


SENTENCES = Path(__file__).with_name("sentences")


def sentences(kind: str) -> list[str]:
    """The sentences of both languages in ``tests/inquiries/sentences``, as people might write them to us."""
    return [line for path in sorted(SENTENCES.glob(f"{kind}_*.txt")) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("words", sentences("danger"))
def test_what_people_write_of_danger_is_read(words):
    assert danger.tells_of_danger(words)


@pytest.mark.parametrize("words", sentences("everyday"))
def test_what_people_say_every_day_tells_of_none(words):
    assert not danger.tells_of_danger(words)


PHRASES = (SENTENCES / "phrases.txt").read_text("utf-8").splitlines()
GOES_ON = [
    "",
    " porque",
    ". Por favor",
    " por favor",
    " forever",
    ". Forgive me",
    " for real",
    " today",
    ", please help",
]


@pytest.mark.parametrize("more", GOES_ON)
def test_plain_danger_is_read_whatever_follows(more):
    assert [phrase for phrase in PHRASES if not danger.tells_of_danger(phrase + more)] == []


@pytest.mark.parametrize("mark", [".", "!", "?", ";", ",", "\n", "\r\n", "…", " — "])
def test_a_guard_reaches_over_no_mark_but_a_phrase_does(mark):
    assert not danger.tells_of_danger("I am dying to know") and not danger.tells_of_danger("Me muero por saber")
    assert danger.tells_of_danger(f"I am dying{mark} to know") and danger.tells_of_danger(f"Me muero{mark} por saber")
    assert danger.tells_of_danger(f"I want{mark} to die")


def test_every_guard_ends_at_the_end_of_a_word():
    """A guard that nests deeper than the code reads would be left without its end."""
    pattern = danger.listed_words().pattern
    assert pattern.count("(?!") == pattern.count(r")\b)") > 15
    assert "?!" not in danger.GUARD.sub("", danger.LIST.read_text("utf-8").replace("(?! …)", ""))
    assert not re.match(danger.bounded("(?! por)"), " por") and re.match(danger.bounded("(?! por)"), " porque")


# The ASCII one, the typographic ones, primes, accents and letters that look like one.
APOSTROPHES = "'\u2018\u2019\u201b\u2032\u2035\u0060\u00b4\u02bc\u02bb\u02b9\uff07\uff40"


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_any_apostrophe_is_read_alike(apostrophe):
    assert danger.tells_of_danger(f"I don{apostrophe}t want to live")


@pytest.mark.parametrize("unseen", "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f")
def test_what_nobody_sees_in_a_word_hides_nothing(unseen):
    assert danger.tells_of_danger(f"sui{unseen}cide") and danger.tells_of_danger(f"quiero mo{unseen}rir")


def test_every_line_of_the_list_stands_as_texts_are_read():
    """A line with an accent, an apostrophe or a capital would never be found."""
    lines = [line for line in danger.LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) > 200 and len(set(lines)) == len(lines)
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9 \\()\[\]|?:!<>*+=,{}]+", line)] == []
    assert "<" not in re.sub(r"\(\?<?[!=]", "", danger.listed_words().pattern)


@pytest.mark.parametrize(
    "start",
    ["a", "a ", "i want to ", "i dont ", "no quiero ", "me ", "took a ", "he is ", "su", "wish ", "hit ", "i will. "],
)
def test_a_long_text_is_read_in_linear_time(start):
    """Only a hang fails here: one that is quadratic needs hours."""
    danger.holds_listed_words(start * (100_000 // len(start)) + "!")


@pytest.mark.parametrize("name", Inquiry.typed())
def test_words_of_danger_in_any_box_are_never_set_aside(name):
    inquiry = stored_inquiry(**{name: "I want to kill myself"}, screening_reasons=ROBOT)
    assert inquiry.set_aside_at is None and inquiry.due_at
    assert stored_inquiry(**{name: "Plain words"}, screening_reasons=ROBOT).set_aside_at


def test_a_form_with_words_of_danger_is_marked_and_stays_on_the_list(client):
    send(client, remark="x", question="http://a.example http://b.example suicide")
    inquiry = Inquiry.objects.get()
    assert inquiry.screening_reasons == "trap links" and inquiry.due_at and not inquiry.set_aside_at


def test_staff_do_not_set_it_aside_either():
    inquiry = stored_inquiry(question="Quiero morir")
    with pytest.raises(InvalidTransition, match="danger"):
        inquiry.set_aside(staff_user())
    assert Inquiry.objects.get().due_at


def test_another_reading_can_be_named(settings):
    settings.TELLS_OF_DANGER = f"{__name__}.reads_red"
    assert stored_inquiry(question="red", screening_reasons=ROBOT).set_aside_at is None
    assert stored_inquiry(question="suicide", screening_reasons=ROBOT).set_aside_at


def reads_red(text: str) -> bool:
    return text == "red"


def amended(**answers) -> Inquiry:
    key = SubmissionKey.new()
    stored_inquiry(key)
    return stored_inquiry(key, **answers)


def with_words() -> Inquiry:
    inquiry = stored_inquiry()
    inquiry.add_words("Quiero morir")
    return inquiry


def amended_away() -> Inquiry:
    """The words of danger are neither in the first answers nor in the last."""
    key = SubmissionKey.new()
    for question in ("Why?", "I want to kill myself", "Never mind"):
        stored_inquiry(key, question=question)
    return Inquiry.objects.get()


LATER_WORDS = [
    lambda: amended(question="I want to kill myself"),
    lambda: amended(name="suicide"),
    with_words,
    amended_away,
]


@pytest.mark.parametrize("later", LATER_WORDS)
def test_words_that_came_later_are_read_as_well(later):
    inquiry = later()
    with pytest.raises(InvalidTransition, match="danger"):
        inquiry.set_aside(staff_user())
    assert Inquiry.objects.get().due_at


@pytest.mark.parametrize("later", LATER_WORDS)
def test_setting_several_aside_says_so_before_it_is_confirmed(later):
    inquiry = later()
    [chosen] = bulk_actions.chosen_from([str(inquiry.pk)], bulk_actions.SET_ASIDE, timezone.now())
    assert "tell of danger" in chosen.why_not
    [chosen] = bulk_actions.chosen_from([str(inquiry.pk)], bulk_actions.TAKE, timezone.now())
    assert not chosen.why_not


def test_words_of_staff_and_plain_later_words_keep_nothing_on_the_list():
    inquiry = amended(question="And in the evening?")
    inquiry.add_words("Mornings are better.")
    inquiry.note("Not suicidal.", staff_user())
    inquiry.write_message("For suicide call 988.", staff_user())
    inquiry = Inquiry.objects.get()
    inquiry.set_aside(staff_user())
    assert Inquiry.objects.get().set_aside_at

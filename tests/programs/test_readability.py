"""The advice on a text: figures near those of the known tool, lengths, words; told, never in the way."""

import re

import pytest
import textstat

from programs.editing import readability, style_checks, style_terms
from programs.models import Benefit
from tests.programs import test_facts_english, test_facts_spanish
from tests.programs.desk import address, send

pytestmark = pytest.mark.once

PAGES = test_facts_english.page_keys()
SCRIPTS = ("back-asks-again", "for-me", "unsaved-words")  # of every page of the desk; none is the editor's own
HARD = (
    "Comprehensive interdisciplinary rehabilitation organizations systematically facilitate individualized "
    "psychotherapeutic interventions for participating community members. "
) * 3


def prose(module, key):
    return [text if text[-1] in ".!?:”" else f"{text}." for kind, text in module.page_blocks(key) if kind == "prose"]


@pytest.mark.parametrize("key", PAGES)
def test_the_figures_are_near_those_of_textstat(key):
    # It counts hyphens, which are fewer than syllables: ours is a little stricter in both languages.
    english, spanish = prose(test_facts_english, key), prose(test_facts_spanish, key)
    textstat.set_lang("en_US")
    assert readability.grade(english) == pytest.approx(textstat.flesch_kincaid_grade(" ".join(english)), abs=1.5)
    textstat.set_lang("es")
    theirs = textstat.fernandez_huerta(" ".join(spanish))
    textstat.set_lang("en_US")
    assert readability.ease(spanish) == pytest.approx(theirs, abs=10)


@pytest.mark.parametrize("key", PAGES)
def test_no_shipped_page_is_called_hard(key):
    assert style_checks.level_findings(prose(test_facts_english, key), prose(test_facts_spanish, key)) == []


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("therapy", "en", 3), ("people", "en", 2), ("use", "en", 1), ("helped", "en", 1), ("needed", "en", 2),
        ("services", "en", 3), ("area", "en", 3), ("quiet", "en", 2), ("insurance", "en", 3), ("going", "en", 2),
        ("ciudad", "es", 2), ("guía", "es", 2), ("queso", "es", 2), ("pingüino", "es", 3), ("muy", "es", 1),
        ("ambulatorio", "es", 5), ("recaída", "es", 4), ("viuda", "es", 2), ("y", "es", 1), ("leer", "es", 2),
    ],
)  # fmt: skip
def test_syllables(word, language, count):
    assert readability.syllables(word, language) == count


def test_too_few_words_have_no_grade():
    assert readability.grade(["Comprehensive rehabilitation."]) is None and readability.ease([""]) is None


def test_long_sentences_and_paragraphs_are_named():
    assert len(style_checks.findings(" ".join(["word"] * 21) + ".", "en")) == 1
    assert style_checks.findings(" ".join(["word"] * 20) + ".", "en") == []
    assert len(style_checks.findings("One thing. Two things. Three things. Four things.", "en")) == 1
    assert style_checks.findings("One thing.\n\n- Two things.\n- Three things.\n\nFour things.", "en") == []


@pytest.mark.parametrize(
    ("text", "language", "instead"),
    [
        ("An addict comes.", "en", "a person with a substance use disorder"),
        ("He committed suicide.", "en", "died by suicide"),
        ("You should come.", "en", "can, or you may want to"),
        ("Es un adicto.", "es", "una persona con un trastorno por consumo de sustancias"),
        ("¿Tiene aseguranza?", "es", "seguro"),
        ("Tú puedes venir.", "es", "usted, su"),
    ],
)
def test_a_word_to_avoid_comes_with_what_to_say(text, language, instead):
    assert [say for _word, say in style_terms.avoided(text, language)] == [instead]


@pytest.mark.parametrize("text", ["healthy habits", "cleaning", "bestow", "userland", "su tutor"])
def test_a_word_that_only_begins_like_one_is_left_alone(text):
    assert not style_terms.avoided(text, "en") and not style_terms.avoided(text, "es")


@pytest.mark.django_db
def test_a_warning_is_told_and_stops_nothing(admin_client, client, guide):
    benefit = Benefit.objects.get(key="flexibility")
    response = send(admin_client, benefit, "_publish", body_en=HARD, body_es="Es fácil para un adicto.")
    assert response.status_code == 302 and HARD.strip() in client.get("/benefits/").content.decode()
    page = admin_client.get(address(benefit, "change")).content.decode()
    assert "things to look at again" in page and "English reads at grade" in page
    assert "“adicto”: say" in page and "“fácil”: leave it out" in page
    assert 'aria-describedby="id_body_es_helptext"' in page


@pytest.mark.django_db
def test_every_text_has_its_language_label_and_rule(admin_client, guide):
    page = admin_client.get(address(Benefit.objects.first(), "change")).content.decode()
    assert page.count(' lang="en"') >= 3 and page.count(' lang="es"') >= 3
    assert "Text, English" in page and "Text, Spanish" in page
    assert "At most 20 words in a sentence and 3 sentences in a paragraph" in page and "Use “usted”" in page
    assert set(re.findall(r"<script.*?>", page)) == {f'<script src="/static/js/{name}.js" defer>' for name in SCRIPTS}

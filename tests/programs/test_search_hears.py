"""What a search hears: words of danger bring the numbers and the crisis page first; everyday words bring their page.

``tests/programs/searches`` holds what people type. A line of ``ordinary_*.txt`` ends with the pages that answer it; the
hard ones are never taken out because they fail.
"""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from programs.models import Synonym
from programs.search.danger import phrases_cache
from programs.search.index import index_cache
from tests.inquiries.form_pages import Page

pytestmark = [pytest.mark.once, pytest.mark.django_db]
SEARCHES = Path(__file__).with_name("searches")
BUTTONS = {"en": ["tel:911", "tel:988", "sms:988"], "es": ["tel:911", "tel:988", "sms:988?body=AYUDA"]}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


@pytest.fixture(autouse=True)
def nothing_kept(guide):
    phrases_cache.clear()
    index_cache.clear()
    yield
    phrases_cache.clear()
    index_cache.clear()


def answer(client, language, query):
    with translation.override(language):
        return client.get(reverse("programs:search"), {"q": query})


def found(client, language, query):
    return answer(client, language, query).context["found"]


def lines(kind, language):
    return (SEARCHES / f"{kind}_{language}.txt").read_text("utf-8").splitlines()


@LANGUAGES
def test_each_search_in_danger_brings_the_card_and_the_crisis_page_first(client, language):
    queries = lines("danger", language)
    results = {query: found(client, language, query) for query in queries}
    assert len(results) >= 60
    assert [query for query in queries if not results[query].asks_for_crisis_help] == []
    assert [query for query in queries if results[query].results[0].page_key != "crisis"] == []


@LANGUAGES
def test_everyday_searches_find_their_page_first_or_second(client, language):
    missed, alarms = [], []
    for line in lines("ordinary", language):
        query, pages = (part.strip() for part in line.split("|"))
        result = found(client, language, query)
        first = ["status"] * result.asks_for_own_request + [one.page_key for one in result.results]
        missed += [line] if not set(first[:2]) & set(pages.split()) else []
        alarms += [line] if result.asks_for_crisis_help else []
    count = len(lines("ordinary", language))
    assert count >= 80 and len(missed) <= 0.03 * count, missed
    assert alarms == []


@LANGUAGES
@pytest.mark.parametrize(
    "query", ["i want to kill my self", "se tomo pastillas", "cant wake him up", "acabar con mi vida"]
)
def test_danger_is_heard_in_either_language_on_either_page(client, language, query):
    page = Page(answer(client, language, query))
    [card] = [place for place, (_tag, found) in enumerate(page.elements) if found.get("class") == "care-card"]
    assert card < next(place for place, (tag, _found) in enumerate(page.elements) if tag == "h1")
    assert [found["href"] for tag, found in page.elements[card:] if tag == "a"][:3] == BUTTONS[language]


def test_danger_late_in_a_long_search_is_heard(client):
    assert found(client, "en", f"{'what is this ' * 20} i want to kill myself").asks_for_crisis_help


@pytest.mark.parametrize(
    ("language", "query"), [("en", "lost my code"), ("en", "cancel my request"), ("es", "perdí mi código")]
)
def test_the_page_of_a_request_is_found_before_the_results(client, language, query):
    html = answer(client, language, query).content.decode().split("<main")[1]
    with translation.override(language):
        link = f'href="{reverse("inquiries:status")}"'
    assert html.index(link) < html.index("<h2>")
    assert link not in answer(client, language, "iop").content.decode().split("<main")[1].split("</main>")[0]


def test_a_lay_word_may_lead_to_the_page_of_a_request():
    Synonym(key="x", words_en="x", page=Synonym.STATUS).full_clean()


@LANGUAGES
def test_the_results_can_be_left_fast_and_their_title_tells_nothing(client, language):
    page = Page(answer(client, language, "suicide"))
    assert page.title == {"en": "Search – Dedicato", "es": "Buscar – Dedicato"}[language]
    assert page.all("a", class_="leave-link") and page.all("form", role="search")[0]["autocomplete"] == "off"


def test_the_safety_page_says_that_searched_words_stay_in_the_history(client):
    assert "our search box is part of the address" in Page(client.get("/using-this-site-safely/")).text

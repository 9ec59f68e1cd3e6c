"""Search: what it promises to a visitor and to staff, and what it must never do with the words."""

import logging
import re
import threading
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from iop_site.page_chrome import page_path
from programs.models import Credential, GuidePage, Section, Synonym, Therapy
from programs.page_content import with_sections
from programs.search.index import MOST_LETTERS, Index, IndexCache, index_cache
from programs.search.passages import passages
from programs.search.tokens import Spelling, distance, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]
CANARY = "canary7f3a"


@pytest.fixture(autouse=True)
def nothing_indexed():
    """A test that is rolled back gives the number of its version back."""
    index_cache.clear()
    yield
    index_cache.clear()


def path(language="en"):
    with translation.override(language):
        return f"{'' if language == 'en' else '/es'}/{translation.gettext('search/')}"


def found(client, query, language="en"):
    return client.get(path(language), {"q": query}).context["found"]


def keys(client, query, language="en"):
    return [result.page_key for result in found(client, query, language).results]


def read_pages():
    today = timezone.localdate()
    return with_sections(GuidePage.objects.visible(today), today)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_passage_stands_on_its_page_under_its_anchor(client, guide, language):
    with translation.override(language):
        for page in read_pages():
            html = client.get(page_path(page)).content.decode()
            text = " ".join(unescape(re.sub(r"<[^>]+>", "", html.split("<main")[1])).split())
            for passage in passages(page):
                assert not passage.anchor or f'id="{passage.anchor}"' in html, (page.key, passage.anchor)
                for words_there in (passage.heading, *passage.sentences):
                    assert " ".join(words_there.split()) in text, (page.key, words_there)


def test_accents_may_be_left_out_or_put_in(client, guide):
    assert keys(client, "depresion", "es") == keys(client, "depresión", "es") != []
    assert keys(client, "cóst") == keys(client, "cost")


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("emergencia", "emergencias"),
        ("familia", "familias"),
        ("referencia", "referencias"),
        ("terapia", "terapias"),
        ("día", "días"),
        ("ansiosa", "ansiosas"),
        ("recaída", "recaídas"),
        ("adicción", "adicciones"),
        ("hospital", "hospitales"),
    ],
)
def test_a_spanish_plural_finds_what_its_singular_finds(client, guide, one, many):
    assert keys(client, many, "es")[:3] == keys(client, one, "es")[:3] != []


@pytest.mark.parametrize(
    ("one", "many"), [("emergency", "emergencies"), ("therapy", "therapies"), ("family", "families"), ("cost", "costs")]
)
def test_an_english_plural_finds_what_its_singular_finds(client, guide, one, many):
    assert keys(client, many)[:3] == keys(client, one)[:3] != []


def test_slips_are_forgiven_but_short_words_are_strict(client, guide):
    assert "cost-and-insurance" in keys(client, "insurence")
    assert keys(client, "cozt") == []


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("therapy", "therapy", 0), ("theripy", "therapy", 1), ("theapy", "therapy", 1), ("thearpy", "therapy", 1)],
)
def test_slips_are_counted(one, other, slips):
    assert distance(one, other) == distance(other, one) == slips


def test_only_the_nearest_words_are_taken():
    assert Spelling(["insurance", "assurance", "cost"]).nearest("insurence") == (1, ["insurance"])
    assert Spelling(["cost"]).nearest("cozt") == (0, [])


def test_the_heading_counts_and_the_hit_is_marked(client, guide):
    html = client.get(path(), {"q": "referral"}).content.decode()
    assert re.search(r"\d+ results for “referral”", html)
    assert "<mark>referral</mark>" in html
    assert 'href="/how-to-start/#referral"' in html
    assert "<title>Search – Dedicato</title>" in html


def test_nothing_found_is_no_dead_end(client, guide):
    html = client.get(path(), {"q": "xyzzy"}).content.decode()
    main = html.split("<main")[1].split("</main>")[0]
    assert "No results for “xyzzy”" in main
    for address in ("/crisis/", "/for-families/", "/what-is-iop/", "/how-to-start/", "/programs/", "/ask/"):
        assert f'href="{address}"' in main
    assert main.index('href="/crisis/"') < main.index('href="/for-families/"') < main.index('href="/what-is-iop/"')


def test_no_words_no_results_no_complaint(client, guide):
    main = client.get(path()).content.decode().split("<main")[1].split("</main>")[0]
    assert "result" not in main and 'name="q"' in main


@pytest.mark.parametrize(("language", "query"), [("en", "I want to kill myself"), ("es", "ya no quiero vivir")])
def test_help_in_a_crisis_comes_first_when_the_words_ask_for_it(client, guide, language, query):
    response = client.get(path(language), {"q": query})
    main = response.content.decode().split("<main")[1]
    assert response.context["found"].results[0].page_key == "crisis"
    assert main.index('class="care-card"') < main.index("<h1>") < main.index('class="results"')
    assert 'class="care-card"' not in client.get(path(language), {"q": "costo"}).content.decode()


def test_a_lay_word_of_staff_is_understood_at_once(client, guide):
    assert keys(client, "gobbledygook") == []
    word = Synonym.objects.create(key="made-up", words_en="gobbledygook, other words", page="benefits")
    assert keys(client, "gobbledygook")[0] == "benefits"
    assert keys(client, "gobbledigook")[0] == "benefits"
    word.is_published = False
    word.save()
    assert keys(client, "gobbledygook") == []


def test_a_lay_word_cannot_lead_to_a_page_that_is_not_there(guide):
    with pytest.raises(Exception, match="There is no page with this key"):
        Synonym(key="x", words_en="x", page="no-such-page").full_clean()


def test_an_edit_is_found_at_once(client, guide):
    therapy = Therapy.objects.get(key="group")
    therapy.body_en = "We also whittle spoons."
    therapy.save()
    [result] = found(client, "whittle").results
    assert (result.page_key, result.anchor) == ("therapies", "group")
    Section.objects.filter(page__key="therapies").update(is_published=False)
    assert keys(client, "whittle") == []


def test_an_unpublished_page_is_not_found(client, guide):
    assert "benefits" in keys(client, "benefits")
    GuidePage.objects.filter(key="benefits").update(is_published=False)
    assert "benefits" not in keys(client, "benefits")


def test_a_credential_is_not_found_the_day_after_its_last_day(guide):
    Credential.objects.filter(key="dhcs").update(expires_on=timezone.localdate(), number="ZQ-77812")
    today = timezone.localdate()

    def search_on(day):
        def read():
            return with_sections(GuidePage.objects.visible(day), day)

        return index_cache.index("en", day, read).find("77812").count

    assert (search_on(today), search_on(today + timedelta(days=1))) == (1, 0)


def test_a_page_without_spanish_is_no_spanish_result(client, guide):
    assert "benefits" in keys(client, "beneficios", "es")
    GuidePage.objects.filter(key="benefits").update(answer_es="")
    assert "benefits" not in keys(client, "beneficios", "es")
    assert "benefits" not in keys(client, "benefits", "es")


NASTY = [
    "a" * 10_000,
    "therapy " * 2_000,
    "\x00\x00therapy\x00",
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "%00%ff",
    "' OR 1=1 --",
    "\u202e\ufeff\u0301",
    "…—“”",
    "ﬁﬀ İı ß",
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("query", NASTY)
def test_nasty_queries_are_answered_calmly(client, guide, query, language):
    response = client.get(path(language), {"q": query})
    html = response.content.decode()
    assert response.status_code == 200
    assert len(response.context["found"].query) <= MOST_LETTERS
    assert "<script>alert" not in html and "<img src=x" not in html and "\x00" not in html


def test_bytes_that_are_no_letters_are_answered_calmly(client, guide):
    assert client.get(f"{path()}?q=%ff%fe%00").status_code == 200
    assert client.post(path(), {"q": "therapy"}).status_code == 405


def test_the_words_reach_no_log_no_database_and_no_title(client, guide, caplog):
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html = client.get(path(), {"q": CANARY}).content.decode()
    assert CANARY in html and CANARY not in html.split("</head>")[0]
    assert not any(CANARY in query["sql"] for query in queries.captured_queries)
    assert not any(CANARY in record.getMessage() for record in caplog.records if not record.name.startswith("django.t"))


def test_a_second_search_reads_no_page(client, guide):
    client.get(path(), {"q": "therapy"})
    with CaptureQueriesContext(connection) as queries:
        client.get(path(), {"q": "insurance"})
    assert not any("programs_section" in query["sql"] for query in queries.captured_queries)
    assert len(queries.captured_queries) <= 4


def test_threads_share_one_index(guide, monkeypatch):
    monkeypatch.setattr("programs.search.index.ContentVersion.objects.current", lambda: 1)
    monkeypatch.setattr("programs.search.index.Synonym.objects.visible", lambda today: [])
    pages, made, own = read_pages(), [], IndexCache()

    def read():
        made.append(1)
        return pages

    seen = []
    threads = [
        threading.Thread(target=lambda: seen.append(own.index("en", timezone.localdate(), read))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len(set(map(id, seen))) == 1 and len(seen) == 8


def test_a_thousand_pages_are_one_more_index(guide):
    pages = read_pages()
    many = [page for _ in range(50) for page in pages]
    index = Index("en", many, list(Synonym.objects.all()))
    assert len(index.entries) == 50 * len(pages) >= 1000
    assert index.find("insurence").results[0].page_key == "cost-and-insurance"
    assert len(index.find("program").results) <= 20 < index.find("program").count


def test_words_are_folded():
    assert words("¿Cuánto cuesta? Won’t 24-hour") == ["cuanto", "cuesta", "wont", "24", "hour"]


def test_insurance_is_not_found_by_words_about_safety(client, guide):
    """In Spanish "seguro" is what pays, and "una forma segura" stands on almost every page."""
    results = found(client, "aseguranza", "es").results
    assert [result.page_key for result in results[:2]] == ["cost-and-insurance", "how-to-start"]
    hits = {words(text)[0] for result in results for text, is_hit in result.sentence if is_hit}
    assert hits == {"seguro"} and len(results) < 10
    assert "using-this-site-safely" in keys(client, "segura", "es")

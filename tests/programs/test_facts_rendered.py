"""Every fact is on its page as a visitor gets it, in both languages: not only shipped, but printed."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from iop_site.page_chrome import page_path
from programs import bundled_guide
from programs.models import GuidePage
from tests.programs import test_facts_english, test_facts_spanish

pytestmark = [pytest.mark.once, pytest.mark.django_db]
FACTS = {"en": test_facts_english.FACTS, "es": test_facts_spanish.FACTS}
INLINE = {"a", "strong", "em", "span", "small", "b", "i", "code", "abbr", "bdi"}
UNREAD = {"svg", "script", "style", "template"}


class Reader(HTMLParser):
    """The text of <main>, a line for each block, as it would be read aloud."""

    def __init__(self):
        super().__init__()
        self.text, self.depth, self.unread = "", 0, 0

    def handle_starttag(self, tag, attributes):
        self.depth += tag == "main"
        self.unread += tag in UNREAD
        self.text += "" if tag in INLINE else "\n"

    def handle_endtag(self, tag):
        self.depth -= tag == "main"
        self.unread -= tag in UNREAD
        self.text += "" if tag in INLINE else "\n"

    def handle_data(self, data):
        if self.depth and not self.unread:
            self.text += data.replace("\n", " ")


def read_main(html: str) -> str:
    # The closing words of the home page stand in its footer.
    reader = Reader()
    reader.feed(html.replace('<footer class="site-footer">', "<main>").replace("</footer>", "</main>"))
    lines = (" ".join(line.split()) for line in reader.text.split("\n"))
    return "\n".join(filter(None, lines))


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """The text of every page in both languages, by language and key."""
    with django_db_blocker.unblock():
        bundled_guide.load()
        return {language: dict(read_pages(language)) for language in ("en", "es")}


def read_pages(language: str):
    with translation.override(language):
        paths = {page.key: page_path(page) for page in GuidePage.objects.all()}
    for key, path in paths.items():
        response = Client().get(path)
        assert response.status_code == 200, path
        yield key, read_main(response.content.decode())


@pytest.mark.parametrize("language", FACTS)
def test_every_fact_is_printed_on_its_page(printed, language):
    missing = [
        f"{fact} on {key}: {line}"
        for fact, key, patterns in FACTS[language]
        for pattern in patterns
        for line in pattern.split(r"\n")  # a card prints its lines with labels between them
        if not re.search(line, printed[language][key], re.IGNORECASE | re.MULTILINE)
    ]
    assert missing == []


@pytest.mark.parametrize("language", FACTS)
def test_what_is_not_known_is_not_printed(printed, language):
    whole = "\n".join(printed[language].values())
    strays = (r"accreditation\s*4", "acreditación 4", "also serve", "también atendemos", r"\bNone\b", "page:", "ask:")
    for stray in strays:
        assert not re.search(stray, whole, re.IGNORECASE), stray


@pytest.mark.parametrize("key", test_facts_english.page_keys())
def test_a_page_is_told_in_one_language(printed, key):
    """No sentence of one language stands on the page of the other; the crisis lines in Spanish are meant to."""
    english = set(printed["en"][key].split("\n"))
    shared = {line for line in printed["es"][key].split("\n") if line in english and len(line.split()) > 4}
    # Names of programs and bodies stay in English.
    assert {line for line in shared if not re.search("Intensive Outpatient Program|Department of", line)} == set()

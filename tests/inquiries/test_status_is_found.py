"""The status page is found wherever one looks for it: menus, the first page of the form, Contact, search, and 404."""

import pytest

from programs import bundled_guide
from tests.inquiries.form_pages import PATHS, Page, get_page
from tests.inquiries.status_pages import PATH

pytestmark = pytest.mark.django_db

ASK = {"en": "/ask/", "es": "/es/pedir-contacto/"}
CONTACT = {"en": "/contact/", "es": "/es/contacto/"}
SEARCH = {"en": "/search/?q=", "es": "/es/buscar/?q="}
TYPED = {
    "en": [
        "status",
        "my request",
        "where is my request",
        "Status?",
        "private code",
        "i lost my code",
        "código",
        "estado",
    ],
    "es": ["estado", "mi solicitud", "código", "codigo privado", "perdí mi código", "status", "my request"],
}
LABEL = {"en": "See where your request is", "es": "Vea en qué va su solicitud"}


def in_main(response, language) -> int:
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return main.count(f'href="{PATH[language]}"')


@pytest.fixture
def guide():
    bundled_guide.load()


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_stands_on_the_first_page_of_the_form_on_contact_and_on_the_404(client, guide, language):
    missing = {"en": "/no-such-page/", "es": "/es/no-hay/"}[language]
    for path in (ASK[language], CONTACT[language], missing):
        response = client.get(path)
        assert in_main(response, language) == 1, path


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_stands_in_the_frame_of_the_form_and_in_its_own(client, guide, language):
    for path in (ASK[language], *(PATHS[way][language] for way in PATHS)):
        page = client.get(path).content.decode()
        frame = page.split("<main")[0] + page.split("</main>")[1]
        assert f'href="{PATH[language]}"' in frame and LABEL[language] in frame, path
    own = client.get(PATH[language]).content.decode().split("<footer")[1]
    assert f'href="{PATH[language]}" aria-current="page"' in own and LABEL[language] in own


@pytest.mark.parametrize(("language", "typed"), [(language, typed) for language in TYPED for typed in TYPED[language]])
def test_a_search_for_it_leads_there_first(client, guide, language, typed):
    response = client.get(SEARCH[language] + typed.replace(" ", "+"))
    assert in_main(response, language) == 1, typed
    assert "No results" not in Page(response).text and "No hay resultados" not in Page(response).text


def test_a_search_for_something_else_does_not(client, guide):
    for typed in ("how much does it cost", "therapy", "withdrawal"):
        response = client.get(SEARCH["en"] + typed.replace(" ", "+"))
        assert in_main(response, "en") == 0, typed


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_says_on_paper_where_it_is_from_and_where_the_status_is(client, guide, settings, language):
    for path in (PATH[language], ASK[language], PATHS["me"][language], CONTACT[language]):
        [paper] = get_page(client, path).texts_of("p", class_="on-paper")
        assert paper.startswith(f"Dedicato, {settings.SITE_URL}.")
        assert f"{LABEL[language]}: {settings.SITE_URL}{PATH[language]}" in paper

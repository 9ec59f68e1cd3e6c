"""What each page of the form says of itself: its number of two, its own name, and how much may be written."""

import pytest

from tests.inquiries.form_pages import PATHS, Page, get_page, post

pytestmark = [pytest.mark.once, pytest.mark.django_db]

NAMES = [
    "Ask us to contact you",
    "Get help for a family member or friend",
    "Refer a client or patient",
    "Ask a question",
]
NEXT = {"text", "tel", "email"}


@pytest.mark.parametrize("way", PATHS)
def test_each_page_says_which_of_the_two_it_is(client, way):
    assert get_page(client, PATHS[way]["en"]).texts_of("p", class_="page-of") == ["Page 1 of 2"]
    assert Page(post(client, "check", way)).texts_of("p", class_="page-of") == ["Page 2 of 2"]


def test_each_way_has_a_name_of_its_own_in_both_languages(client):
    names = {
        language: [get_page(client, paths[language]).texts_of("h1")[0] for paths in PATHS.values()]
        for language in ("en", "es")
    }
    assert names["en"] == NAMES and len({*names["en"], *names["es"]}) == 8


@pytest.mark.parametrize("way", PATHS)
def test_the_keyboard_of_a_phone_leads_on_from_every_line(client, way):
    page = get_page(client, PATHS[way]["en"])
    lines = [e for e in page.all("input") if e["type"] in NEXT and e["name"] != "remark"]
    assert lines and {e.get("enterkeyhint") for e in lines} == {"next"}


@pytest.mark.parametrize("way", PATHS)
def test_how_much_may_be_written_is_said_beforehand_and_counted_by_a_script(client, way):
    page = get_page(client, PATHS[way]["en"])
    assert [told["data-longest"] for told in page.all("p", role="status")] == ["1000"]
    assert "You can write up to 1,000 characters" in page.text

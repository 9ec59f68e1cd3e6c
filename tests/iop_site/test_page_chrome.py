"""What surrounds a public page is read once for each version of the content, and an edit shows at once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from inquiries.crypto.tokens import SubmissionKey
from iop_site import page_chrome
from programs.models import GuidePage, Notice, SiteProfile
from tests.factories import staff_user
from tests.inquiries.form_pages import ANSWERS

pytestmark = pytest.mark.django_db
CHROME_TABLES = ("programs_guidepage", "programs_siteprofile", "programs_notice")


def asked(client, path, **data) -> list[str]:
    """Return the queries of one request, after another one has filled the chrome."""
    client.get("/ask/")
    with CaptureQueriesContext(connection) as queries:
        assert (client.post if data else client.get)(path, data).status_code == 200
    return [query["sql"] for query in queries.captured_queries]


def footer(client, path="/ask/") -> str:
    return client.get(path).content.decode().partition("<footer")[2]


def test_a_form_page_asks_for_the_content_version_alone(client, guide):
    for path in ("/ask/", "/ask/me/"):
        [query] = asked(client, path)
        assert "programs_contentversion" in query


def test_the_answer_to_a_send_reads_nothing_of_the_frame(client, guide):
    for name in ("Rosa Fictitious", "Kim Fictitious"):  # the first form of a database also notes with which keys
        answers = ANSWERS["me"] | {"name": name, "token": SubmissionKey.new().token(), "step": "send"}
        queries = asked(client, "/ask/me/", **answers)
    assert not [query for query in queries if any(table in query for table in CHROME_TABLES)]
    assert len(queries) <= 28  # in a test each transaction inside another one adds two


def test_a_guide_page_asks_for_the_version_itself_its_sections_and_its_list(client, guide):
    client.get("/ask/")
    assert len(asked(client, "/therapies/")) == 4


def test_an_edit_shows_at_once_on_the_page_of_a_form(client, guide):
    page = GuidePage.objects.filter(footer="guide", kind="page").first()
    assert page.menu_label in footer(client)
    page.menu_label_en = "Another short name"
    page.save()
    assert "Another short name" in footer(client)
    page.is_published = False
    page.save()
    assert "Another short name" not in footer(client)


def test_a_notice_shows_at_once(client, guide):
    client.get("/ask/")
    Notice.objects.create(key="made-up", place=Notice.Place.EQUAL_TREATMENT, text_en="A made-up notice.")
    assert "A made-up notice." in footer(client)


def test_each_language_has_its_own(client, guide):
    english, spanish = footer(client, "/ask/"), footer(client, "/es/pedir-contacto/")
    assert 'href="/search/"' in english and 'href="/es/buscar/"' in spanish
    assert footer(client, "/ask/") == english


def test_a_new_day_has_a_frame_of_its_own(guide):
    today = timezone.localdate()
    first = page_chrome.current(today)
    assert page_chrome.current(today) is first
    assert page_chrome.current(today + timedelta(days=1)) is not first


def test_the_page_one_is_on_is_marked_in_menu_and_footer_and_nowhere_else(client, guide):
    page = GuidePage.objects.filter(is_in_menu=True, kind="page").exclude(footer="").first()
    text = client.get(f"/{page.slug}/").content.decode()
    marked = re.findall(r'<a href="([^"]+)"\s+aria-current="page"', text)
    assert marked == [f"/{page.slug}/"] * 3  # the menu of a phone, that of a wide screen, the footer
    assert "aria-current" not in client.get("/ask/").content.decode()


def test_a_preview_neither_takes_nor_fills_it(client, guide):
    editor = staff_user("programs.view_siteprofile", "programs.change_siteprofile", is_superuser=True)
    client.force_login(editor)
    profile = SiteProfile.objects.first()
    page_chrome.forget()
    response = client.get(f"/admin/programs/siteprofile/{profile.pk}/preview/en/")
    assert response.status_code == 200 and "site-footer" in response.content.decode()
    with translation.override("en"):
        assert page_chrome._current == {}

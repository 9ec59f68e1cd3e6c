"""Whatever goes wrong, the page says what to do and carries the crisis numbers, without database or context."""

import re
from pathlib import Path

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from programs.models import ContentVersion, GuidePage

ROOT = Path(__file__).resolve().parents[2]
STATIC_PAGES = ("400", "403", "403_origin", "413", "429", "500", "503")


@pytest.mark.parametrize("code", STATIC_PAGES)
def test_an_error_page_needs_nothing_and_has_the_numbers_in_both_languages(code):
    page = render_to_string(f"{code}.html")
    assert page.count('href="tel:988"') == page.count('href="tel:911"') == 2
    assert 'href="sms:988"' in page and 'href="sms:988?body=AYUDA"' in page
    assert 'lang="es"' in page
    source = (ROOT / "templates" / f"{code}.html").read_text()
    assert "extends" not in source and "{{" not in source and "include" not in source


def frame_of(code: str) -> str:
    """Return an error page without the words that are its own: the title, and what stands above the numbers."""
    page = re.sub(r"<!--.*?-->", "", render_to_string(f"{code}.html"), flags=re.DOTALL)
    [title] = re.findall("<h1>(.*)</h1>", page)
    above = r"(<h1>|<h2>).*?(?=<p class=\"crisis\">)"
    return re.sub(above, r"\1", page.replace(title, "TITLE"), flags=re.DOTALL).strip()


def test_the_error_pages_differ_in_their_own_words_alone():
    """nginx reads them from the release as they are, so each is whole, and none could take its frame from another."""
    assert len({frame_of(code) for code in STATIC_PAGES}) == 1


def test_the_sheet_of_the_error_pages_is_there_under_its_plain_name():
    page = render_to_string("500.html")
    [path] = re.findall(r'href="(/static/[^"]+)"', page)
    assert (ROOT / path.lstrip("/")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no-such-page/", "/es/no-hay/"])
def test_a_page_that_is_not_found_offers_ways_on(client, guide, path):
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 404
    assert 'href="tel:988"' in page and reverse("inquiries:ask") in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/es/", "/therapies/", "/a/b/"])
def test_while_the_database_is_away_a_page_says_so_and_gives_the_numbers(client, monkeypatch, path):
    def away(*args, **kwargs):
        raise OperationalError("no server")

    monkeypatch.setattr(GuidePage.objects, "visible", away)
    monkeypatch.setattr(ContentVersion.objects, "current", away)
    response = client.get(path)
    assert response.status_code == 503
    assert response["Retry-After"] and response["Cache-Control"] == "no-store"
    assert "988" in response.content.decode() and "no server" not in response.content.decode()


@pytest.mark.parametrize("path", ["/ask/", "/es/pedir-contacto/", "/ask/me/"])
def test_while_the_database_is_away_the_way_to_the_form_is_shown_with_the_numbers(client, monkeypatch, path):
    def away(*args, **kwargs):
        raise OperationalError("no server")

    monkeypatch.setattr(ContentVersion.objects, "current", away)
    response = client.get(path)
    assert response.status_code == 200 and "988" in response.content.decode()


@pytest.mark.django_db
def test_a_form_of_the_desk_without_its_token_gets_our_own_page():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    page = response.content.decode()
    assert 'href="tel:988"' in page and "<style" not in page

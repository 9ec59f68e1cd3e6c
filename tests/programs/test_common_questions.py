"""The page of common questions: what is not known is said so, and the center's own answer takes its place."""

import json
import re

import pytest
from django.urls import reverse

from programs.models import CommonQuestion, GuidePage

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ["/common-questions/", "/es/preguntas-frecuentes/"]


def asked(client, path):
    data = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(path).content.decode(), re.DOTALL
    )
    (about,) = [part for part in json.loads(data[1])["@graph"] if "FAQPage" in part["@type"]]
    return {question["name"]: question["acceptedAnswer"]["text"] for question in about["mainEntity"]}


@pytest.mark.parametrize("path", PAGES)
def test_every_question_is_told_to_search_engines_with_its_answer(client, guide, path):
    found = asked(client, path)
    assert len(found) == CommonQuestion.objects.count() and all(found.values())


@pytest.mark.parametrize(("path", "language"), zip(PAGES, ("en", "es"), strict=True))
def test_an_answer_of_the_center_takes_the_place_of_not_knowing(client, admin_client, guide, path, language):
    row = CommonQuestion.objects.get(key="online")
    until = getattr(row, f"until_known_html_{language}").split(":")[0].removeprefix("<p>")
    assert until in client.get(path).content.decode()
    setattr(row, f"own_answer_{language}", "FICTITIOUS")
    row.save()
    page = client.get(path).content.decode()
    assert "FICTITIOUS" in page and until not in page
    assert "FICTITIOUS" in asked(client, path)[getattr(row, f"title_{language}")]


def test_what_only_the_center_can_answer_is_missing_until_it_does(admin_client, guide):
    missing = reverse("admin:programs_siteprofile_missing")
    open_ones = CommonQuestion.objects.exclude(until_known_en="")
    assert {row.key for row in open_ones} >= {
        "under-18",
        "languages",
        "online",
        "medicine",
        "ride-or-child-care",
        "hours",
    }
    page = admin_client.get(missing).content.decode()
    assert all(row.title in page for row in open_ones)
    for row in open_ones:
        row.own_answer_en = "FICTITIOUS"
        row.save()
    assert "answer of the center" not in admin_client.get(missing).content.decode().lower()


def test_every_page_ends_with_two_pages_to_read_next(client, guide):
    for page in GuidePage.objects.exclude(kind="home").exclude(key="crisis"):
        for path in (f"/{page.slug_en or page.key}/",):
            text = client.get(path).content.decode()
            nav = text.split('<nav class="prev-next"')[1].split("</nav>")[0]
            assert nav.count("<a ") == 2, path

"""Pages come from the database: what is not published is absent, and Spanish never mixes with English."""

from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone, translation
from zeal import zeal_context

from iop_site.page_chrome import page_path
from programs.models import Credential, GuidePage, Section, ServiceArea, SiteProfile, Therapy
from programs.models.pages import RESERVED_SLUGS

pytestmark = pytest.mark.django_db


def test_every_page_of_the_guide_answers(client, guide):
    for page in GuidePage.objects.all():
        path = page_path(page)
        response = client.get(path)
        assert response.status_code == 200, path
        assert page.title_en in response.content.decode().replace("&#x27;", "'")


def test_an_unknown_page_is_not_found(client, guide):
    assert client.get("/no-such-page/").status_code == 404
    assert client.get("/es/no-such-page/").status_code == 404


def test_only_reading_is_allowed(client, guide):
    assert client.post("/therapies/", {"a": "b"}).status_code == 405


def test_an_unpublished_page_section_or_row_is_nowhere(client, guide):
    Therapy.objects.filter(key="group").update(is_published=False)
    Section.objects.filter(key__startswith="typical-week/").update(is_published=False)
    GuidePage.objects.filter(key="benefits").update(is_published=False)
    assert 'id="group"' not in client.get("/therapies/").content.decode()
    assert client.get("/benefits/").status_code == 404
    for path in ("/print/", "/site-map/", "/typical-week/", "/cost-and-insurance/"):
        assert "/benefits/" not in client.get(path).content.decode()
    assert 'href="/cost-and-insurance/"' in client.get("/typical-week/").content.decode().split("prev-next")[1]
    assert "/benefits/" not in client.get("/").content.decode()
    assert client.get("/typical-week/").status_code == 200


def test_a_change_in_a_row_is_on_the_page_at_once(client, guide):
    therapy = Therapy.objects.get(key="group")
    therapy.body_en = "New **words** here."
    therapy.save()
    assert "New <strong>words</strong> here." in client.get("/therapies/").content.decode()


def test_a_credential_is_gone_the_day_after_its_last_day(client, guide):
    credential = Credential.objects.get(key="dhcs")
    credential.expires_on = timezone.localdate()
    credential.save()
    assert credential.number in client.get("/accreditation/").content.decode()
    credential.expires_on -= timedelta(days=1)
    credential.save()
    assert credential.number not in client.get("/accreditation/").content.decode()


def test_areas_appear_once_entered(client, guide):
    heading = Section.objects.get(layout="service_areas").heading_en
    assert heading not in client.get("/contact/").content.decode()
    ServiceArea.objects.create(key="somewhere", name_en="Fictitious Hills")
    page = client.get("/contact/").content.decode()
    assert heading in page and "Fictitious Hills" in page


def test_a_way_to_reach_the_center_appears_once_entered(client, guide):
    heading = Section.objects.get(layout="contact_ways").heading_en
    assert heading not in client.get("/contact/").content.decode()
    profile = SiteProfile.objects.get()
    profile.phone = "(626) 555-0100"
    profile.save()
    page = client.get("/contact/").content.decode()
    assert heading in page and "(626) 555-0100" in page


def test_links_in_texts_follow_the_address_of_their_page(client, guide):
    page = GuidePage.objects.get(key="therapies")
    page.slug_en = "what-happens"
    page.save()
    home = client.get("/").content.decode()
    assert 'href="/what-happens/"' in home and "page:" not in home and "ask:" not in home


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/for-professionals/", "/ask/refer/"),
        ("/es/para-profesionales/", "/es/pedir-contacto/referir/"),
        ("/for-families/", "/ask/loved-one/"),
        ("/es/para-familias/", "/es/pedir-contacto/ser-querido/"),
        ("/contact/", "/ask/"),
        ("/es/como-empezar/", "/es/pedir-contacto/"),
    ],
)
def test_the_button_of_a_card_leads_to_the_form_that_its_text_names(client, guide, path, form):
    card = client.get(path).content.decode().split('<section class="section talk inset"')[1].split("</section>")[0]
    assert f'<a class="button" href="{form}">' in card


def test_a_link_to_a_page_that_is_gone_is_plain_text(client, guide):
    GuidePage.objects.filter(key="typical-week").update(is_published=False)
    home = client.get("/").content.decode()
    assert "page:" not in home and "typical-week" not in home


@pytest.fixture
def spanish_therapies(guide):
    """Exactly one page whose Spanish is whole, and all others without."""
    GuidePage.objects.update(answer_es="", answer_html_es="")
    page = GuidePage.objects.get(key="therapies")
    page.title_es, page.answer_es, page.slug_es = "Terapias", "Así es un programa.", "terapias"
    page.save()
    for section in page.sections.all():
        section.heading_es, section.body_es = section.heading_en and "Parte", section.body_en and "En español."
        section.save()
    GuidePage.objects.filter(key="benefits").update(slug_es="beneficios")
    return page


def test_a_page_without_spanish_is_shown_in_english_and_says_so(client, spanish_therapies):
    page = client.get("/es/beneficios/").content.decode()
    assert '<html lang="es"' in page
    assert 'lang="en"' in page
    assert GuidePage.objects.get(key="benefits").title_en in page


def test_a_page_with_spanish_is_shown_in_spanish(client, spanish_therapies):
    page = client.get("/es/terapias/").content.decode()
    assert "Así es un programa." in page
    assert spanish_therapies.answer_en not in page


def test_the_language_link_leads_to_the_same_page(client, spanish_therapies):
    assert 'href="/es/terapias/"' in client.get("/therapies/").content.decode()
    assert 'href="/therapies/"' in client.get("/es/terapias/").content.decode()


def test_every_first_part_of_an_address_is_reserved():
    for language in ("en", "es"):
        with translation.override(language):
            for pattern in get_resolver().url_patterns[-1].url_patterns:
                route = str(pattern.pattern)
                first = route.split("/")[0]
                if first and "<" not in first:
                    assert first in RESERVED_SLUGS
            ask = reverse("inquiries:ask").strip("/").split("/")[-1]
            assert ask in RESERVED_SLUGS


@pytest.mark.parametrize("path", ["/", "/therapies/", "/contact/", "/es/"])
def test_the_number_of_queries_does_not_grow_with_the_guide(client, guide, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(path)


@pytest.mark.parametrize("path", ["/", "/therapies/", "/contact/", "/crisis/", "/site-map/", "/print/", "/es/"])
def test_no_row_of_a_page_asks_for_itself(client, guide, path):
    with zeal_context():
        assert client.get(path).status_code == 200


def test_a_layout_that_only_a_later_release_knows_costs_no_page(client, guide):
    """Its ``prepare`` loads its guide while processes of this one still serve."""
    assert Section.objects.filter(key="home/who-we-are").update(layout="of_a_later_release")
    for path in ("/", "/es/", "/print/"):
        assert client.get(path).status_code == 200

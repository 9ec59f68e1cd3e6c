"""The address of a page may change: whoever follows the old one, a link on paper or a search engine, still arrives."""

import pytest
from django.urls import reverse

from programs.models import GuidePage, OldAddress, Revision
from tests.factories import staff_in, staff_user
from tests.programs.desk import CONTENT, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(guide):
    return GuidePage.objects.get(key="therapies")


@pytest.fixture
def editor(client, guide):
    client.force_login(staff_user(*CONTENT))
    return client


def renamed(page, **slugs):
    page.publish(page.snapshot() | slugs, by=None)
    return GuidePage.objects.get(pk=page.pk)


def test_an_editor_renames_a_page_in_both_languages_and_the_old_addresses_lead_there(editor, page):
    send(editor, page, "_publish", slug_en="kinds-of-therapy", slug_es="tipos-de-terapia")
    for old, new in (("/therapies/", "/kinds-of-therapy/"), ("/es/terapias/", "/es/tipos-de-terapia/")):
        response = editor.get(old)
        assert (response.status_code, response["Location"]) == (301, new)
        assert "max-age=0" in response["Cache-Control"], "a browser must ask again: the address may come back"
        assert editor.get(new).status_code == 200


def test_each_language_has_old_addresses_of_its_own(client, page):
    renamed(page, slug_en="kinds-of-therapy")
    assert client.get("/therapies/").status_code == 301
    assert client.get("/es/therapies/").status_code == 404 and client.get("/es/terapias/").status_code == 200


def test_an_address_that_changed_twice_leads_to_the_page_in_one_step(client, page):
    renamed(renamed(page, slug_en="first"), slug_en="second")
    assert [client.get(f"/{slug}/")["Location"] for slug in ("therapies", "first")] == ["/second/"] * 2


def test_an_address_taken_back_is_the_page_again(client, page):
    renamed(renamed(page, slug_en="first"), slug_en="therapies")
    assert client.get("/therapies/").status_code == 200
    assert client.get("/first/")["Location"] == "/therapies/"
    assert list(OldAddress.objects.values_list("slug", flat=True)) == ["first"]


def test_another_page_may_take_an_old_address(client, page):
    renamed(page, slug_en="kinds-of-therapy")
    renamed(GuidePage.objects.get(key="benefits"), slug_en="therapies")
    assert client.get("/therapies/").context["page"].key == "benefits"
    assert client.get("/benefits/")["Location"] == "/therapies/"


def test_restoring_an_earlier_state_keeps_the_address_between(client, page):
    page = renamed(renamed(page, title_en="Therapies, told"), slug_en="first")
    page.restore(Revision.objects.of(page).last(), by=None)
    assert client.get("/therapies/").status_code == 200 and client.get("/first/").status_code == 301


def test_an_old_address_keeps_the_query(client, page):
    renamed(page, slug_en="kinds-of-therapy")
    assert client.get("/therapies/?hours=3")["Location"] == "/kinds-of-therapy/?hours=3"


def test_a_page_that_is_hidden_or_deleted_has_no_old_address(client, page):
    page = renamed(page, slug_en="kinds-of-therapy")
    GuidePage.objects.filter(pk=page.pk).update(is_published=False)
    assert client.get("/therapies/").status_code == 404
    page.delete()
    assert client.get("/therapies/").status_code == 404 and not OldAddress.objects.exists()


@pytest.mark.parametrize("role", ["Content", "Supervisor"])
def test_staff_see_the_old_addresses_and_take_one_away(client, page, role):
    renamed(page, slug_en="kinds-of-therapy", slug_es="tipos-de-terapia")
    client.force_login(staff_in(role))
    listed = client.get(reverse("admin:programs_oldaddress_changelist")).content.decode()
    assert "/therapies/" in listed and "/es/terapias/" in listed
    old = OldAddress.objects.get(slug="therapies")
    client.post(reverse("admin:programs_oldaddress_delete", args=[old.pk]), {"post": "yes"})
    assert client.get("/therapies/").status_code == 404 and client.get("/es/terapias/").status_code == 301

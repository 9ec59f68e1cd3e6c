"""Staff are told which Spanish is older than its English; nothing else marks it."""

import pytest
from django.urls import reverse

from programs import bundled_guide
from programs.models import Benefit, GuidePage, Section, ShippedRow, Therapy
from tests.factories import staff_user
from tests.programs.desk import address, send
from tests.programs.test_load_guide import content, replace, tomllib_body  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def benefit(guide):
    return Benefit.objects.get(key="flexibility")


def publish(row, **values):
    row.publish(row.snapshot() | values, staff_user(first_name="Marisol"))
    row.refresh_from_db()


def test_the_shipped_guide_has_no_mark(guide):
    bundled_guide.load()
    for model, _rows in bundled_guide.shipped(bundled_guide.CONTENT):
        assert not model.objects.translation_stale().exists(), model


def test_english_alone_puts_a_mark_that_says_who_and_what(admin_client, benefit):
    old = benefit.body_en
    publish(benefit, body_en="New words.")
    mark = benefit.translation_marks["body"]
    assert (mark["was"], mark["by"]) == (old, "Marisol")
    assert list(Benefit.objects.translation_stale()) == [benefit]
    page = admin_client.get(address(benefit, "change")).content.decode()
    assert "English changed after Spanish" in page and "by Marisol" in page
    assert 'href="#id_body_es"' in page and "<del>" in page and "<ins>" in page
    assert "Out of date: the English changed on" in page
    stale = admin_client.get(reverse("admin:programs_benefit_changelist"), {"spanish": "stale"})
    assert stale.context["cl"].result_count == 1


@pytest.mark.parametrize("also", [{"body_es": "Palabras nuevas."}, {"body_es": ""}])
def test_both_languages_or_no_spanish_put_none(benefit, also):
    publish(benefit, body_en="New words.", **also)
    assert not benefit.translation_marks


def test_a_mark_goes_with_new_spanish_or_with_the_old_english(benefit):
    old = benefit.body_en
    publish(benefit, body_en="New words.")
    publish(benefit, body_en="Newer words.")
    publish(benefit, body_en=old)
    assert not benefit.translation_marks
    publish(benefit, body_en="New words.")
    publish(benefit, body_es="Palabras nuevas.")
    assert not benefit.translation_marks


@pytest.mark.parametrize("button", ["_publish", "_draft"])
def test_a_tick_takes_the_mark_away(admin_client, benefit, button):
    publish(benefit, body_en="New words.")
    send(admin_client, benefit, button, _spanish_is_right="1")
    assert not Benefit.objects.translation_stale().exists()


def test_a_draft_puts_no_mark_before_it_is_published(admin_client, benefit):
    send(admin_client, benefit, "_draft", body_en="New words.")
    assert not Benefit.objects.translation_stale().exists()
    send(admin_client, benefit, "_publish")
    assert Benefit.objects.translation_stale().exists()


def test_a_page_is_stale_when_one_of_its_sections_is(admin_client, guide):
    page = GuidePage.objects.get(key="what-is-iop")
    section = Section.objects.get(page=page, order=2)
    publish(page, **{f"{section.key}:body_en": "New words."})
    assert list(GuidePage.objects.translation_stale()) == [page]
    send(admin_client, page, "_publish", _spanish_is_right="1")
    assert not GuidePage.objects.translation_stale().exists()


def test_new_english_that_ships_beside_its_spanish_puts_none(guide, content):  # noqa: F811
    replace(content, "en/listings/therapies.toml", tomllib_body(content, "group"), "Newly shipped words.")
    assert bundled_guide.load(content).updated == 1
    assert not Therapy.objects.translation_stale().exists()


def test_new_english_that_ships_beside_spanish_of_staff_puts_one(guide, content):  # noqa: F811
    therapy = Therapy.objects.get(key="group")
    publish(therapy, body_es="Palabras nuestras.")
    replace(content, "en/listings/therapies.toml", tomllib_body(content, "group"), "Newly shipped words.")
    bundled_guide.load(content)
    assert list(Therapy.objects.translation_stale()) == [therapy]
    assert ShippedRow.objects.filter(model="therapy", key="group").exists()

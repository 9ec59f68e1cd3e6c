"""The guide loads itself and never undoes what staff did."""

import shutil
import tomllib

import pytest

from programs import bundled_guide
from programs.models import Benefit, GuidePage, Section, ShippedRow, Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_loaded(db):
    for model, _rows in bundled_guide.shipped(bundled_guide.CONTENT):
        model.objects.all().delete()
    ShippedRow.objects.all().delete()


@pytest.fixture
def content(tmp_path):
    """A copy of the shipped content that a test may change."""
    return shutil.copytree(bundled_guide.CONTENT, tmp_path / "content")


def replace(content, path, old, new):
    file = content / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_loading_twice_changes_nothing(nothing_loaded):
    first, again = bundled_guide.load(), bundled_guide.load()
    assert first.created > 100 and not first.skipped
    assert (again.created, again.updated, again.skipped) == (0, 0, [])
    assert again.unchanged == first.created


def test_every_page_has_a_spanish_or_english_address_and_the_keys_of_its_file(guide):
    outline = tomllib.loads((bundled_guide.CONTENT / "outline.toml").read_text("utf-8"))
    assert [page.key for page in GuidePage.objects.all()] == [page["key"] for page in outline["pages"]]
    assert all(page.slug_en for page in GuidePage.objects.filter(kind="page"))


def test_an_edited_field_is_left_alone_and_said(guide, content):
    therapy = Therapy.objects.get(key="group")
    therapy.body_en = "Our own words."
    therapy.save()
    replace(content, "en/listings/therapies.toml", tomllib_body(content, "group"), "Newly shipped words.")
    report = bundled_guide.load(content)
    therapy.refresh_from_db()
    assert therapy.body_en == "Our own words."
    assert "<p>Our own words.</p>" in therapy.body_html_en
    assert report.skipped == ["therapy group, body_en: edited by staff"]


def tomllib_body(content, key):
    rows = tomllib.loads((content / "en/listings/therapies.toml").read_text("utf-8"))["rows"]
    return next(row["body"] for row in rows if row["key"] == key)


def test_a_field_that_staff_left_alone_is_updated_beside_one_they_edited(guide, content):
    therapy = Therapy.objects.get(key="group")
    therapy.title_en = "Together"
    therapy.save()
    replace(content, "en/listings/therapies.toml", tomllib_body(content, "group"), "Newly shipped words.")
    report = bundled_guide.load(content)
    therapy.refresh_from_db()
    assert (therapy.title_en, therapy.body_en) == ("Together", "Newly shipped words.")
    assert report.updated == 1 and not report.skipped


def test_a_deleted_row_stays_deleted(guide):
    Benefit.objects.first().delete()
    Section.objects.filter(page__key="therapies").first().delete()
    report = bundled_guide.load()
    assert len(report.skipped) == 2 and all("deleted by staff" in line for line in report.skipped)
    assert report.created == 0


def test_a_deleted_page_takes_its_sections_with_it_and_stays_away(guide):
    GuidePage.objects.get(key="benefits").delete()
    report = bundled_guide.load()
    assert not GuidePage.objects.filter(key="benefits").exists()
    assert report.created == 0


def test_a_row_that_staff_made_under_the_same_key_is_left_alone(guide, content):
    replace(content, "en/listings/benefits.toml", 'key = "', 'key = "new-')
    (content / "es/listings/benefits.toml").unlink(missing_ok=True)
    Benefit.objects.create(key="new-" + Benefit.objects.first().key, title_en="Ours")
    report = bundled_guide.load(content)
    assert any("staff made a row" in line for line in report.skipped)
    assert Benefit.objects.get(title_en="Ours")


def test_spanish_that_ships_later_is_filled_in(guide, content):
    Therapy.objects.filter(key="group").update(title_es=None, body_es="")
    ShippedRow.objects.filter(model="therapy", key="group").update(digests="{}")
    folder = content / "es" / "listings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "therapies.toml").write_text('[[rows]]\nkey = "group"\ntitle = "Terapia"\nbody = "En grupo."\n', "utf-8")
    bundled_guide.load(content)
    therapy = Therapy.objects.get(key="group")
    assert (therapy.title_es, therapy.body_es) == ("Terapia", "En grupo.")
    assert "<p>En grupo.</p>" in therapy.body_html_es


def test_a_reserved_address_is_refused(nothing_loaded, content):
    replace(content, "en/pages/therapies.toml", 'slug = "therapies"', 'slug = "admin"')
    report = bundled_guide.load(content)
    assert "another part of the site" in report.skipped[0]
    assert GuidePage.objects.exists() and not GuidePage.objects.filter(key="therapies").exists()

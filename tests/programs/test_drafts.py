"""An editor's day: draft, preview, publish, look back, restore. Nothing is public before it is published."""

import pytest
from django.urls import reverse

from programs import bundled_guide
from programs.models import Benefit, ContentVersion, GuidePage, Revision, Section, Therapy
from tests.factories import staff_user
from tests.programs.desk import CONTENT, address, form_data, send

pytestmark = pytest.mark.django_db
NEW = {"body_en": "You keep your week, and you get care.", "body_es": "Usted sigue con su semana y recibe atención."}


@pytest.fixture
def editor(client, guide):
    client.force_login(staff_user(*CONTENT, first_name="Ana"))
    return client


@pytest.fixture
def benefit(guide):
    return Benefit.objects.get(key="flexibility")


def text(client, path):
    return client.get(path).content.decode()


def test_an_editors_day(editor, benefit):
    old = benefit.body_en
    response = send(editor, benefit, "_preview", **NEW)
    assert response.url == address(benefit, "preview", "en")
    assert NEW["body_en"] in text(editor, response.url)
    assert NEW["body_es"] in text(editor, address(benefit, "preview", "es"))
    assert NEW["body_en"] not in text(editor, "/benefits/") and old in text(editor, "/benefits/")

    send(editor, benefit, "_publish")
    assert NEW["body_en"] in text(editor, "/benefits/")
    assert NEW["body_es"] in text(editor, "/es/beneficios/")
    assert benefit.draft() is None

    history = text(editor, address(benefit, "history"))
    assert "Ana" in history and "<del>" in history and "<ins>" in history
    first = Revision.objects.of(benefit).last()
    restore = address(benefit, "restore", first.pk)
    assert "<ins>" in text(editor, restore) and NEW["body_en"] in text(editor, "/benefits/")
    editor.post(restore)
    assert old in text(editor, "/benefits/") and NEW["body_en"] not in text(editor, "/benefits/")
    assert Revision.objects.of(benefit).first().action == Revision.Action.RESTORED


def test_a_draft_does_not_touch_the_public_row_nor_the_content_version(editor, benefit):
    before, version = benefit.snapshot(), ContentVersion.objects.current()
    send(editor, benefit, "_draft", **NEW)
    benefit.refresh_from_db()
    assert benefit.snapshot() == before and ContentVersion.objects.current() == version
    assert benefit.draft().values == NEW


def test_publishing_moves_the_content_version(editor, benefit):
    version = ContentVersion.objects.current()
    send(editor, benefit, "_publish", **NEW)
    assert ContentVersion.objects.current() > version


def test_the_form_goes_on_where_the_draft_is(editor, benefit):
    send(editor, benefit, "_draft", **NEW)
    assert form_data(editor, address(benefit, "change"))["body_en"] == NEW["body_en"]
    assert "Changes not published" in text(editor, address(benefit, "change"))
    assert "Changes not published" in text(editor, reverse("admin:programs_benefit_changelist"))


def test_a_draft_that_changes_nothing_is_none(editor, benefit):
    send(editor, benefit, "_draft")
    assert benefit.draft() is None


def test_a_draft_can_be_thrown_away_after_a_question(editor, benefit):
    send(editor, benefit, "_draft", **NEW)
    editor.get(address(benefit, "discard"))
    assert benefit.draft()
    editor.post(address(benefit, "discard"))
    assert benefit.draft() is None and NEW["body_en"] not in text(editor, "/benefits/")


def test_a_new_row_is_hidden_while_it_is_a_draft(editor):
    data = {"title_en": "Made up", "title_es": "Inventado", "body_en": "Fictitious.", "body_es": "Ficticio."}
    editor.post(reverse("admin:programs_benefit_add"), data | {"is_published": "on", "_draft": "1"})
    benefit = Benefit.objects.get(key="made-up")
    assert "Fictitious." not in text(editor, "/benefits/")
    assert "Fictitious." in text(editor, address(benefit, "preview", "en"))
    send(editor, benefit, "_publish")
    assert text(editor, "/benefits/").index("Fictitious.") > text(editor, "/benefits/").index("Family therapy")


def test_the_sections_of_a_page_are_drafted_and_published_with_it(editor):
    page = GuidePage.objects.get(key="benefits")
    first = page.sections.first()
    new = {"sections-0-body_en": "Changed words.", "sections-0-body_es": "Palabras cambiadas."}
    last = page.sections.count()
    new |= {f"sections-{last}-heading_en": "Added part", f"sections-{last}-heading_es": "Parte nueva"}
    response = send(editor, page, "_draft", **new)
    assert response.status_code == 302, response.context["errors"]
    assert "Added part" not in text(editor, "/benefits/") and "Changed words." not in text(editor, "/benefits/")
    preview = text(editor, address(page, "preview", "en"))
    assert "Added part" in preview and "Changed words." in preview
    send(editor, page, "_publish")
    public = text(editor, "/benefits/")
    assert "Added part" in public and "Changed words." in public
    assert Section.objects.get(heading_en="Added part").key == "benefits/added-part"
    first.refresh_from_db()
    assert first.body_es == "Palabras cambiadas."


def test_a_section_taken_away_in_a_draft_leaves_when_it_is_published_and_comes_back_when_restored(editor):
    page = GuidePage.objects.get(key="what-is-iop")
    section = page.sections.get(order=2)
    send(editor, page, "_draft", **{"sections-1-DELETE": "on"})
    assert section.heading_en in text(editor, "/what-is-iop/")
    assert f"<h2>{section.heading_en}" not in text(editor, address(page, "preview", "en"))
    assert form_data(editor, address(page, "change"))["sections-1-DELETE"] == "on"
    send(editor, page, "_publish")
    assert f"<h2>{section.heading_en}" not in text(editor, "/what-is-iop/")
    editor.post(address(page, "restore", Revision.objects.of(page).last().pk))
    assert f"<h2>{section.heading_en}" in text(editor, "/what-is-iop/")


def test_a_form_older_than_the_row_is_refused_and_keeps_its_words(editor, benefit):
    data = form_data(editor, address(benefit, "change")) | {"body_en": "Mine."}
    benefit.publish(benefit.snapshot() | {"body_en": "Theirs."}, staff_user(first_name="Marisol"))
    page = editor.post(address(benefit, "change"), data | {"_publish": "1"}).content.decode()
    assert "Marisol changed this" in page and "Nothing was saved" in page and "Mine." in page
    benefit.refresh_from_db()
    assert benefit.body_en == "Theirs."


def test_a_failed_publication_changes_nothing(benefit, monkeypatch):
    before = benefit.snapshot()
    monkeypatch.setattr(type(benefit), "discard_draft", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        benefit.publish(before | NEW, staff_user())
    benefit.refresh_from_db()
    assert benefit.snapshot() == before and not Revision.objects.of(benefit).exists()


def test_what_ships_later_is_kept_when_a_draft_is_published(editor, guide):
    therapy = Therapy.objects.get(key="group")
    send(editor, therapy, "_draft", title_en="Together")
    Therapy.objects.filter(pk=therapy.pk).update(body_en="Corrected by a later release.")
    send(editor, therapy, "_publish")
    therapy.refresh_from_db()
    assert (therapy.title_en, therapy.body_en) == ("Together", "Corrected by a later release.")
    loaded = Revision.objects.of(therapy).filter(action=Revision.Action.LOADED).first()
    assert loaded.by is None and loaded.values["body_en"] == "Corrected by a later release."


def test_a_published_change_survives_the_next_load(editor, benefit):
    send(editor, benefit, "_publish", **NEW)
    send(editor, Therapy.objects.get(key="group"), "_draft", title_en="Waiting")
    report = bundled_guide.load()
    benefit.refresh_from_db()
    assert benefit.body_en == NEW["body_en"] and not report.updated
    assert Therapy.objects.get(key="group").draft()


def test_a_preview_is_marked_never_found_and_never_kept(editor, benefit):
    response = editor.get(address(benefit, "preview", "es"))
    page = response.content.decode()
    assert "noindex" in page and "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "no-store"
    assert '<html lang="es"' in page and "preview-bar" in page and 'rel="canonical"' not in page
    assert address(benefit, "preview", "en") in page


def test_a_restored_address_that_is_taken_by_now_is_refused_in_words(editor, guide):
    page, other = GuidePage.objects.get(key="benefits"), GuidePage.objects.get(key="examples")
    send(editor, page, "_publish", slug_en="gains")
    assert send(editor, other, "_publish", slug_en="benefits").status_code == 302
    answer = editor.post(address(page, "restore", Revision.objects.of(page).last().pk), follow=True)
    assert "cannot be restored" in answer.content.decode()
    page.refresh_from_db()
    assert page.slug_en == "gains"


def test_a_row_is_moved_by_a_button(editor, guide):
    first, second = Benefit.objects.all()[:2]
    assert editor.get(address(second, "move")).status_code == 405
    editor.post(address(second, "move"), {"step": "-1"})
    assert list(Benefit.objects.all()[:2]) == [second, first]
    answer = editor.post(address(second, "move"), {"step": "-1"}, follow=True)
    assert "cannot move further" in answer.content.decode()
    assert f'aria-label="Move up: {first}"' in text(editor, reverse("admin:programs_benefit_changelist"))


def test_deleting_is_in_the_history(editor, benefit):
    editor.post(address(benefit, "delete"), {"post": "yes"})
    assert Revision.objects.of(benefit).first().action == Revision.Action.DELETED

"""An editor changes the guide in the admin and sees it on the page."""

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse

from programs import bundled_guide, models
from programs.models.base import ContentRow
from tests.factories import staff_user

pytestmark = pytest.mark.django_db
EDITED = [model for model in admin.site._registry if issubclass(model, ContentRow)]


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_every_list_and_form_opens(admin_client, guide, model):
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    assert admin_client.get(reverse(f"admin:{name}_changelist")).status_code == 200
    assert admin_client.get(reverse(f"admin:{name}_add")).status_code == 200
    row = model.objects.first()
    if row:
        assert admin_client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200


def test_an_edited_therapy_is_on_the_page_and_survives_the_next_load(admin_client, client, guide):
    therapy = models.Therapy.objects.get(key="group")
    path = reverse("admin:programs_therapy_change", args=[therapy.pk])
    form = admin_client.get(path).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields if name != "is_published"}
    response = admin_client.post(path, data | {"is_published": "on", "body_en": "Edited by hand."})
    assert response.status_code == 302, response.context["errors"]
    bundled_guide.load()
    assert "Edited by hand." in client.get("/therapies/").content.decode()


def test_a_reserved_address_is_refused_with_a_sentence(admin_client, guide):
    page = models.GuidePage(title="x", menu_label="x", key="x", slug_en="ask", slug_es="estado")
    with pytest.raises(ValidationError, match="belongs to another part of the site"):
        page.full_clean()


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("benefits", {"kind": "statement"}),
        ("privacy", {"kind": "page", "slug_en": "x"}),
        ("crisis", {"is_published": False}),
        ("crisis", {"kind": "page", "slug_en": "help"}),
    ],
)
def test_no_edit_takes_a_page_away_that_others_rely_on(guide, key, changes):
    page = models.GuidePage.objects.get(key=key)
    for name, value in changes.items():
        setattr(page, name, value)
    with pytest.raises(ValidationError):
        page.full_clean()


def test_the_crisis_page_cannot_be_deleted(admin_client, guide):
    page = models.GuidePage.objects.get(key="crisis")
    delete = reverse("admin:programs_guidepage_delete", args=[page.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": page.pk, "post": "yes"}
    admin_client.post(reverse("admin:programs_guidepage_changelist"), selected)
    assert models.GuidePage.objects.filter(key="crisis").exists()


def test_a_row_without_spanish_is_left_out_of_a_spanish_page(client, guide):
    models.Therapy.objects.create(key="art", title_en="Art", body_en="Fictitious.")
    assert 'id="art"' in client.get("/therapies/").content.decode()
    assert 'id="art"' not in client.get("/es/terapias/").content.decode()


def test_the_key_of_a_row_cannot_be_changed(admin_client, guide):
    therapy = models.Therapy.objects.get(key="group")
    page = admin_client.get(reverse("admin:programs_therapy_change", args=[therapy.pk])).content.decode()
    assert 'name="key"' not in page


def test_someone_without_the_permission_cannot_edit(client, guide):
    client.force_login(staff_user("inquiries.view_inquiry"))
    assert client.get(reverse("admin:programs_therapy_changelist")).status_code == 403

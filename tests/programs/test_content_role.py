"""Who holds exactly the permissions of the guide does all of it, and sees nothing of inquiries."""

import pytest
from django.apps import apps
from django.urls import reverse

from programs.models import Benefit, GuidePage, Revision
from tests.factories import staff_user, stored_inquiry
from tests.programs.desk import CONTENT, address, send

pytestmark = pytest.mark.django_db
VIEWS = ["change", "history", "discard", "move"]


def pages_beside(row):
    revision = Revision.objects.of(row).last()
    return [
        *(address(row, verb) for verb in VIEWS),
        address(row, "preview", "en"),
        address(row, "restore", revision.pk),
    ]


@pytest.fixture
def benefit(guide):
    benefit = Benefit.objects.get(key="flexibility")
    benefit.publish(benefit.snapshot() | {"body_en": "New words."}, None)
    return benefit


def test_the_content_role_does_everything(client, benefit):
    client.force_login(staff_user(*CONTENT))
    assert send(client, benefit, "_draft", title_en="Waiting").status_code == 302
    for path in pages_beside(benefit):
        assert client.get(path).status_code in (200, 405), path
    assert client.post(address(benefit, "move"), {"step": "1"}).status_code == 302
    assert send(client, benefit, "_publish").status_code == 302
    page = GuidePage.objects.get(key="home")
    assert client.get(address(page, "review")).status_code == 200


def test_the_content_role_sees_nothing_of_inquiries(client, benefit):
    inquiry = stored_inquiry(name="Rosa Fictitious")
    client.force_login(staff_user(*CONTENT))
    for model in apps.get_app_config("inquiries").get_models():
        for verb, args in (("changelist", []), ("change", [inquiry.pk]), ("history", [inquiry.pk])):
            try:
                path = reverse(f"admin:inquiries_{model._meta.model_name}_{verb}", args=args)
            except Exception:  # noqa: S112 - it has no page
                continue
            response = client.get(path)
            assert response.status_code in (302, 403, 404) and b"Rosa" not in response.content, path
    for path in (reverse("admin:index"), address(benefit, "change"), address(benefit, "history")):
        assert b"Rosa" not in client.get(path).content


def test_who_may_only_look_may_see_the_history_and_nothing_else(client, benefit):
    client.force_login(staff_user("programs.view_benefit"))
    assert client.get(address(benefit, "history")).status_code == 200
    assert b"Restore this version" not in client.get(address(benefit, "history")).content
    page = client.get(address(benefit, "change"))
    assert page.status_code == 200 and b'name="_publish"' not in page.content
    for path in pages_beside(benefit)[2:]:
        assert client.post(path).status_code == 403, path


def test_who_has_no_permission_of_the_guide_is_refused_everywhere(client, benefit):
    client.force_login(staff_user("inquiries.view_inquiry"))
    for path in pages_beside(benefit):
        assert client.post(path).status_code == 403, path
    assert client.get(address(benefit, "preview", "en")).status_code == 403


def test_a_row_or_language_that_is_not_there_is_not_found(admin_client, benefit):
    assert admin_client.get(address(benefit, "preview", "fr")).status_code == 404
    assert admin_client.get(address(benefit, "restore", 999_999)).status_code == 404
    assert admin_client.get(reverse("admin:programs_benefit_preview", args=[999_999, "en"])).status_code == 404

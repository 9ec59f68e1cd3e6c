"""Pages are to be read again after a year; readers see who did it only when the name and the date are there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.models import GuidePage
from programs.models.pages import review_limit
from tests.programs.desk import address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("on", "limit"),
    [
        (date(2026, 6, 8), date(2025, 6, 8)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2026, 1, 31), date(2025, 1, 31)),
        (date(2026, 12, 1), date(2025, 12, 1)),
    ],
)
def test_the_last_day_that_is_too_old(on, limit):
    assert review_limit(on) == limit


def test_pages_due_for_review_are_listed(admin_client, guide):
    today = timezone.localdate()
    GuidePage.objects.update(reviewed_on=today)
    GuidePage.objects.filter(key="benefits").update(reviewed_on=review_limit(today))
    GuidePage.objects.filter(key="examples").update(reviewed_on=review_limit(today) + timedelta(days=1))
    GuidePage.objects.filter(key="words").update(reviewed_on=None)
    due = admin_client.get(reverse("admin:programs_guidepage_changelist"), {"review": "due"})
    assert {page.key for page in due.context["cl"].result_list} == {"benefits", "words"}


def test_reviewed_today_stores_the_name_as_typed_and_keeps_the_draft(admin_client, client, guide):
    page = GuidePage.objects.get(key="benefits")
    page.save_draft(page.snapshot() | {"title_en": "Waiting"}, None)
    assert admin_client.post(address(page, "review"), {"reviewed_by": ""}).status_code == 200
    admin_client.post(address(page, "review"), {"reviewed_by": "A. Fictitious, LMFT"})
    page.refresh_from_db()
    assert (page.reviewed_by, page.reviewed_on) == ("A. Fictitious, LMFT", timezone.localdate())
    assert page.draft().values == {"title_en": "Waiting"}
    assert "A. Fictitious, LMFT" in client.get("/benefits/").content.decode()


@pytest.mark.parametrize("half", [{"reviewed_by": "A. Fictitious"}, {"reviewed_on": date(2026, 6, 8)}])
def test_half_a_review_is_not_public(client, guide, half):
    GuidePage.objects.filter(key="benefits").update(**half)
    page = client.get("/benefits/").content.decode()
    assert "Last reviewed" not in page and "A. Fictitious" not in page

"""The desk's pages so far, signed in, in both schemes."""

import pytest

from programs.models import GuidePage, Therapy
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "index": lambda: "/admin/",
    "spanish index": lambda: "/es/admin/",
    "inquiries": lambda: "/admin/inquiries/inquiry/",
    "inquiry": lambda: f"/admin/inquiries/inquiry/{stored_inquiry(name='Rosa Fictitious').pk}/change/",
    "notices": lambda: "/admin/inquiries/outboxnotice/",
    "therapies": lambda: "/admin/programs/therapy/",
    "therapy": lambda: f"/admin/programs/therapy/{Therapy.objects.first().pk}/change/",
    "guide page": lambda: f"/admin/programs/guidepage/{GuidePage.objects.get(key='therapies').pk}/change/",
    "new row": lambda: "/admin/programs/benefit/add/",
    "history": lambda: f"/admin/programs/therapy/{Therapy.objects.first().pk}/history/",
    "deletion": lambda: f"/admin/programs/therapy/{Therapy.objects.first().pk}/delete/",
    "still missing": lambda: "/admin/programs/siteprofile/missing/",
    "still missing, in Spanish": lambda: "/es/admin/programs/siteprofile/missing/",
    "notice of the law": lambda: "/admin/programs/notice/add/",
    "staff": lambda: "/admin/staff/user/",
    "new account": lambda: "/admin/staff/user/add/",
    "password": lambda: "/admin/password_change/",
    "account": lambda: "/admin/account/",
    "spanish account": lambda: "/es/admin/account/",
    "confirming": lambda: "/admin/account/confirm/",
}


def sound(page, ear) -> list[str]:
    foreign = [f"asked {url}" for url in ear.foreign]
    return [*ear.messages, *foreign, *page.evaluate(checks.IDS), *checks.axe(page)]


@pytest.mark.parametrize("name", PAGES)
def test_a_desk_page_is_sound_in_both_schemes(desk_page, name):
    page, ear = desk_page("/admin/")
    page.goto(f"{ear.origin}{PAGES[name]()}")
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert sound(page, ear) == []
    page.set_viewport_size(NARROW)
    assert checks.overflow(page) == []


def test_a_desk_form_with_errors_is_sound(desk_page):
    page, ear = desk_page("/admin/programs/benefit/add/")
    page.click("[name=_publish]")
    page.locator(".errornote").wait_for()
    assert sound(page, ear) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_is_sound(open_page, scheme):
    page, ear = open_page("/admin/login/", scheme=scheme, size=PHONE)
    assert sound(page, ear) == []
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    page.click("[type=submit]")
    assert sound(page, ear) == []

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
    "inquiries": lambda: stored_inquiry(way="loved-one", topics="cost family") and "/admin/inquiries/inquiry/",
    "inquiries of one tab": lambda: "/admin/inquiries/inquiry/?tab=mine",
    "inquiries found": lambda: stored_inquiry() and "/admin/inquiries/inquiry/?q=Rosa",
    "today": lambda: stored_inquiry() and "/admin/",
    "export": lambda: "/admin/inquiries/inquiry/export/?tab=open",
    "month": lambda: stored_inquiry() and "/admin/inquiries/inquiry/month/",
    "month for outside": lambda: stored_inquiry() and "/admin/inquiries/inquiry/month/?outside=on",
    "audit": lambda: stored_inquiry() and "/admin/inquiries/event/",
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


@pytest.mark.long
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


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_several_are_taken_at_once_by_keyboard(desk_page, script):
    inquiry = stored_inquiry(name="Rosa Fictitious")
    page, ear = desk_page("/admin/inquiries/inquiry/", java_script_enabled=script)
    page.locator("[name=chosen]").focus()
    page.keyboard.press("Space")
    page.locator("[name=verb][value=take]").focus()
    page.keyboard.press("Enter")
    page.locator("[name=confirmed]").wait_for()
    if script:
        assert sound(page, ear) == []
    page.locator("[name=confirmed]").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Done for 1 inquiry.").wait_for()
    inquiry.refresh_from_db()
    assert inquiry.owner is not None


def test_the_list_fits_a_wide_page_without_sideways_scroll(desk_page):
    stored_inquiry(way="refer", name="Professional Fictitious", topics="schedule transfer", contact_way="call-work")
    page, _ear = desk_page("/admin/inquiries/inquiry/", size=WIDE)
    assert checks.overflow(page) == []

"""Whoever leaves a page of the desk with words that are not saved is asked first, and nobody else is."""

from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from inquiries.models import Inquiry
from iop_site.staff import form_recovery
from iop_site.staff.models import User
from programs.models import Therapy
from tests.factories import stored_inquiry
from tests.programs.desk import address

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@pytest.fixture
def guide():
    """No test here looks at the guide."""


@pytest.fixture
def asked():
    """Tell of each time that the page asked."""
    return []


@pytest.fixture
def case(desk_page, asked):
    """The page of a case, which is left as soon as it is let."""
    page, ear = desk_page("/admin/")
    inquiry = stored_inquiry(contact_way="call")

    def note(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", note)
    page.path = f"{ear.origin}/admin/inquiries/inquiry/{inquiry.pk}/"
    page.goto(f"{page.path}change/")
    return page


def stays(page, press):
    """Whether one is asked, and stays, after ``press``."""
    with page.expect_event("dialog"):
        press()
    return page.locator("[name=note]").input_value()


def test_a_note_that_was_begun_is_asked_about_and_kept(case, asked):
    case.locator("#id_note").press_sequentially("Call after lunch")
    assert stays(case, lambda: case.click(".breadcrumbs a", no_wait_after=True)) == "Call after lunch"
    assert stays(case, lambda: case.get_by_role("button", name="Take", exact=True).click(no_wait_after=True))
    assert Inquiry.objects.get().owner is None and asked == ["beforeunload"] * 2


def test_nobody_is_asked_who_saves_typed_nothing_or_took_it_away(case, asked):
    case.locator("#id_note").press_sequentially("Call")
    case.locator("#id_note").clear()
    case.click(".breadcrumbs a")
    case.wait_for_url("**/admin/")
    case.goto(f"{case.path}change/")
    case.locator("#id_note").press_sequentially("Call after lunch")
    case.get_by_role("button", name="Add note").click()
    case.get_by_text("The note is kept.").wait_for()
    case.click(".breadcrumbs a")
    case.wait_for_url("**/admin/")
    case.fill("#desk_q", "Somebody")
    case.click(".desk-nav a")
    assert asked == []


def test_words_that_came_back_with_an_error_are_asked_about(case, asked):
    case.goto(f"{case.path}try/")
    case.locator("[name=note]").press_sequentially("Ringing")
    case.get_by_role("button", name="Save the try").click()
    case.locator(".errors-box").wait_for()
    case.wait_for_load_state()  # until its script is there, too
    assert asked == []
    assert stays(case, lambda: case.click("a.cancel", no_wait_after=True)) == "Ringing"


def test_the_link_that_dials_asks_nothing(case, asked):
    case.goto(f"{case.path}try/")
    case.locator("[name=note]").press_sequentially("Ringing")
    tell = "addEventListener('beforeunload', (event) => { document.body.dataset.asks = event.defaultPrevented; })"
    case.evaluate(tell)
    case.evaluate("document.querySelector('a[href^=tel]').click()")
    case.locator("body[data-asks=false]").wait_for()
    assert asked == []


def test_leaving_without_saving_is_what_its_link_says(desk_page):
    therapy = Therapy.objects.create(key="made-up", title_en="Group therapy")
    page, ear = desk_page("/admin/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{ear.origin}{address(therapy, 'change')}")
    page.locator("[name=title_en]").press_sequentially(" for all")
    page.click("a.leave")
    page.wait_for_url("**/therapy/")
    assert asked == []
    page.goto(f"{ear.origin}{address(therapy, 'change')}")
    page.locator("[name=title_en]").press_sequentially(" for all")
    page.click(".desk-nav a")
    page.wait_for_url("**/admin/")
    assert asked == ["beforeunload"]


def test_words_that_were_filled_in_again_are_not_saved_yet(case, asked, rf):
    path = f"{case.path}note/"
    keep(case, form_recovery.seal(rf.post(urlsplit(path).path, {"note": "Call after lunch"}), User.objects.get().pk))
    case.goto(path)
    case.get_by_text("is filled in again").press("Tab")  # a browser asks nothing where nobody did anything
    assert stays(case, lambda: case.click("a.cancel", no_wait_after=True)) == "Call after lunch"
    case.click("[name=save]")
    case.get_by_text("The note is kept.").wait_for()
    assert asked == ["beforeunload"]


def keep(page, sealed):
    """Put words into the session as a sign-in does."""
    [key] = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
    session = SessionStore(key)
    session[form_recovery.FIELD] = sealed
    session.save()

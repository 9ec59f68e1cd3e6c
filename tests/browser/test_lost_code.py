"""The way of whoever lost the code: what the pages say, the call in which staff give a new one, and paper."""

import pytest
from django.conf import settings
from django.test import Client

from inquiries.models import Event, Inquiry
from iop_site.staff import roles
from tests.browser import checks
from tests.browser.conftest import EACH_LANGUAGE_AND_SCRIPT, PHONE, WIDE, press
from tests.factories import pass_second_step, staff_in
from tests.inquiries.form_pages import PATHS

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

STATUS = {"en": "/status/", "es": "/es/estado/"}
OURS = {"en": "Your request", "es": "Su solicitud"}


def fill_and_send(page, language):
    page.fill("[name=name]", "Rosa Fictitious")
    page.check("[name=contact_way][value=call]", force=True)
    page.fill("[name=phone]", "626 555 0142")
    page.check(f"[name=preferred_language][value={language}]", force=True)
    page.check("[name=agree]", force=True)
    press(page, "check")
    press(page, "send")
    return page.locator("[data-code] .code").inner_text()


@pytest.fixture
def desk(new_context, live_server):
    """A page of the desk with somebody of the intake signed in, and the context it is in."""
    user, client = staff_in(roles.INTAKE), Client()
    client.force_login(user)
    pass_second_step(client, user)
    context = new_context(viewport=WIDE, reduced_motion="reduce")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


@EACH_LANGUAGE_AND_SCRIPT
def test_a_lost_code_is_replaced_in_a_call(open_page, desk, live_server, language, script):
    page, ear = open_page(PATHS["me"][language], size=PHONE, java_script_enabled=script)
    old = fill_and_send(page, language)
    assert checks.structure(page) + (checks.axe(page) if script else []) == []
    open_, _ear = open_page(STATUS[language], size=PHONE, java_script_enabled=script)
    open_.fill("[name=code]", f"“{old}”")
    press(open_, "open")
    assert open_.locator("h1").inner_text() == OURS[language]

    inquiry = Inquiry.objects.get()
    desk.goto(f"{live_server.url}/admin/inquiries/inquiry/{inquiry.pk}/change/")
    desk.click("details.more summary")
    desk.click("a[href$='/new-code/']")
    desk.click("button[name=save]")
    assert "Call the number of this plan first." in desk.locator(".errors-box").inner_text()
    assert [*desk.evaluate(checks.IDS), *checks.axe(desk), *checks.overflow(desk)] == []
    desk.check("[name=is_our_call]", force=True)
    desk.click("button[name=save]")
    new = desk.locator(".code-to-say").inner_text()
    assert [*desk.evaluate(checks.IDS), *checks.axe(desk), *checks.overflow(desk)] == []

    press(open_, "ask")
    assert open_.locator("[name=code]").is_visible()
    with page.expect_navigation():
        page.reload()
    assert inquiry.reference in page.locator(".ticket").inner_text() and not page.locator("[data-code] .code").count()
    assert old not in page.content() and new not in page.content()
    open_.fill("[name=code]", old)
    press(open_, "open")
    assert open_.locator("#problem").is_visible()
    open_.fill("[name=code]", new)
    press(open_, "open")
    assert open_.locator("h1").inner_text() == OURS[language]
    assert Event.objects.filter(inquiry=inquiry, verb=Event.Verb.CODE_GIVEN).count() == 1
    assert checks.manners(page, ear) == []


def test_the_code_is_copied_by_a_button_and_it_is_said(open_page):
    page, _ear = open_page("/ask/me/", size=PHONE, permissions=["clipboard-read", "clipboard-write"])
    code = fill_and_send(page, "en")
    assert page.get_by_text("Print this page, or write the code down.").is_visible()
    assert not page.locator("[data-copied]").inner_text()
    page.click("[data-copy]")
    page.wait_for_function("document.querySelector('[data-copied]').textContent === 'Copied.'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == " ".join(code.split()) and len(copied) == 19


def test_without_script_there_is_no_button_that_does_nothing(open_page):
    page, _ear = open_page("/ask/me/", size=PHONE, java_script_enabled=False)
    fill_and_send(page, "en")
    assert page.get_by_text("Print this page, or write the code down.").is_visible()
    assert not page.locator("[data-copy]").is_visible() and not page.locator("[data-print]").is_visible()


@pytest.mark.parametrize("path", ["/how-to-start/", "/ask/", "/status/", "/es/contacto/", "/search/?q=status"])
def test_paper_tells_the_site_the_status_and_whole_addresses(open_page, path):
    page, _ear = open_page(path)
    assert not page.locator(".on-paper").is_visible()
    page.emulate_media(media="print")
    assert f"Dedicato, {settings.SITE_URL}" in page.locator(".on-paper").inner_text()
    links = page.evaluate(
        """() => [...document.querySelectorAll('main a[href^="/"]')].filter(a => a.offsetParent).map(
            a => [a.getAttribute('href'), getComputedStyle(a, '::after').content])"""
    )
    assert links or path == "/status/"
    for href, after in links:
        assert f"({settings.SITE_URL}{href})" in after.replace('" "', "").replace('"', "")

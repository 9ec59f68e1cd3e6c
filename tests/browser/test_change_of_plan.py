"""Two whose life does not let them be called: the man who found out, and a teenager without a phone of her own."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry
from tests.browser import checks
from tests.browser.conftest import EACH_LANGUAGE_AND_SCRIPT, NARROW, PHONE, WIDE, press
from tests.browser.test_the_request import tick
from tests.factories import staff_user, stored_inquiry

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
STATUS = {"en": "/status/", "es": "/es/estado/"}
FORM = {"en": "/ask/me/", "es": "/es/pedir-contacto/yo/"}
AGREE = {
    "en": ("may contact me in the way I chose.", "may answer me on my status page."),
    "es": ("se comunique conmigo de la forma que elegí.", "me conteste en mi página de estado."),
}


def open_status(page, code):
    page.fill("[name=code]", code)
    press(page, "open")


def desk_of(page, origin, inquiry):
    """Show the case to a member of staff, in a browser of their own."""
    client = Client()
    client.force_login(staff_user(is_superuser=True))
    desk = page.context.browser.new_context(viewport=WIDE).new_page()
    name = settings.SESSION_COOKIE_NAME
    desk.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": origin}])
    desk.goto(f"{origin}{reverse('admin:inquiries_inquiry_change', args=[inquiry.pk])}")
    return desk


@EACH_LANGUAGE_AND_SCRIPT
def test_the_man_who_found_out(open_page, language, script):
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, contact_way="call-voicemail")
    page, ear = open_page(STATUS[language], size=PHONE, java_script_enabled=script)
    open_status(page, key.code)
    page.fill("[name=words]", "he found out, do NOT call the old number")
    press(page, "plan")
    assert page.locator("input:checked").count() == 0 and page.input_value("[name=phone]") == ""
    press(page, "change-plan")
    assert page.evaluate("document.activeElement.id") == "problem"
    tick(page, "contact_way", "call")
    page.fill("[name=phone]", "626 555 0177")
    tick(page, "good_times", "evening")
    press(page, "change-plan")
    assert "555-01" not in page.inner_text("main")
    press(page, "add")  # the words typed before came along
    assert Inquiry.objects.get().texts.count() == 2

    desk = desk_of(page, ear.origin, inquiry)
    card = desk.locator("section.reach")
    assert card.inner_text().strip().startswith("Read the new words first") and "he found out" in card.inner_text()
    assert desk.locator("a[href^='tel:']").count() == 0
    with desk.expect_navigation():
        card.get_by_role("button", name="I have read the new words").click()
    assert desk.locator("section.reach a[href='tel:+16265550177']").count() == 1
    assert "Do not leave a voicemail." in card.inner_text() and "not confirmed." in card.inner_text()
    assert "Evening" in card.inner_text()
    desk.context.close()


@EACH_LANGUAGE_AND_SCRIPT
def test_a_teenager_without_a_phone(open_page, language, script):
    page, ear = open_page(FORM[language], size=PHONE, java_script_enabled=script)
    agreement = page.locator("label[for=id_agree]")
    assert agreement.inner_text().strip().endswith(AGREE[language][0])
    page.fill("[name=name]", "Lucía Fictitious")
    tick(page, "contact_way", "status-page")
    assert agreement.inner_text().strip().endswith(AGREE[language][1])
    tick(page, "preferred_language", language)
    tick(page, "agree")
    press(page, "check")
    press(page, "send")
    code = page.locator(".ticket-code .code").last
    reference = page.locator(".ticket-code .code").first
    assert code.bounding_box()["y"] < reference.bounding_box()["y"]
    digits = code.inner_text()
    inquiry = Inquiry.objects.get()
    assert (inquiry.reach_way, inquiry.phone, inquiry.email) == ("status-page", "", "")

    desk = desk_of(page, ear.origin, inquiry)
    card = desk.locator("section.reach")
    assert "Write on the status page only." in card.inner_text()
    assert desk.locator("a[href^='tel:'], a[href^='sms:'], a[href^='mailto:']").count() == 0
    card.get_by_role("link", name="Write to the sender").first.click()
    desk.fill("[name=body]", "There is a group on Tuesday.")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Send this message").click()
    desk.context.close()
    assert (Inquiry.objects.get().tries, Inquiry.objects.get().stage) == (1, "contacting")

    page.goto(f"{ear.origin}{STATUS[language]}")
    open_status(page, digits)
    assert "There is a group on Tuesday." in page.inner_text("main")
    assert not ear.foreign and not page.context.cookies()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_the_plan_is_sound_in_both_schemes(open_page, language):
    key = SubmissionKey.new()
    stored_inquiry(key)
    page, ear = open_page(STATUS[language])
    open_status(page, key.code)
    for step in ("plan", "change-plan"):
        press(page, step)
        for scheme, size in (("dark", WIDE), ("light", PHONE)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert checks.structure(page) + checks.axe(page) == []
        page.set_viewport_size(NARROW)
        assert checks.overflow(page) == []
    assert checks.manners(page, ear) == []

"""Two walks that begin badly: the number that does not work, and words of danger at two on a Sunday night."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry
from tests.browser.conftest import EACH_LANGUAGE_AND_SCRIPT, PHONE, press
from tests.browser.test_change_of_plan import FORM, STATUS, desk_of, open_status
from tests.browser.test_the_request import tick
from tests.factories import stored_inquiry

pytestmark = pytest.mark.django_db(transaction=True)
HERE = ZoneInfo("America/Los_Angeles")
SUNDAY_NIGHT, OPENING = datetime(2026, 6, 7, 2, tzinfo=HERE), datetime(2026, 6, 8, 9, tzinfo=HERE)
TELLS = {
    "en": "The number did not work. Write the right one below.",
    "es": "El número no funcionó. Escriba abajo el correcto.",
}
DANGER = {"en": "I want to kill myself", "es": "Ya no quiero vivir"}
BUTTONS = {
    "en": ["tel:911", "tel:988", "sms:988"],
    "es": ["tel:911", "tel:988", "sms:988?body=AYUDA"],
}


@EACH_LANGUAGE_AND_SCRIPT
def test_the_wrong_number(open_page, language, script):
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, contact_way="call")
    page, ear = open_page(STATUS[language], size=PHONE, java_script_enabled=script)
    desk = desk_of(page, ear.origin, inquiry)
    desk.get_by_role("link", name="Log a contact try").first.click()
    desk.check("[name=result][value=dead-number]", force=True)
    desk.check("[name=next_action][value=contact-again]", force=True)
    desk.locator("[name=when]").first.check(force=True)
    with desk.expect_navigation():
        desk.click("button[name=save]")
    assert Inquiry.objects.get().tries == 1

    open_status(page, key.code)
    assert TELLS[language] in page.inner_text("main")
    with page.expect_navigation():
        page.click(".inset [name=step][value=plan]")  # beside those words, not only further down
    tick(page, "contact_way", "call")
    page.fill("[name=phone]", "626 555 0177")
    press(page, "change-plan")
    assert TELLS[language] not in page.inner_text("main") and "555-01" not in page.inner_text("main")

    desk.goto(f"{ear.origin}{reverse('admin:inquiries_inquiry_change', args=[inquiry.pk])}")
    card = desk.locator("section.reach")
    if (read := card.get_by_role("button", name="I have read the new words")).count():
        with desk.expect_navigation():
            read.click()
    assert card.locator("a[href='tel:+16265550177']").count() == 1
    assert "changed on the status page" in card.inner_text() and "not confirmed." in card.inner_text()
    desk.context.close()


def first_card(page) -> list[str]:
    """The links of the red card, if it stands before everything else that the page says."""
    card = page.locator("main .care-card").first
    assert card.bounding_box()["y"] < page.locator("h1").bounding_box()["y"]
    return [link.get_attribute("href") for link in card.locator("a").all()][:3]


@EACH_LANGUAGE_AND_SCRIPT
def test_words_of_danger_on_a_sunday_night(open_page, time_machine, language, script):
    time_machine.move_to(SUNDAY_NIGHT)
    earlier = stored_inquiry(received_at=datetime(2026, 6, 6, 9, tzinfo=HERE))
    page, ear = open_page(FORM[language], size=PHONE, java_script_enabled=script)
    page.fill("[name=name]", "Lucía Fictitious")
    tick(page, "contact_way", "call")
    page.fill("[name=phone]", "626 555 0177")
    tick(page, "preferred_language", language)
    page.fill("[name=question]", DANGER[language])
    tick(page, "agree")
    for step in ("check", "send"):
        press(page, step)
        assert first_card(page) == BUTTONS[language]

    inquiry = Inquiry.objects.exclude(pk=earlier.pk).get()
    assert inquiry.is_read_first and inquiry.due_at == OPENING
    desk = desk_of(page, ear.origin, earlier)
    desk.goto(f"{ear.origin}{reverse('admin:inquiries_inquiry_changelist')}")
    first = desk.locator("tr, .row, li").filter(has_text=inquiry.reference).first
    other = desk.locator("tr, .row, li").filter(has_text=earlier.reference).first
    assert "Read first" in first.inner_text() and "Read first" not in other.inner_text()
    assert first.bounding_box()["y"] < other.bounding_box()["y"]
    desk.context.close()

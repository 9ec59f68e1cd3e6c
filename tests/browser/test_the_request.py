"""The way of a worried relative: from the first page to the private code, and from the code to taking it back."""

import pytest

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry, InquiryText
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE, press
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db(transaction=True)


def tick(page, name, value=None):
    control = f"[name={name}][value={value}]" if value else f"[name={name}]"
    page.locator(".choice", has=page.locator(control)).click()


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_in_spanish_on_a_phone_from_the_first_page_to_taking_it_back(open_page, script):
    page, ear = open_page("/es/", size=PHONE, java_script_enabled=script)
    kept = []
    page.on("response", lambda response: kept.append((response.url, response.headers.get("cache-control"))))
    page.locator("main a[href='/es/pedir-contacto/']").first.click()
    page.locator("main a[href='/es/pedir-contacto/ser-querido/']").click()
    page.fill("[name=name]", "Rosa Ficticia")
    tick(page, "person_knows", "no")
    tick(page, "contact_way", "call")
    page.fill("[name=phone]", "626 555 0142")
    tick(page, "preferred_language", "es")
    tick(page, "agree")
    press(page, "check")
    press(page, "send")
    code = page.locator(".code").nth(1).inner_text()
    page.get_by_text("Imprimir esta página").wait_for(state="visible" if script else "hidden")  # a script adds it
    page.goto(f"{ear.origin}/es/estado/")
    page.fill("[name=code]", code)
    press(page, "open")
    assert page.locator("h1").inner_text() == "Su solicitud"
    page.fill("[name=words]", "Mejor por la tarde.")
    press(page, "add")
    assert InquiryText.objects.get().body == "Mejor por la tarde."
    press(page, "ask")
    press(page, "withdraw")
    assert page.locator("h1").inner_text() == "Su solicitud fue borrada"
    assert Inquiry.objects.get().name == "" and not InquiryText.objects.exists()
    ours = [control for url, control in kept if "/estado/" in url or "/pedir-contacto/" in url]
    assert len(ours) >= 7 and set(ours) == {"no-store"}
    assert not [url for url, _control in kept if any(group in url for group in code.split())]
    assert not ear.foreign and not page.context.cookies()


@pytest.mark.parametrize("path", ["/status/", "/es/estado/"])
def test_every_page_of_the_status_is_sound_in_both_schemes(open_page, path):
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key)
    Inquiry.objects.update(stage=Inquiry.Stage.CONTACTING)
    inquiry.write_message("We called this afternoon. You do not need to do anything.", staff_user())
    page, ear = open_page(path)

    def check():
        for scheme, size in (("dark", WIDE), ("light", PHONE)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert checks.structure(page) + checks.axe(page) == []
        page.set_viewport_size(NARROW)
        assert checks.overflow(page) == []

    page.fill("[name=code]", "1234")
    press(page, "open")
    assert page.evaluate("document.activeElement.id") == "problem"
    check()
    page.fill("[name=code]", key.code)
    press(page, "open")
    check()
    press(page, "add")
    assert page.title().startswith("Error: ")
    check()
    page.fill("[name=words]", "Mornings")
    press(page, "add")
    check()
    press(page, "ask")
    check()
    press(page, "withdraw")
    check()
    assert checks.manners(page, ear) == []


def test_the_code_is_copied_with_its_blanks_and_printed_whole(open_page):
    page, _ear = open_page("/ask/question/", size=PHONE)
    page.fill("[name=name]", "Kim Fictitious")
    page.check("[name=contact_way][value=email]", force=True)
    page.fill("[name=email]", "kim@example.com")
    page.check("[name=preferred_language][value=en]", force=True)
    page.fill("[name=question]", "Is there an evening group?")
    page.check("[name=agree]", force=True)
    press(page, "check")
    press(page, "send")
    code = page.locator(".code").nth(1)
    copied = code.evaluate("e => { getSelection().selectAllChildren(e); return getSelection().toString(); }")
    assert [len(group) for group in copied.split()] == [4, 4, 4, 4]
    lines = {round(box["y"]) for box in (code.locator("span").nth(n).bounding_box() for n in (0, 1))}
    assert len(lines) == 2, "two groups on a line"
    page.evaluate("() => { window.print = () => document.body.dataset.printed = 'yes' }")
    page.click("[data-print]")
    assert page.get_attribute("body", "data-printed") == "yes"
    page.emulate_media(media="print")
    assert code.is_visible() and not page.locator("[data-print]").is_visible()

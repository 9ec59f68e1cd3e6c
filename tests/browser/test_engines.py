"""The form in Chromium, Firefox and WebKit, with and without script."""

import pytest

from inquiries.models import Inquiry

pytestmark = pytest.mark.django_db(transaction=True)


def fill(tab):
    tab.fill("#id_name", "Ana José")
    tab.check("[name=contact_way][value=call]")
    tab.fill("#id_phone", "626-555-0142")
    tab.check("[name=preferred_language][value=en]")
    tab.check("#id_agree")


@pytest.mark.parametrize(
    "javascript",
    [pytest.param(True, id="with script"), pytest.param(False, id="without script", marks=pytest.mark.long)],
)
def test_the_form_is_filled_checked_and_sent(new_tab, javascript):
    tab = new_tab(javascript=javascript)
    tab.goto("/ask/me/")
    fill(tab)
    with tab.arriving():
        tab.click("button[value=check]")
    assert "Ana José" in tab.text("dl.summary-list")
    with tab.arriving():
        tab.click("button[value=send]")
    assert tab.text("h1") == "We got your request"
    inquiry = Inquiry.objects.get()
    assert (inquiry.name, inquiry.phone) == ("Ana José", "+16265550142")
    assert inquiry.reference in tab.text(".ticket")


def test_a_page_is_as_narrow_as_a_test_wants(tab, engine):
    tab.goto("/")
    tab.resize(360, 640)
    narrowest = 450 if engine == "webkit" else 360
    tab.wait_for("innerWidth <= arguments[0] && innerHeight === 640", narrowest)

"""“Leave this site” in a browser: by click, by three presses of Shift, and without script."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def dull_page(settings, live_server):
    """Let the way out end on this server: no test leaves the machine."""
    settings.LEAVE_URL = f"{live_server.url}/favicon.ico"


def away(url: str) -> bool:
    return "favicon" in url


@pytest.mark.parametrize("path", ["/ask/me/", "/crisis/", "/using-this-site-safely/", "/es/pedir-contacto/yo/"])
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_button_on_top_leads_away(open_page, path, script):
    page, _ear = open_page(path, java_script_enabled=script)
    page.locator(".leave-link").click()
    page.wait_for_url(away)


def test_with_script_the_page_is_not_left_in_the_history(open_page):
    page, ear = open_page("/therapies/")
    page.goto(f"{ear.origin}/ask/me/")
    page.locator(".leave-link").click()
    page.wait_for_url(away)
    page.go_back()
    assert page.url.endswith("/therapies/")


def test_shift_three_times_leads_away_from_any_page(open_page):
    page, _ear = open_page("/therapies/")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(away)


def test_shift_within_words_does_not(open_page):
    page, _ear = open_page("/ask/me/")
    page.focus("[name=name]")
    page.keyboard.type("Rosa Maria Lopez Diaz")
    for keys in ("Shift+A", "Shift+B", "Shift+C"):
        page.keyboard.press(keys)
    assert page.url.endswith("/ask/me/")
    assert page.input_value("[name=name]").startswith("Rosa Maria")

"""A browser that sends no referrer sends no origin either: our own forms are taken from it all the same."""

import pytest

from tests.browser.conftest import press

pytestmark = pytest.mark.django_db(transaction=True)


def relay(route):
    if route.request.method != "GET":
        return route.continue_()
    answer = route.fetch()
    return route.fulfill(response=answer, headers={**answer.headers, "referrer-policy": "no-referrer"})


@pytest.fixture
def page(open_page):
    """A page that arrives as an add-on for privacy would make it."""
    page, _ear = open_page("/")
    page.route("**/*", relay)
    yield page
    page.unroute_all(behavior="ignoreErrors")  # what is still on its way when the test ends is nobody's failure


def test_the_form_is_taken(page):
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request))
    page.goto(page.url + "ask/me/")
    page.fill("[name=name]", "Rosa Fictitious")
    page.locator(".choice", has=page.locator("[name=contact_way][value=call]")).click()
    page.fill("[name=phone]", "626 555 0142")
    page.locator(".choice", has=page.locator("[name=preferred_language][value=es]")).click()
    page.locator(".choice", has=page.locator("[name=agree]")).click()
    press(page, "check")
    assert sent[0].all_headers()["origin"] == "null"  # else nothing was tried
    assert "Check before you send" in page.title()


def test_the_sign_in_of_the_desk_is_taken(page):
    page.goto(page.url + "admin/login/")
    page.fill("[name=username]", "nobody")
    page.fill("[name=password]", "a long pass phrase")
    with page.expect_navigation() as answered:
        page.click("main [type=submit], form [type=submit]")
    assert answered.value.request.all_headers()["origin"] == "null"
    assert answered.value.status == 200

"""The site in Debian's chromium, with the guide loaded and an ear for everything that a page must not do."""

import pytest
from playwright.sync_api import Page

from programs import shipping
from tests.browser.paths import DESK_PASSWORD
from tests.factories import staff_user

NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 640}
WIDE = {"width": 1280, "height": 900}


class Ear:
    """What a page said, asked for and kept, as it happened."""

    def __init__(self, page: Page, origin: str):
        self.origin = origin
        self.messages: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        page.on("request", self.note_request)

    def note_request(self, request):
        if not request.url.startswith(self.origin):
            self.foreign.append(request.url)


@pytest.fixture
def site(live_server):
    """The address of the running site, its guide loaded."""
    shipping.load()
    return live_server.url


@pytest.fixture
def open_page(site, new_context):
    """Open a path in a context of its own; return the page and what it did."""

    def open_(path, *, size=WIDE, scheme="light", **options):
        context = new_context(viewport=size, color_scheme=scheme, **options)
        page = context.new_page()
        ear = Ear(page, site)
        page.goto(f"{site}{path}")
        return page, ear

    return open_


@pytest.fixture
def desk_page(open_page):
    """The desk with a superuser signed in, through the sign-in page."""

    def open_(path, **options):
        user = staff_user(is_superuser=True)
        page, ear = open_page("/admin/login/", **options)
        page.fill("#id_username", user.username)
        page.fill("#id_password", DESK_PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url("**/admin/")
        page.goto(f"{ear.origin}{path}")
        return page, ear

    return open_

"""The site in Debian's chromium, with the guide loaded and an ear for everything that a page must not do.

``tab`` is the site in each of the three engines: a test that asks for it is written once and runs in all of them.
"""

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests import shipped_guide
from tests.browser.engines.page import new_page
from tests.browser.engines.programs import ENGINES, Browsers, Options, missing
from tests.factories import staff_user

NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 640}
WIDE = {"width": 1280, "height": 900}
# A whole walk; the other two of the four run among the long checks.
EACH_LANGUAGE_AND_SCRIPT = pytest.mark.parametrize(
    ("language", "script"),
    [
        pytest.param("en", True, id="en-with script"),
        pytest.param("es", False, id="es-without script"),
        pytest.param("en", False, id="en-without script", marks=pytest.mark.long),
        pytest.param("es", True, id="es-with script", marks=pytest.mark.long),
    ],
)


def press(page: Page, step: str):
    """Press a button of a public form, and wait until what it leads to has arrived whole."""
    with page.expect_navigation():
        page.click(f"[name=step][value={step}]")


class Ear:
    """What a page said, asked for and kept, as it happened."""

    def __init__(self, page: Page, origin: str):
        self.origin = origin
        self.messages: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self.note_message)
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        page.on("request", self.note_request)

    def note_message(self, message):
        if message.type in ("error", "warning"):  # a violation of the policy is an error
            self.messages.append(f"{message.type}: {message.text}")

    def note_request(self, request):
        if not request.url.startswith(self.origin):
            self.foreign.append(request.url)


def opener(new_context, origin: str):
    """Return what opens a path in a context of its own, and tells the page and what it did."""

    def open_(path, *, size=WIDE, scheme="light", **options):
        # Still, so that a colour is not looked at half way through its change.
        options = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"} | options
        page = new_context(**options).new_page()
        ear = Ear(page, origin)
        page.goto(f"{origin}{path}")
        return page, ear

    return open_


@pytest.fixture(scope="module")
def guide_site(django_db_setup, django_db_blocker):
    """A server with the guide loaded once, for the tests of a file that only read."""
    with django_db_blocker.unblock():
        shipped_guide.load()
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture
def read_page(guide_site, db, new_context):
    """Open a page of the guide that nothing in the test changes.

    ``db`` is named here so that the database is there also when a file with no other tests runs alone.
    """
    return opener(new_context, guide_site)


@pytest.fixture
def guide(live_server):
    """Load the guide; a file whose tests need none of it has an empty fixture of this name, and is faster."""
    shipped_guide.load()


@pytest.fixture
def open_page(live_server, new_context, guide):
    """Open a page of a site that the test may write to."""
    return opener(new_context, live_server.url)


@pytest.fixture
def desk_page(open_page):
    """The desk with a superuser signed in, through both steps."""

    def open_(path, **options):
        client = Client()
        client.force_login(staff_user(is_superuser=True))
        page, ear = open_page("/admin/login/", **options)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": ear.origin}])
        page.goto(f"{ear.origin}{path}")
        return page, ear

    return open_


@pytest.fixture(scope="session")
def browsers():
    """The three browsers, each started once for all tests of this process."""
    browsers = Browsers()
    yield browsers
    browsers.end()


@pytest.fixture(params=[name for name in ENGINES if not missing(name)])
def engine(request) -> str:
    """The name of each engine that is installed; the last lines of a run name those that are not."""
    if packages := missing(request.param):
        pytest.skip(f"{', '.join(packages)} is not installed")
    return request.param


@pytest.fixture
def new_tab(engine, browsers, live_server, guide):
    """Open a tab of the site that the test may write to: ``new_tab(javascript=False)``, or ``keeps_pages=False``."""
    with ExitStack() as tabs:

        def open_(**options):
            return tabs.enter_context(new_page(browsers.wire(engine, Options(**options)), live_server.url))

        yield open_


@pytest.fixture
def tab(new_tab):
    return new_tab()


@pytest.fixture
def reading_tab(engine, browsers, guide_site, db):
    """Open a page of the guide that nothing in the test changes, as ``read_page`` does, in each engine."""
    with ExitStack() as tabs:

        def open_(path, **options):
            page = tabs.enter_context(new_page(browsers.wire(engine, Options(**options)), guide_site))
            page.goto(path)
            return page

        yield open_


@pytest.fixture
def desk_tab(new_tab):
    """Open a page of the desk with a superuser signed in, through both steps, in each engine."""

    def open_(path, **options):
        client, tab = Client(), new_tab(**options)
        client.force_login(staff_user(is_superuser=True))
        tab.goto("/admin/login/")
        tab.set_cookie(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
        tab.goto(path)
        return tab

    return open_

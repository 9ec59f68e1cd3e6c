"""What all tests share."""

import os
from ctypes.util import find_library
from datetime import timedelta
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase

from inquiries.db import triggers
from inquiries.intake import spam
from inquiries.models import resubmissions
from iop_site import page_chrome
from tests import shipped_guide
from tests.browser.engines.programs import CHROMIUM, ENGINES, missing
from tests.factories import pass_second_step

# The browser plugin runs an event loop in the thread of the test, and Django would refuse every query there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

NO_BROWSER = None if CHROMIUM else "chromium is not installed"
if find_spec("playwright") is None:
    NO_BROWSER = "playwright is not installed (it is in requirements-dev.txt)"
if find_library("atomic") is None:
    NO_BROWSER = "libatomic1 is not installed, which playwright's node needs"
collect_ignore = ["browser"] if NO_BROWSER else []


def pytest_terminal_summary(terminalreporter):
    if NO_BROWSER:
        terminalreporter.write_line(f"The browser tests were not run: {NO_BROWSER}.", yellow=True)
        return
    for engine in ENGINES:
        if packages := missing(engine):
            what = f"The tests in {engine} were not run: {', '.join(packages)} is not installed."
            terminalreporter.write_line(what, yellow=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Whatever empties the tables comes last, after which the guide must be put back for each test."""
    items.sort(key=lambda item: bool({"live_server", "transactional_db"} & set(item.fixturenames)))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The machine's own chromium, which must look up and fetch nothing but the site under test."""
    sandbox = [] if os.getuid() else ["--no-sandbox"]  # chromium refuses to run as root with it
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    quiet.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": sandbox + quiet}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of the tests starts with the guide in it: loading it for each test takes long."""
    with django_db_blocker.unblock():
        shipped_guide.load()


@pytest.fixture
def guide(db):
    """The guide as it ships, loaded, also after a test that emptied the tables."""
    shipped_guide.load()


@pytest.fixture(autouse=True)
def no_haste_and_no_memory(monkeypatch):
    """Tests press buttons faster than people, and send the same plain answers again and again.

    What the site makes of that has tests of its own, which set both back.
    """
    monkeypatch.setattr(spam, "FASTEST", -1)
    monkeypatch.setattr(resubmissions, "REMEMBERED", timedelta(0))


@pytest.fixture(autouse=True)
def no_seal_of_another_test():
    """What a test rolls back had seals, of which the newest was noted in a file."""
    settings.NOTED_SEAL_FILE.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def no_frame_of_another_test():
    """What a test rolls back has a content version too, and the next test counts to the same one."""
    page_chrome.forget()


@pytest.fixture(autouse=True)
def force_login_passes_both_steps(request, monkeypatch):
    """``client.force_login(user)`` leaves a session that is through the second step too.

    A test marked ``one_step`` keeps Django's own, which is the state after the password alone.
    """
    if request.node.get_closest_marker("one_step"):
        return
    password_alone = Client.force_login

    def force_login(client, user, backend=None):
        password_alone(client, user, backend)
        pass_second_step(client, user)

    monkeypatch.setattr(Client, "force_login", force_login)


def flush_past_the_triggers(self, teardown=TransactionTestCase._fixture_teardown):
    """Empty the tables after a transactional test, the append-only events too."""
    triggers.remove(connection)
    teardown(self)
    triggers.install(connection)


TransactionTestCase._fixture_teardown = flush_past_the_triggers

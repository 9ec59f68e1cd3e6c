"""Every page of the desk that is linked, in a real browser: no violation, no other host, no complaint.

The public ones are in test_every_page.py.
"""

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import staff_in, stored_inquiry

pytestmark = pytest.mark.django_db(transaction=True)
LINKS = "() => [...document.querySelectorAll('a[href]')].map(link => new URL(link.href))\
.filter(to => to.origin === location.origin).map(to => to.pathname + to.search)"
WATCH = """addEventListener('securitypolicyviolation', event =>
    console.error(`violation of ${event.violatedDirective}: ${event.blockedURI}`));"""
# Files, the way out, and lists that lead to themselves in another order.
PASSED_OVER = re.compile(r"/leave/|/salir/|/codes/|\.svg$|/print/|\?|/logout/|/preview/")
MOST = 150  # pages of the desk; far more than there are kinds of


def kind(path: str) -> str:
    """One page of each kind is enough: all numbers are one."""
    return re.sub(r"/\d+/", "/0/", path)


def complaints(page, ear, path: str) -> list[str]:
    ear.messages.clear()
    page.goto(f"{ear.origin}{path}")
    said = [text for text in ear.messages if "404 (Not Found)" not in text]
    return [f"{path}: {text}" for text in said + [f"asked {url}" for url in ear.foreign]]


@pytest.mark.long
@pytest.mark.slow
def test_every_page_of_the_desk_that_a_supervisor_can_reach(open_page):
    for number in range(2):
        stored_inquiry(name=f"Rosa Fictitious {number}")
    client = Client()
    client.force_login(staff_in("Supervisor"))
    page, ear = open_page("/admin/login/")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": ear.origin}])
    page.add_init_script(WATCH)
    waiting, seen, wrong = ["/admin/", "/admin/account/", "/admin/password_change/"], set(), []
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if kind(path) in seen:
            continue
        seen.add(kind(path))
        wrong += complaints(page, ear, path)
        links = page.evaluate(LINKS)
        waiting += [to for to in links if re.match(r"/(es/)?admin/", to) and not PASSED_OVER.search(to)]
    assert wrong == [] and waiting == []
    assert len(seen) > 30, sorted(seen)

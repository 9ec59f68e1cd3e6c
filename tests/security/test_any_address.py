"""Every address, every method, odd bodies, as nobody and as somebody who may do everything: never a fault of ours.

The whole product of these takes long and is asked of the running site by ``make proof``. Here each address is asked in
each way in turn, so that every address, method and body comes up.
"""

import pytest
from django.test import Client

from inquiries.models import MessageTemplate
from tests.addresses import BODIES, METHODS, QUERIES, every_address, patterns
from tests.factories import staff_user, stored_inquiry
from tests.wire import Refused, Site, request

pytestmark = pytest.mark.django_db
OTHERS = [method for method in METHODS if method not in ("GET", "HEAD", "POST")]


@pytest.fixture
def rows(guide):
    stored_inquiry()
    MessageTemplate.objects.create(title="Made up", body_en="Made up", body_es="Inventado")


class Asked:
    """What was asked of a site, and what went wrong."""

    def __init__(self):
        self.site, self.wrong, self.seen = Site(), [], {}

    def ask(self, method, path, headers=None, body=None):
        try:
            status, _answer = self.site.answer(request(method, path, headers, body))
        except Refused:  # by the web server, with an answer of its own
            status = 400
        except Exception as error:
            status = type(error).__name__
        self.seen[status] = self.seen.get(status, 0) + 1
        if not isinstance(status, int) or not 200 <= status < 500:
            self.wrong.append(f"{method} {path} {headers}: {status}")


@pytest.mark.long
def test_every_address_answers_nobody_in_particular(rows):
    asked, bodies = Asked(), list(BODIES.values())
    for number, path in enumerate(every_address()):
        asked.ask("HEAD" if number % 4 == 0 else "GET", path + QUERIES[number % len(QUERIES)])
        asked.ask(OTHERS[number % len(OTHERS)], path, {}, b"" if number % 2 else None)
        for more in (0, 1):
            asked.ask("POST", path, *bodies[(2 * number + more) % len(bodies)])
    assert asked.wrong == [], "\n".join(asked.wrong)
    assert sum(asked.seen.values()) > 3000 and {200, 302, 400, 403, 404, 405, 413, 415} <= set(asked.seen), asked.seen


@pytest.mark.long
def test_every_address_answers_somebody_who_may_do_everything(rows):
    client = Client()
    client.force_login(staff_user(is_superuser=True))
    client.get("/admin/password_change/")
    session, token = (client.cookies[name].value for name in ("sessionid", "csrftoken"))
    known = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
    asked, bodies = Asked(), list(BODIES.values())
    paths = [path for path in every_address() if "/admin/" in path and "/logout/" not in path]
    for number, path in enumerate(paths):
        if number % 2:
            asked.ask("GET", path + QUERIES[number // 2 % len(QUERIES)], known)
        else:
            headers, body = bodies[number // 2 % len(bodies)]
            asked.ask("POST", path, known | headers, body)
    assert asked.wrong == [], "\n".join(asked.wrong)
    assert client.get("/admin/").status_code == 200, "nobody was signed in any more"
    assert sum(asked.seen.values()) > 800 and {200, 302, 400, 403, 404} <= set(asked.seen), asked.seen


def test_every_public_address_has_a_name():
    """The frame of a page asks for it, to find the page in the other language. The stock desk has some without."""
    nameless = [address for address, pattern in patterns() if not pattern.name and not address.startswith("admin/")]
    assert nameless == []

"""Asks the pages of the desk in this process, for benchmarks.desk; prints what each took as JSON."""

import json
import os
import re
import sys
import time
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - Django must be set up first, as below
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.desk_session import SCRIPT  # noqa: E402
from inquiries.keyring import Keyring  # noqa: E402
from inquiries.models import Inquiry  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "7"))
LIST, AUDIT = "/admin/inquiries/inquiry/", "/admin/inquiries/event/"
ROW = re.compile(r'name="chosen"|class="field-at|<tr><td class="action|class="field-who')


# SQLite works inside this thread, whose own clock stands still while others have the processor. PostgreSQL does not.
now = time.thread_time if connection.vendor == "sqlite" else time.perf_counter


class Clock:
    """Adds up how long something took, with little of its own."""

    def __init__(self):
        self.seconds, self.count, self.longest = 0.0, 0, (0.0, "", ())

    def query(self, execute, sql, params, many, context):
        start = now()
        try:
            return execute(sql, params, many, context)
        finally:
            taken = now() - start
            self.seconds, self.count = self.seconds + taken, self.count + 1
            if taken > self.longest[0] and sql.lstrip().upper().startswith("SELECT"):
                self.longest = (taken, sql, params)


@contextmanager
def decryption_timed(clock: Clock):
    plain = Keyring.open

    def timed(self, sealed, place):
        start = now()
        try:
            return plain(self, sealed, place)
        finally:
            clock.seconds += now() - start

    Keyring.open = timed
    try:
        yield
    finally:
        Keyring.open = plain


def find(client: Client, at: str, text: str) -> str:
    """Return the address of the list at ``at`` that shows what ``text`` finds."""
    return client.post(f"{at}find/", {"q": text})["Location"]


def pages(client: Client) -> dict[str, str]:
    """Return the pages to ask for, by what they are called in the table."""
    one = Inquiry.objects.filter(due_at__isnull=False, closed_at=None, set_aside_at=None, withdrawn_at=None)
    one = one.filter(is_canary=False, erased_at=None).order_by("due_at").first()
    old = Inquiry.objects.filter(closed_at__isnull=False, erased_at=None, withdrawn_at=None).order_by("id").first()
    owner = one.owner_id or get_user_model().objects.order_by("pk").first().pk
    found = {"dashboard": "/admin/"}
    tabs = ("needs-work", "mine", "unassigned", "overdue", "today", "open", "aside", "closed")
    found |= {f"tab {tab}": f"{LIST}?tab={tab}" for tab in tabs}
    found |= {"open, page 2": f"{LIST}?tab=open&page=2", "open, page 20": f"{LIST}?tab=open&page=20"}
    found |= {"closed, page 2": f"{LIST}?tab=closed&page=2"}
    filters = ("way=refer", "way=referral", "language=es", "stage=contacting", "owner=none",
               "flag=new-words", "flag=robot", "flag=held", "topic=cost", "now=on")  # fmt: skip
    found |= {f"open, {chosen}": f"{LIST}?tab=open&{chosen}" for chosen in filters}
    found |= {"open, of one owner": f"{LIST}?tab=open&owner={owner}"}
    rare = ("language=other", "flag=held", "stage=received", "way=refer&language=other&stage=started", "topic=cost")
    found |= {f"closed, {chosen}": f"{LIST}?tab=closed&{chosen}" for chosen in rare}
    found |= {
        "find a reference": find(client, LIST, old.reference),
        "find a frequent first name": find(client, LIST, "Rosa"),
        "find a frequent full name": find(client, LIST, "Rosa Demobababa"),
        "find a full name": find(client, LIST, " ".join(old.name.split()[:2])),
        "find a phone": find(client, LIST, "+12005550107"),
        "find an email": find(client, LIST, old.email or "person5@example.com"),
        "case, open": f"{LIST}{one.pk}/change/",
        "case, closed": f"{LIST}{old.pk}/change/",
        "audit": AUDIT,
        "audit, page 20": f"{AUDIT}?p=20",
        "audit of a verb": f"{AUDIT}?verb__exact=moved-on",
        "audit of a person": f"{AUDIT}?actor__id__exact={owner}",
        "audit of a reference": find(client, AUDIT, old.reference),
    }
    return found


def measure(client: Client, path: str) -> dict:
    """Ask for one page, once to warm up and then some times; return times in milliseconds."""
    seen = {"sql": [], "whole": [], "decrypting": 0.0}
    clock = Clock()
    for number in range(ROUNDS + 1):
        clock = Clock()
        with connection.execute_wrapper(clock.query):
            start = now()
            response = client.get(path)
            whole = now() - start
        if response.status_code != 200:
            sys.exit(f"{path}: {response.status_code}")
        if number:
            seen["sql"].append(clock.seconds * 1000)
            seen["whole"].append(whole * 1000)
        if whole > 4 and number > 1:
            break  # so slow that its median is plain
    opening = Clock()
    with decryption_timed(opening):
        start = now()
        client.get(path)
        seen["decrypting"] = 100 * opening.seconds / (now() - start)
    taken, sql, params = clock.longest
    rows = len(ROW.findall(response.content.decode()))
    return seen | {"rows": rows, "queries": clock.count, "slowest_ms": taken * 1000, "slowest": shorten(sql),
                   "plan": plan(sql, params)}  # fmt: skip


def shorten(sql: str) -> str:
    """Leave out what is selected: the plan says how, the conditions say what."""
    return re.sub(r"SELECT .{80,}? FROM ", "SELECT … FROM ", sql, flags=re.DOTALL)[:900]


def plan(sql: str, params) -> list[str]:
    if not sql:
        return []
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF) "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql, params)
        return [str(row[-1]) for row in cursor.fetchall()][:14]


def main():
    settings.ALLOWED_HOSTS = ["*"]
    said: list[str] = []
    exec(SCRIPT, {"print": said.append})  # noqa: S102 - our own script, which is otherwise run by the shell
    client = Client(HTTP_HOST="127.0.0.1:8000")
    name, _, value = said[-1].partition("=")
    client.cookies[name] = value
    print(json.dumps({name: measure(client, path) for name, path in pages(client).items()}))


if __name__ == "__main__":
    main()

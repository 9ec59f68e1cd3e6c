"""Asks the pages of the desk in the shell of a site, for benchmarks.desk; prints what each took as JSON."""

import json
import math
import re
import sys
import time
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from benchmarks import harness
from inquiries.crypto.keyring import Keyring
from inquiries.models import Inquiry
from tests.factories import pass_second_step

LIST, AUDIT = "/admin/inquiries/inquiry/", "/admin/inquiries/event/"
ROW = re.compile(r'name="chosen"|class="field-at|<tr><td class="action|class="field-who')
TABS = ("needs-work", "mine", "for-me", "unassigned", "overdue", "today", "open", "aside", "closed")
OPEN = ["page=2", "page=20", "way=refer", "way=referral", "language=es", "stage=contacting", "owner=none"]
OPEN += ["flag=new-words", "flag=robot", "flag=held", "topic=cost", "now=on"]
CLOSED = "page=2 topic=cost language=other flag=held stage=received way=refer&language=other&stage=started".split()

# SQLite works inside this thread, whose own clock stands still while others have the processor. PostgreSQL does not.
now = time.thread_time if connection.vendor == "sqlite" else time.perf_counter


class Clock:
    """Adds up how long something took, with little of its own."""

    def __init__(self):
        self.seconds, self.count, self.longest = 0.0, 0, (0.0, "", ())

    def timed(self, call, *asked):
        start = now()
        try:
            return call(*asked)
        finally:
            taken = now() - start
            self.seconds, self.count = self.seconds + taken, self.count + 1
            if taken > self.longest[0] and str(asked[0]).lstrip().upper().startswith("SELECT"):
                self.longest = (taken, *asked[:2])


def find(client: Client, at: str, text: str) -> str:
    return client.post(f"{at}find/", {"q": text})["Location"]


def pages(client: Client) -> dict[str, str]:
    """Return the pages to ask for, by what they are called in the table."""
    one = Inquiry.objects.filter(due_at__isnull=False, closed_at=None, set_aside_at=None, withdrawn_at=None)
    one = one.filter(is_canary=False, erased_at=None).order_by("due_at").first()
    old = Inquiry.objects.filter(closed_at__isnull=False, erased_at=None, withdrawn_at=None).order_by("id").first()
    owner = one.owner_id or get_user_model().objects.order_by("pk").first().pk
    found = {"dashboard": "/admin/"} | {f"tab {tab}": f"{LIST}?tab={tab}" for tab in TABS}
    found |= {f"open, {chosen}": f"{LIST}?tab=open&{chosen}" for chosen in OPEN}
    found |= {"open, of one owner": f"{LIST}?tab=open&owner={owner}"}
    found |= {f"closed, {chosen}": f"{LIST}?tab=closed&{chosen}" for chosen in CLOSED}
    sought = {"a reference": old.reference, "a frequent first name": "Rosa", "a frequent full name": "Rosa Demobababa"}
    sought |= {"a full name": " ".join(old.name.split()[:2]), "a phone": "+12005550107"}
    sought |= {"an email": old.email or "person5@example.com"}
    found |= {f"find {what}": find(client, LIST, text) for what, text in sought.items()}
    found |= {"case, open": f"{LIST}{one.pk}/change/", "case, closed": f"{LIST}{old.pk}/change/"}
    found |= {"audit": AUDIT, "audit, page 20": f"{AUDIT}?p=20", "audit of a verb": f"{AUDIT}?verb__exact=moved-on"}
    found |= {"audit of a person": f"{AUDIT}?actor__id__exact={owner}"}
    found |= {"audit of some days": f"{AUDIT}?since=2026-01-05&until=2026-01-11", "month": f"{LIST}month/"}
    found |= {"audit of a reference": find(client, AUDIT, old.reference)}
    return {name.replace("page=", "page "): path for name, path in found.items()}


def measure(client: Client, path: str) -> dict:
    """Ask for one page, once to warm up and then some times; return milliseconds, and the percent spent decrypting."""
    seen = {"sql": [], "whole": []}
    for number in range(harness.number("ROUNDS", 7) + 1):
        clock = Clock()
        with connection.execute_wrapper(clock.timed):
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
    taken, sql, params = clock.longest
    seen |= {"rows": len(ROW.findall(response.content.decode())), "queries": clock.count}
    # What is selected is left out: the plan says how, the conditions say what.
    short = re.sub(r"SELECT .{80,}? FROM ", "SELECT … FROM ", sql, flags=re.DOTALL)[:900]
    seen |= {"slowest_ms": taken * 1000, "slowest": short, "plan": plan(sql, params) if sql else []}
    plain, opening = Keyring.open, Clock()
    opening.longest = (math.inf,)  # no query
    with patch.object(Keyring, "open", lambda *asked: opening.timed(plain, *asked)):
        start = now()
        client.get(path)
        return seen | {"decrypting": 100 * opening.seconds / (now() - start)}


def plan(sql: str, params) -> list[str]:
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF) "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql, params)
        return [str(row[-1]) for row in cursor.fetchall()][:14]


def main():
    # The first to whom benchmarks.fill gives inquiries, so that the list of their own is as long as it gets.
    user = get_user_model().objects.get(username="person0")
    get_user_model().objects.filter(pk=user.pk).update(is_superuser=True)
    client = Client(HTTP_HOST=next(iter(settings.SITE_URL.host_headers)))
    client.force_login(user)
    pass_second_step(client, user)
    print(json.dumps({name: measure(client, path) for name, path in pages(client).items()}))

"""Whether the time of a refused sign-in tells what was wrong with it, over HTTP, name by name in turn.

`python -m benchmarks.sign_in`. A fresh user name each time where five wrong tries would make one wait.
"""

import http.client
import re
import statistics
import time
from urllib.parse import urlencode, urlsplit

from benchmarks import harness

ROUNDS = 50
ACCOUNTS = """
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
User, password = get_user_model(), make_password("four quiet words here")
for kind, is_active, is_staff in (("active", True, True), ("inactive", False, True), ("outsider", True, False)):
    User.objects.bulk_create(
        User(username=f"{kind}{number}", email=f"{kind}{number}@example.com", password=password, is_active=is_active,
             is_staff=is_staff) for number in range(%d)
    )
"""
KINDS = {
    "wrong password": ("active", "four wrong words here"),
    "unknown name": ("unknown", "four quiet words here"),
    "switched off": ("inactive", "four quiet words here"),
    "not of the staff": ("outsider", "four quiet words here"),
}


def main():
    with harness.prepared() as environment:
        harness.manage(environment, "shell", "--no-imports", "-c", ACCOUNTS % ROUNDS)
        with harness.Server("site", "iop_site.wsgi", environment) as server:
            taken = {kind: [] for kind in KINDS}
            answers = {kind: set() for kind in KINDS}
            for number in range(ROUNDS):
                first = number % len(KINDS)  # what comes first in a round must not be told by that
                for kind, (name, password) in [*KINDS.items()][first:] + [*KINDS.items()][:first]:
                    seconds, answer = refused(server.url, f"{name}{number}", password)
                    taken[kind].append(seconds)
                    answers[kind].add(answer)
    first = statistics.median(taken["wrong password"])
    rows = [
        [kind, f"{statistics.median(times) * 1000:.1f}", f"{statistics.median(times) / first:.3f}"]
        for kind, times in taken.items()
    ]
    harness.table(f"A refused sign-in, {ROUNDS} of each in turn", ["what was wrong", "median ms", "ratio"], rows)
    same = set.union(*answers.values())
    print(f"Different answers, but for the name typed and the token of the page: {len(same)}.")


def refused(url: str, name: str, password: str) -> tuple[float, str]:
    """Sign in; return the seconds until the answer was whole, and the answer without what differs each time."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", "/admin/login/")
    page = connection.getresponse()
    cookie = page.headers["Set-Cookie"].split(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())[1]
    body = urlencode({"csrfmiddlewaretoken": token, "username": name, "password": password, "next": "/admin/"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Referer": f"{url}/admin/login/"}
    started = time.monotonic()
    connection.request("POST", "/admin/login/", body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    seconds = time.monotonic() - started
    connection.close()
    token_removed = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", text)
    return seconds, f"{answer.status} {token_removed.replace(name, 'NAME')}"


if __name__ == "__main__":
    main()

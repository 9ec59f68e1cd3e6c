"""Whatever kills the web server: what was shown a reference is stored, once, and who sends again gets one.

Each test is one campaign of faults under load. Its ledger is what people were shown, held against what is stored.
"""

import collections
import os
import random
import signal
import threading
import time

import pytest

from tests.proof.live import LiveSite, check_ledger, form, people, wait_until_shown

FAULTS = 14  # in each campaign; times four kinds and two databases


def kill_all(site: LiveSite):
    site.kill()
    site.start()


def kill_one_worker(site: LiveSite):
    workers = site.workers()
    if workers:
        os.kill(random.choice(workers), signal.SIGKILL)
    site.wait()


def deploy(site: LiveSite):
    """SIGTERM, as a deployment sends it: running requests end, then a new server starts."""
    site.server.send_signal(signal.SIGTERM)
    site.server.wait(60)
    site.start()


def reload(site: LiveSite):
    site.server.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    site.wait()


@pytest.mark.parametrize("fault", [kill_all, kill_one_worker, deploy, reload])
def test_nothing_is_lost_stored_twice_or_silently_dropped(fault):
    with LiveSite() as site:
        with people(site) as crowd:
            for _ in range(FAULTS):
                time.sleep(random.uniform(0.6, 1.6))
                fault(site)
            wait_until_shown(crowd, 200, more=3)
        print(f"\n{fault.__name__}: {FAULTS} faults, ", end="")
        check_ledger(site, crowd, least=200)


def test_eight_clicks_at_once_are_one_inquiry_fifty_times():
    with LiveSite(WEB_WORKERS="2", WEB_THREADS="4") as site:
        answers: dict[str, list] = collections.defaultdict(list)

        def click(name: str, body: str, gate: threading.Barrier):
            gate.wait()
            answers[name].append(site.request("POST", "/ask/me/", body))

        for number in range(50):
            name, gate = f"Clicker {number}", threading.Barrier(8)
            body = form(name)
            threads = [threading.Thread(target=click, args=(name, body, gate)) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        stored = site.stored()
    assert len(stored) == 50
    for row in stored:
        pages = answers[row["name"]]
        assert len(pages) == 8
        assert all(status == 200 and row["reference"] in page for status, page in pages)

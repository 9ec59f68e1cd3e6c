"""Measures a guide of some size in this process, for benchmarks.growth; prints what each thing took as JSON.

All times are CPU time of this thread, which others on the machine disturb little: milliseconds, of a hit microseconds.
"""

import json
import math
import re
import time
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.in_process import body_of, cpu_ms, django, memory, request_for
from iop_site import frame
from programs.models import ContentVersion

PAGE, ROUNDS = "/therapies/", 25


def memory_mib() -> float:
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def warm_up():
    memory.renew(ContentVersion.objects.current())
    memory.make_ready(until=math.inf)


def again(ask, rounds: int = ROUNDS) -> float:
    return median(cpu_ms(ask) for _ in range(rounds))


def first_of_a_version():
    frame.forget()
    body_of(django, page)


started = time.process_time() * 1000
page = request_for(PAGE)
search = partial(body_of, django, request_for("/search/", QUERY_STRING="q=evening+group"))
found = {"start": started, "before": memory_mib(), "warm-up": cpu_ms(warm_up), "kept": len(memory.pages)}
found["first search"] = cpu_ms(search)
found |= {
    "hit": 1000 * again(partial(body_of, memory, page), 2000),
    "miss": again(partial(body_of, django, page)),
    "first of a version": again(first_of_a_version, 7),
    "search": again(search),
    "site map": again(partial(body_of, django, request_for("/sitemap.xml")), 5),
    "list of pages": again(partial(body_of, django, request_for("/site-map/")), 5),
    "memory": memory_mib(),
}
print(json.dumps(found))

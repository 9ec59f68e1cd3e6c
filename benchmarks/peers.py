"""S5: a Wagtail page of the same length, without and with wagtail-cache, beside our own page, in the same run.

`python -m benchmarks.peers [path]` installs Wagtail into a temporary environment of its own and removes it again.
"""

import contextlib
import os
import re
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import harness
from benchmarks.harness import Server, median_of_ratios

DJANGO = {"DJANGO_SETTINGS_MODULE": "peer.settings.production"}
SETTINGS = """
import os
from .base import *
DEBUG, SECRET_KEY, ALLOWED_HOSTS = False, "only-for-a-benchmark-" * 3, ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if os.environ.get("WITH_CACHE"):
    INSTALLED_APPS += ["wagtailcache"]
    outer, inner = "wagtailcache.cache.UpdateCacheMiddleware", "wagtailcache.cache.FetchFromCacheMiddleware"
    MIDDLEWARE, WAGTAIL_CACHE = [outer, *MIDDLEWARE, inner], True
"""
MODELS = """
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
class HomePage(Page):
    body = RichTextField(blank=True)
    content_panels = Page.content_panels + [FieldPanel("body")]
"""
TEMPLATE = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>{{ page.body|richtext }}{% endblock content %}
"""
FILL = "from home.models import HomePage; HomePage.objects.update(body=open('body.html').read())"


def main(path: str = "/therapies/"):
    harness.need("wrk", "taskset")
    with harness.prepared() as environment, contextlib.ExitStack() as stack:
        ours = stack.enter_context(Server("ours", harness.SITE, environment))
        ours.wait(path)
        body = harness.fetch(ours.url + path)[2].decode()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="iop-wagtail-")))
        python = make_peer(folder, body)
        names = {"Wagtail": {}, "Wagtail with wagtail-cache": {"WITH_CACHE": "1"}}
        peers = [Peer(name, python, os.environ | DJANGO | own, folder=folder / "site") for name, own in names.items()]
        plain, cached = map(stack.enter_context, peers)
        for server in (plain, cached):
            print(f"{server.name}: {len(harness.fetch(server.url)[2]):,} bytes; ours: {len(body.encode()):,} bytes")
        harness.interleave({ours: path, plain: "/", cached: "/"})
        rows = [server.figures(median_of_ratios(ours.rates, server.rates)) for server in (ours, cached, plain)]
        harness.table("Beside Wagtail", ["", "requests/s", "ours is × as fast", "CPU µs/request"], rows)


def make_peer(folder: Path, body: str) -> str:
    """Make a Wagtail site whose home page is as long as ``body``; return its Python."""
    site, python = folder / "site", str(folder / "venv/bin/python")
    site.mkdir()
    run = partial(harness.run, environment=os.environ | DJANGO, folder=site)
    run([sys.executable, "-m", "venv", folder / "venv"])
    run([python, "-m", "pip", "install", "-qq", "wagtail", "wagtail-cache", "gunicorn"])
    run([folder / "venv/bin/wagtail", "start", "peer", site])
    (site / "peer/settings/production.py").write_text(SETTINGS)
    (site / "home/models.py").write_text(MODELS)
    (site / "home/templates/home/home_page.html").write_text(TEMPLATE)
    words = "".join(f"<p>{words}</p>" for words in re.findall(r"<p>(.*?)</p>", body, re.DOTALL))
    more = "<p>The same words again, so that both pages are as long.</p>"
    missing = max(0, len(body.encode()) - len(words.encode()))
    (site / "body.html").write_text(words + more * -(-missing // len(more)))
    for command in (["makemigrations", "home"], ["migrate"], ["shell", "-c", FILL]):
        run([python, "manage.py", *command])
    return python


class Peer(Server):
    """gunicorn from the peer's own environment, with the same kind of worker and threads."""

    def command(self, port: str) -> list[str]:
        flags = ["-k", "gthread", "--workers", str(self.workers), "--threads", "4", "--bind", f"127.0.0.1:{port}"]
        return [self.application, "-m", "gunicorn", *flags, "--keep-alive", "5", "peer.wsgi:application"]


if __name__ == "__main__":
    main(*sys.argv[1:])

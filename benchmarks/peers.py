"""S5: a Wagtail page of the same length, without and with wagtail-cache, beside our own page, in the same run.

`python -m benchmarks.peers [path]` installs Wagtail into a temporary environment of its own and removes it again.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import harness
from benchmarks.harness import Server, median_of_ratios

SETTINGS = """
from .base import *
DEBUG = False
SECRET_KEY = "only-for-a-benchmark-only-for-a-benchmark-only-for-a-benchmark"
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
import os
if os.environ.get("WITH_CACHE"):
    INSTALLED_APPS += ["wagtailcache"]
    MIDDLEWARE = [
        "wagtailcache.cache.UpdateCacheMiddleware", *MIDDLEWARE, "wagtailcache.cache.FetchFromCacheMiddleware"
    ]
    WAGTAIL_CACHE = True
"""
MODELS = """
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    body = RichTextField(blank=True)
    content_panels = Page.content_panels + [FieldPanel("body")]
"""
TEMPLATE = """{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>{{ page.body|richtext }}{% endblock content %}
"""
FILL = """
from home.models import HomePage
page = HomePage.objects.first()
page.body = open({path!r}).read()
page.save()
"""


def main(path: str = "/therapies/"):
    harness.need("wrk", "taskset")
    with harness.prepared() as environment, contextlib.ExitStack() as stack:
        ours = stack.enter_context(Server("ours", "iop_site.wsgi:application", environment))
        ours.wait(path)
        body = harness.fetch(ours.url + path)[2].decode()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="iop-wagtail-")))
        python = make_peer(folder, body)
        plain = stack.enter_context(peer(folder, python, "Wagtail", {}))
        cached = stack.enter_context(peer(folder, python, "Wagtail with wagtail-cache", {"WITH_CACHE": "1"}))
        for server in (plain, cached):
            size = len(harness.fetch(server.url + "/")[2])
            print(f"{server.name}: {size:,} bytes; ours: {len(body.encode()):,} bytes")
        harness.interleave({ours: path, plain: "/", cached: "/"})
        rows = [
            [
                server.name,
                f"{server.rate:,.0f}",
                f"{median_of_ratios(ours.rates, server.rates):.1f}",
                f"{server.cost * 1e6:,.0f}",
            ]
            for server in (ours, cached, plain)
        ]
        harness.table("Beside Wagtail", ["", "requests/s", "ours is × as fast", "CPU µs/request"], rows)


def make_peer(folder: Path, body: str) -> str:
    """Make a Wagtail site whose home page is as long as ``body``; return its Python."""
    python = str(folder / "venv/bin/python")
    run([sys.executable, "-m", "venv", folder / "venv"], folder)
    packages = ["wagtail", "wagtail-cache", "gunicorn", "python-json-logger"]
    run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *packages], folder)
    run([folder / "venv/bin/wagtail", "start", "peer", folder / "site"], folder, mkdir=folder / "site")
    site = folder / "site"
    (site / "peer/settings/production.py").write_text(SETTINGS)
    (site / "home/models.py").write_text(MODELS)
    (site / "home/templates/home/home_page.html").write_text(TEMPLATE)
    text = site / "body.html"
    text.write_text("".join(f"<p>{words}</p>" for words in re.findall(r"<p>(.*?)</p>", body, re.DOTALL)))
    while text.stat().st_size < len(body.encode()):
        text.write_text(text.read_text() + "<p>The same words again, so that both pages are as long.</p>")
    for command in (["makemigrations", "home"], ["migrate"], ["shell", "-c", FILL.format(path=str(text))]):
        run([python, "manage.py", *command], site, DJANGO_SETTINGS_MODULE="peer.settings.production")
    return python


def run(command, folder: Path, mkdir: Path | None = None, **settings):
    if mkdir:
        mkdir.mkdir()
    environment = {**os.environ, **settings}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


class Peer(Server):
    """gunicorn from the peer's own environment, with the same kind of worker and threads."""

    def command(self, port: str) -> list[str]:
        flags = ["-k", "gthread", "--workers", str(self.workers), "--threads", "4", "--bind", f"127.0.0.1:{port}"]
        return [self.python, "-m", "gunicorn", *flags, "--keep-alive", "5", "peer.wsgi:application"]


def peer(folder: Path, python: str, name: str, settings: dict) -> Peer:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "peer.settings.production", **settings}
    server = Peer(name, "", environment, folder / "site")
    server.python = python
    return server


if __name__ == "__main__":
    main(*sys.argv[1:])

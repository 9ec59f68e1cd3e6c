"""The shipped files of nginx fit the site that they stand before: its addresses, its headers, its pages."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {path.name: path.read_text() for path in (ROOT / "docs/deploy").iterdir()}
TAKES_A_HASH = ("login", "set_up", "second_step", "recovery", "enrol", "own_password", "confirm", "password_change")
TAKES_NONE = ("index", "logout", "account", "inquiries_inquiry_changelist")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_address_that_takes_a_password_or_a_number_is_limited_by_itself(language):
    [limited] = re.findall(r"location ~ (\S+) \{\s+limit_req zone=iop_tries ", SHIPPED["iop.conf"])
    with translation.override(language):
        assert [name for name in TAKES_A_HASH if not re.search(limited, reverse(f"admin:{name}"))] == []
        assert [name for name in TAKES_NONE if re.search(limited, reverse(f"admin:{name}"))] == []


def test_what_nginx_answers_has_the_headers_of_the_site(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_HSTS_PRELOAD = True
    answer = Client().get("/robots.txt", secure=True)
    here = dict(re.findall(r'^add_header (\S+) "?(.+?)"? always;$', SHIPPED["iop-headers.conf"], re.M))
    here["Strict-Transport-Security"] = re.search(r'on "(max-age.+)"', SHIPPED["iop.conf"])[1]
    its_own = {"Content-Type", "Content-Length", "Content-Language", "X-Request-ID", "Cache-Control", "Vary"}
    assert here == {name: value for name, value in answer.headers.items() if name not in its_own}


def test_every_page_that_nginx_answers_with_is_in_the_release_and_needs_no_template_engine():
    named = set(re.findall(r"/(\d{3}\.html);", SHIPPED["iop-answers.conf"]))
    assert len(named) == 6
    for name in named:
        page = (ROOT / "templates" / name).read_text("utf-8")
        assert page.lstrip().startswith("<!--") and not re.search(r"{[{%#]", page), name


def test_no_location_loses_these_pages_by_an_error_page_of_its_own():
    locations = re.findall(r"location [^{]+\{[^}]*\}", SHIPPED["iop.conf"])
    assert locations and not [text for text in locations if "error_page" in text]


@pytest.mark.parametrize("name", ["iop-upstream.conf", "compose-upstream.conf"])
def test_no_process_is_left_out_for_what_a_stranger_sent(name):
    servers = re.findall(r"^    server .+;$", SHIPPED[name], re.M)
    assert len(servers) == 2 and all(server.endswith(" max_fails=0;") for server in servers)


def test_the_containers_have_every_file_of_nginx():
    compose, recipe = (ROOT / "compose.yaml").read_text(), (ROOT / "docs/operations.md").read_text()
    for name in ("nginx.conf", "iop-headers.conf", "iop-answers.conf"):
        assert f"./docs/deploy/{name}:/etc/nginx/{name}:ro" in compose
        assert re.search(rf"cp .*\b{name.removesuffix('.conf')}\b.* /etc/nginx/", recipe)

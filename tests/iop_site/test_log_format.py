"""Logs hold a request id and nothing that a person typed."""

import json
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from iop_site.ops.log_format import JsonFormatter, RequestIdFilter, request_id

CANARY = "canary-7f3a"


@pytest.fixture
def lines():
    """All that the loggers write, as they would write it."""
    written = []

    class Handler(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Handler()
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_a_line_is_json_with_the_id_of_its_request(lines):
    token = request_id.set("abc123")
    logging.getLogger("iop_site").warning("something happened")
    request_id.reset(token)
    line = json.loads(lines[-1])
    assert (line["message"], line["request_id"], line["level"]) == ("something happened", "abc123", "WARNING")


def test_an_exception_is_logged_without_its_message(lines):
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("iop_site").exception("it broke")
    assert CANARY not in lines[-1]
    assert "ValueError" in lines[-1] and "test_log_format.py" in lines[-1]


@pytest.mark.django_db
def test_a_page_that_is_not_found_is_logged_without_its_query(client, guide, lines):
    client.get(f"/nothing/?q={CANARY}")
    assert lines and not any(CANARY in line for line in lines)


@pytest.mark.django_db
def test_line_breaks_in_a_path_do_not_make_a_second_line(client, guide, lines):
    client.get("/nothing%0d%0a{forged}/")
    assert lines and not any("\n" in line or "\r" in line for line in lines)


@pytest.mark.django_db
def test_a_strangers_host_fills_neither_log_nor_mail(client, lines):
    client.raise_request_exception = False
    assert client.get("/", headers={"host": f"{CANARY}.example"}).status_code == 400
    assert not [line for line in lines if CANARY in line or "ERROR" in line]


def many_fields() -> dict:
    return {f"{CANARY}{number}": "" for number in range(201)}


def many_files() -> dict:
    return {f"{CANARY}{number}": SimpleUploadedFile("a.txt", b"") for number in range(101)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "answer"),
    [("admin:login", "We could not read that request"), ("inquiries:status", "We could not read what you sent.")],
)
@pytest.mark.parametrize("form", [many_fields, many_files])
def test_a_form_of_too_many_parts_is_answered_and_fills_neither_log_nor_mail(client, lines, form, page, answer):
    client.raise_request_exception = False
    response = client.post(reverse(page), form())
    assert response.status_code == 400 and answer in response.content.decode()
    assert 'href="tel:988"' in response.content.decode()
    assert not [line for line in lines if CANARY in line or "ERROR" in line or "exc_info" in line]


@pytest.mark.django_db
def test_an_address_of_too_many_questions_is_answered_and_fills_neither_log_nor_mail(client, guide, lines):
    client.raise_request_exception = False
    response = client.get("/search/", many_fields())
    assert response.status_code == 400 and "We could not read that request" in response.content.decode()
    assert not [line for line in lines if CANARY in line or "ERROR" in line or "exc_info" in line]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [{"referer": f"https://elsewhere.example/?q={CANARY}"}, {"origin": f"https://{CANARY}.example"}],
    ids=["referrer", "origin"],
)
def test_a_refused_request_is_logged_without_where_it_came_from(lines, headers):
    client = Client(enforce_csrf_checks=True)
    client.post("/admin/login/", {}, secure=True, headers=headers)
    refused = [line for line in lines if json.loads(line)["logger"].startswith("django.security")]
    assert refused and not any(CANARY in line for line in lines)

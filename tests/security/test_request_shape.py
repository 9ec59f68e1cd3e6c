"""A request in a form that no page needs is answered at the door: nothing done, nothing read, nothing repeated."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inquiries.models import Event
from tests.factories import staff_in, stored_inquiry

pytestmark = pytest.mark.django_db
PROBE = "repeat-me-if-you-can"
PATHS = [
    "/",
    "/es/",
    "/ask/me/",
    "/status/",
    "/search/",
    "/leave/",
    "/robots.txt",
    "/admin/login/",
    "/admin/",
    "/nowhere/",
]


@pytest.mark.once
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND", "MADEUP"])
@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_nothing_needs_is_refused_without_an_echo(client, guide, method, path):
    answer = client.generic(method, f"{path}?q={PROBE}", PROBE, headers={"X-Probe": PROBE})
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD, POST"
    assert PROBE not in answer.content.decode() + str(answer.headers)
    assert answer["X-Content-Type-Options"] == "nosniff" and "988" in answer.content.decode()


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT"])
def test_no_method_opens_an_inquiry_past_the_audit(client, method):
    client.force_login(staff_in("Supervisor"))
    inquiry = stored_inquiry(name="Unheard Ofname")
    address = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    answer = client.generic(method, address, headers={"X-CSRFToken": "x"})
    assert answer.status_code == 405 and "Unheard" not in answer.content.decode()
    client.get(address)
    assert Event.objects.filter(verb=Event.Verb.OPENED).count() == 1


class Unread:
    """A body that must not be read."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/admin/set-up/", "/admin/", "/leave/", "/ask/me/", "/status/"])
def test_a_body_larger_than_any_form_is_refused_unread(guide, path):
    client = Client(enforce_csrf_checks=True)
    client.get("/admin/login/")  # with a token Django would look for its twin in the body
    answer = client.post(
        path, {}, content_type="multipart/form-data; boundary=b", CONTENT_LENGTH="30000000", **{"wsgi.input": Unread()}
    )
    assert answer.status_code == 413 and "988" in answer.content.decode()


def test_a_file_is_written_nowhere(client, guide, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    file = SimpleUploadedFile("x.html", b"<script>" * 100_000)
    client.post("/admin/login/", {"username": "x", "password": "y", "file": file})
    assert list(tmp_path.iterdir()) == []
    assert not settings.FILE_UPLOAD_HANDLERS


def test_two_hundred_fields_are_enough_for_every_form(client, guide):
    many = {f"field{number}": "" for number in range(201)}
    assert Client(raise_request_exception=False).post("/admin/login/", many).status_code in (400, 403)
    assert client.post("/ask/me/", many).status_code == 400


@pytest.mark.parametrize("query", ["inquiries/event/?verb__exact=%00", "programs/synonym/?page=a%00b", "?next=%00"])
def test_a_nul_in_an_address_of_the_desk_is_refused_on_both_databases(client, query):
    client.force_login(staff_in("Supervisor"))
    assert client.get(f"/admin/{query}").status_code == 400


def test_a_nul_in_a_form_of_the_desk_is_refused(admin_client):
    chosen = {"action": "try_again", "_selected_action": "1\x00"}
    assert admin_client.post("/admin/inquiries/outboxnotice/", chosen).status_code == 400

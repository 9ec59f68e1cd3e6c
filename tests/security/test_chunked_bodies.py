"""A body in chunks is read as one with a length is: on every form, as large as any form, and whole or not at all."""

import io
import logging
from urllib.parse import urlencode

import pytest

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, Inquiry, InquiryText
from iop_site.staff import hashing
from tests.factories import PASSWORD, staff_in, staff_user, stored_inquiry
from tests.inquiries.form_pages import ANSWERS, PATHS
from tests.inquiries.status_pages import sent
from tests.iop_site.test_one_hash import is_free
from tests.wire import FORM, Site, chunked, connections_of_the_test, request

pytestmark = [pytest.mark.once, pytest.mark.django_db]
WORDS = "Is there a group after six?"
CHUNKS = {"Content-Type": FORM, "Content-Length": None, "Transfer-Encoding": "chunked"}
MULTIPART = "multipart/form-data; boundary=b"


@pytest.fixture
def site(guide):
    return Site()


def post(site, path, body: bytes, **headers):
    return site.answer(request("POST", path, CHUNKS | headers, body))


def answers(way="me", **changed) -> dict:
    return {**ANSWERS[way], "token": SubmissionKey.new().token(), "step": "check", "question": WORDS, **changed}


def parts(fields: dict) -> bytes:
    """Return fields as a browser writes a form that could take a file."""
    each = (
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    return ("".join(each) + "--b--\r\n").encode()


@pytest.mark.parametrize("way", PATHS)
def test_the_form_is_read(site, way):
    status, page = post(site, PATHS[way]["en"], chunked(urlencode(answers(way), doseq=True).encode()))
    assert status == 200 and "Check before you send" in page
    assert WORDS in page or way == "refer"


def test_it_is_stored_and_shown_a_reference(site):
    _status, page = post(site, "/ask/me/", chunked(urlencode(answers(step="send"), doseq=True).encode()))
    assert Inquiry.objects.get().reference in page
    assert Inquiry.objects.get().question == WORDS


def test_a_form_in_parts_is_read(site):
    fields = answers() | {"topics": "cost", "good_times": "evening"}
    status, page = post(site, "/ask/me/", chunked(parts(fields)), **{"Content-Type": MULTIPART})
    assert status == 200 and WORDS in page


def test_the_status_page_is_read(site):
    inquiry, code = sent()
    _status, page = post(site, "/status/", chunked(urlencode({"code": code, "step": "open", "words": WORDS}).encode()))
    assert inquiry.reference in page and WORDS in page


def test_a_form_of_the_desk_is_read_with_its_token(site, client):
    client.force_login(staff_in("Supervisor"))
    client.get("/admin/password_change/")
    inquiry = stored_inquiry()
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "note": WORDS, "version": inquiry.version}
    address = f"/admin/inquiries/inquiry/{inquiry.pk}/note/"
    status, page = post(site, address, chunked(urlencode(form).encode()), Cookie=cookies)
    assert status == 302, page
    assert [text.body for text in InquiryText.objects.filter(kind=InquiryText.Kind.NOTE)] == [WORDS]
    assert Event.objects.filter(verb=Event.Verb.NOTED).exists()


def sign_in(client, **typed) -> tuple[dict, str]:
    """Return the fields of a sign-in and the cookies that go with it."""
    client.get("/admin/login/")
    token = client.cookies["csrftoken"].value
    return {"csrfmiddlewaretoken": token, "username": "rosa", "password": PASSWORD, **typed}, f"csrftoken={token}"


@pytest.mark.one_step
@pytest.mark.parametrize("in_chunks", [True, False], ids=["chunks", "length"])
@pytest.mark.parametrize(
    ("kind", "written"), [(FORM, lambda fields: urlencode(fields).encode()), (MULTIPART, parts)], ids=["form", "parts"]
)
def test_a_sign_in_is_read(site, client, kind, written, in_chunks):
    staff_user(username="rosa")
    for password, status in (("wrong", 200), (PASSWORD, 302)):
        fields, cookies = sign_in(client, password=password)
        headers, body = {"Content-Type": kind, "Cookie": cookies}, written(fields)
        found, page = site.answer(
            request("POST", "/admin/login/", *((CHUNKS | headers, chunked(body)) if in_chunks else (headers, body)))
        )
        assert found == status and ("sessionid=" in page) == (status == 302)
        assert 'value="rosa"' in page or status == 302


class Trickle(io.BytesIO):
    """A body of which a few bytes come at a time; notes at each whether a colleague could sign in meanwhile."""

    def __init__(self, body: bytes):
        super().__init__(body)
        self.seen = []

    def read(self, size=-1):
        self.seen.append(is_free())
        return b"".join(iter(self.drop, b"")) if size < 0 or size > 10 else super().read(size)

    def drop(self) -> bytes:
        self.seen.append(is_free())
        return super().read(10)


@pytest.mark.one_step
@pytest.mark.parametrize("in_chunks", [True, False], ids=["chunks", "length"])
@pytest.mark.parametrize("kind", [FORM, MULTIPART], ids=["form", "parts"])
def test_a_sign_in_that_trickles_never_holds_the_slot_of_the_hash(site, client, monkeypatch, kind, in_chunks):
    staff_user(username="rosa")
    fields, cookies = sign_in(client)
    body = parts(fields) if kind == MULTIPART else urlencode(fields).encode()
    trickle, hashed, told = Trickle(body), [], []
    verify = hashing.take_slot
    monkeypatch.setattr(hashing, "take_slot", lambda: hashed.append(is_free()) or verify())
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/admin/login/", "HTTP_HOST": "127.0.0.1:8000"}
    environ |= {"CONTENT_TYPE": kind, "HTTP_COOKIE": cookies, "REMOTE_ADDR": "192.0.2.7", "wsgi.url_scheme": "http"}
    environ |= {"wsgi.input": trickle} | (
        {"wsgi.input_terminated": True} if in_chunks else {"CONTENT_LENGTH": str(len(body))}
    )
    with connections_of_the_test():
        list(site.application(environ, lambda status, *_rest: told.append(status)))
    assert told == ["302 Found"]
    assert len(trickle.seen) > len(body) / 10 and all(trickle.seen)
    assert hashed and not any(hashed)


@pytest.mark.parametrize("path", ["/ask/me/", "/es/pedir-contacto/yo/", "/status/", "/admin/login/", "/", "/leave/"])
@pytest.mark.parametrize("kind", [FORM, MULTIPART])
def test_one_larger_than_any_form_is_refused_as_one_with_a_length_is(site, settings, path, kind):
    body = b"question=" + settings.DATA_UPLOAD_MAX_MEMORY_SIZE * b"a"
    in_chunks = post(site, path, chunked(body, 65_536), **{"Content-Type": kind})
    with_length = site.answer(request("POST", path, {"Content-Type": kind}, body))
    assert in_chunks[0] == with_length[0] == 413
    assert "988" in in_chunks[1]


def test_of_one_without_an_end_no_more_is_read_than_of_any_form(site, settings):
    given = []

    class Endless:
        def read(self, size):
            given.append(size)
            return size * b"a"

        readline = read

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/ask/me/", "HTTP_HOST": "127.0.0.1:8000", "CONTENT_TYPE": FORM}
    environ |= {"wsgi.input": Endless(), "wsgi.input_terminated": True, "wsgi.url_scheme": "http"}
    told = []
    list(site.application(environ, lambda status, *_rest: told.append(status)))
    assert told == ["413 Request Entity Too Large"] and given == [settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1]


@pytest.mark.parametrize("end", ["", "0\r\n", "5\r\nab", "xyz\r\n", "-1\r\n", "5\r\nabcdefgh\r\n0\r\n\r\n"])
@pytest.mark.parametrize("path", ["/ask/me/", "/status/", "/admin/login/"])
def test_one_that_is_broken_is_refused_and_nothing_of_it_is_done(site, caplog, path, end):
    body = chunked(urlencode(answers(step="send"), doseq=True).encode()).removesuffix(b"0\r\n\r\n") + end.encode()
    caplog.set_level(logging.WARNING, "iop_site")
    status, page = post(site, path, body)
    assert status == 400 and "988" in page and not Inquiry.objects.exists()
    assert caplog.messages[0].startswith("the body of a request is broken: ") and WORDS not in caplog.text


@pytest.mark.parametrize("path", ["/ask/me/", "/status/", "/admin/login/"])
def test_one_that_was_cut_off_before_its_length_is_no_form(site, path):
    body = urlencode(answers(step="send"), doseq=True).encode()
    status, page = site.answer(request("POST", path, {"Content-Length": str(len(body) + 1)}, body))
    assert status == 400 and "988" in page and not Inquiry.objects.exists()


@pytest.mark.parametrize("length", ["²", "1_0", "+5", "5.0", "0x5", "9" * 5000, " "])
def test_a_length_that_is_no_number_is_refused(client, guide, length):
    for path, status in (("/ask/me/", 413), ("/admin/login/", 413)):
        assert client.post(path, {"question": WORDS}, CONTENT_LENGTH=length).status_code == status

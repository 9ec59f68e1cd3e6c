"""Every answer carries the security headers; the public site sets no cookie; https turns on what is for https."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from iop_site.handlers import Handler

pytestmark = pytest.mark.django_db

PUBLIC_PATHS = ["/", "/es/", "/what-is-iop/", "/ask/", "/ask/me/", "/es/pedir-contacto/yo/", "/nothing-here/"]
DESK_PATHS = ["/admin/", "/admin/login/", "/es/admin/login/"]
EXPECTED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy(response) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("path", PUBLIC_PATHS + DESK_PATHS)
def test_every_page_carries_the_headers(client, guide, path):
    response = client.get(path)
    assert {name: response.get(name) for name in EXPECTED} == EXPECTED
    rules = policy(response)
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_the_public_site_sets_no_cookie(client, guide, path):
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_the_public_site_sets_no_cookie_even_for_signed_in_staff(admin_client, guide):
    assert not admin_client.get("/").cookies


def test_the_desk_is_never_stored(admin_client):
    assert "no-store" in admin_client.get(reverse("admin:index"))["Cache-Control"]


def test_another_host_is_refused(client, guide):
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400
    page = client.get("/", HTTP_X_FORWARDED_HOST="evil.example")
    assert page.status_code == 200 and b"evil.example" not in page.content


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=shift_jis",
        "application/json",
        "text/plain",
    ],
)
@pytest.mark.parametrize("path", ["/ask/me/", "/admin/login/", "/"])
def test_a_body_in_a_foreign_form_is_refused(client, guide, path, content_type):
    response = Client(raise_request_exception=False).generic("POST", path, b"name=x", content_type=content_type)
    assert response.status_code == 415


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded; charset*=BOGUS''x", "a;b*=x'y", ";;", ""])
def test_a_content_type_that_is_nonsense_is_refused_by_the_server_itself(guide, content_type):
    answers = []
    environ = RequestFactory().post("/ask/me/").environ | {"CONTENT_TYPE": content_type}
    Handler()(environ, lambda status, headers: answers.append((status, dict(headers))))
    [(status, headers)] = answers
    assert status.startswith("415") and "Content-Security-Policy" in headers


class TestHttps:
    @pytest.fixture(autouse=True)
    def https_site(self, settings):
        settings.ALLOWED_HOSTS = ["guide.example"]
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_SSL_HOST = "guide.example"
        settings.SECURE_HSTS_SECONDS = 31_536_000
        settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def test_http_is_led_to_https(self, client, guide):
        response = client.get("/what-is-iop/", HTTP_HOST="guide.example")
        assert response.status_code == 301
        assert response["Location"] == "https://guide.example/what-is-iop/"

    def test_https_answers_carry_hsts(self, guide):
        response = Client(raise_request_exception=False).get(
            "/nothing-here/", HTTP_HOST="guide.example", HTTP_X_FORWARDED_PROTO="https"
        )
        assert response["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")

"""Only what is meant to be served is served, and one address says the same to everybody."""

import pytest

pytestmark = [pytest.mark.once, pytest.mark.django_db]
NOT_THERE = [
    "/.git/config", "/.git/HEAD", "/.env", "/.env.example", "/db.sqlite3", "/var/db.sqlite3", "/var/keys/field_keys",
    "/manage.py", "/iop_site/settings.py", "/static/", "/static/css/", "/static/../manage.py",
    "/static/%2e%2e/manage.py", "/static/..%2fmanage.py", "/static//etc/passwd", "/media/", "/debug/",
    "/server-status", "/backup",
    "/sbom.json", "/requirements.txt", "/__debug__/", "/graphql", "/api/", "/.well-known/security.txt",
]  # fmt: skip
FORGED = {
    "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.66",
    "X-Forwarded-Port": "666", "X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/", "X-Host": "evil.example",
    "Forwarded": "host=evil.example", "X-HTTP-Method-Override": "DELETE", "Accept-Language": "xx-evil,es;q=0.9",
    "User-Agent": "evil.example", "Referer": "https://evil.example/", "Origin": "https://evil.example",
}  # fmt: skip


@pytest.mark.parametrize("path", NOT_THERE)
def test_this_is_not_served(client, guide, path):
    assert client.get(path, follow=True).status_code == 404


@pytest.mark.parametrize("path", ["/", "/es/", "/crisis/", "/sitemap.xml", "/robots.txt", "/nowhere/", "/ask/"])
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_header_changes_nothing_of_a_page(client, guide, path, name):
    plain, forged = client.get(path), client.get(path, headers={name: FORGED[name]})
    assert forged.content == plain.content and forged.status_code == plain.status_code
    differing = {key for key in {**plain.headers, **forged.headers} if plain.get(key) != forged.get(key)}
    assert differing <= {"X-Request-ID"}


@pytest.mark.parametrize("path", ["/", "/es/", "/crisis/", "/ask/"])
def test_an_unknown_query_changes_nothing_of_a_page(client, guide, path):
    assert client.get(f"{path}?utm_source=evil.example&next=//evil.example").content == client.get(path).content

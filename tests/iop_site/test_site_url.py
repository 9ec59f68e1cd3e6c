"""What follows from the public address, tried with the settings as a process loads them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = """SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE SESSION_COOKIE_NAME CSRF_COOKIE_NAME
    OWNER_COOKIE_NAME KNOWN_BROWSER_COOKIE_NAME ALLOWED_HOSTS SECURE_PROXY_SSL_HEADER DEFAULT_FROM_EMAIL""".split()
SCRIPT = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}))
"""


def settings_with(tmp_path, **environment) -> dict:
    clean = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "TRUSTED_PROXIES", "HOST")}
    clean |= {"DJANGO_SETTINGS_MODULE": "iop_site.settings", "DATA_DIR": str(tmp_path), **environment}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(result.stdout)


def test_https_turns_on_all_that_is_for_https(tmp_path):
    settings = settings_with(tmp_path, SITE_URL="https://guide.example", TRUSTED_PROXIES="1")
    assert settings == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "OWNER_COOKIE_NAME": "__Host-desk_owner",
        "KNOWN_BROWSER_COOKIE_NAME": "__Host-desk_known",
        "ALLOWED_HOSTS": ["guide.example"],
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "DEFAULT_FROM_EMAIL": "Dedicato <no-reply@guide.example>",
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_the_bind_address_plays_no_part(tmp_path, host):
    settings = settings_with(tmp_path, HOST=host)
    assert not settings["SECURE_SSL_REDIRECT"] and not settings["SESSION_COOKIE_SECURE"]
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


def test_without_a_trusted_proxy_no_forwarded_header_is_believed(tmp_path):
    assert settings_with(tmp_path, SITE_URL="https://guide.example")["SECURE_PROXY_SSL_HEADER"] is None

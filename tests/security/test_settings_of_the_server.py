"""What cannot be seen from outside: no mail about errors, no steering socket, no key in the repository."""

import os
import re
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY|FIELD_KEYS=['\"]?[a-z0-9-]+:[A-Za-z0-9+/]{43}=|AKIA[0-9A-Z]{16}")


@pytest.mark.django_db
def test_an_error_is_mailed_to_nobody(settings, monkeypatch):
    settings.ADMINS = [("Somebody", "somebody@example.com")]
    monkeypatch.setattr("iop_site.views.settings", None)
    answer = Client(raise_request_exception=False).post(reverse("robots"), {"words": "private"})
    assert answer.status_code == 405
    answer = Client(raise_request_exception=False).get(reverse("robots"), {"words": "private"})
    assert answer.status_code == 500 and "private" not in answer.content.decode()
    assert mail.outbox == []


def test_no_socket_steers_the_server():
    assert re.search(r"^control_socket_disable = True$", (ROOT / "gunicorn.conf.py").read_text(), re.M)


def files_of_the_repository():
    """Yield every file of the checkout but what .gitignore names: git itself may not be installed."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    ignored = {".git", *(line.rstrip("/") for line in lines if line and not line.startswith("#"))}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = set(folders) - ignored
        yield from (Path(folder, name) for name in names if name not in ignored)


def test_no_key_lies_in_the_repository():
    files = list(files_of_the_repository())
    assert Path(__file__).resolve() in files and ROOT / ".ci/run" in files
    assert [str(file) for file in files if file.is_file() and KEY.search(file.read_bytes())] == []


def test_what_is_ignored_is_named_plainly():
    """``files_of_the_repository`` reads names and folders, no patterns."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#") and re.search(r"[*?!\[]|/.", line)] == []

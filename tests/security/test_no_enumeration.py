"""Whether there is an account of a name is told neither by words nor by the work that a refusal takes."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from tests.factories import staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]


@pytest.mark.parametrize("username", ["known", "unknown", "inactive", "visitor", "ünknöwn"])
def test_every_refusal_hashes_one_password(client, monkeypatch, username):
    staff_user(username="known")
    staff_user(username="inactive", is_active=False)
    staff_user(username="visitor", is_staff=False)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or encode(self, password, salt)
    )
    client.post("/admin/login/", {"username": username, "password": "wrong"})
    assert len(hashed) == 1

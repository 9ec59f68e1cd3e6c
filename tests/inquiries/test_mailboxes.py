"""An address that is kept is the one that is mailed, letter for letter; each mailbox is counted under one name."""

import pytest
from django.core.mail.message import sanitize_address
from hypothesis import given, strategies as st

from inquiries.mailboxes import is_plain, mailbox
from inquiries.models import Inquiry
from inquiries.questions.kinds import Email
from tests.factories import staff_user
from tests.inquiries.form_pages import post

pytestmark = pytest.mark.once

PLAIN = ["rosa@example.com", "Rosa.Vega+iop@Example.com", "o'hara_j-7@mail.example.com", "rosa@münchen.example"]
OTHERWISE = [
    "=?utf-8?q?rosa?=@example.com", "=?utf-8?q?=72osa?=@example.com", "=?latin1?q?rosa?=@example.com",
    "=?utf-8?b?cm9zYQ==?=@example.com", "=?utf-8?q??=rosa@example.com", "rosa=?utf-8?q?x?=@example.com",
    "=?utf-8?q?rosa=40x.com?=@example.com", '"rosa"@example.com', '"ro\\sa"@example.com', "rosa(x)@example.com",
    "rosa@ｅxample.com", "rosa@example。com", "rosa@straße.example", "rosa@[127.0.0.1]", "rosa@[IPv6:::1]",
    "rosı@example.com", "rosa\u212a@example.com", "rosa\x07@example.com", "ro\u200bsa@example.com",
    "rosa@exa\u00admple.com",
    "Rosa <rosa@example.com>", "rosa@example.com, ana@example.com", "rosa", "@", "rosa@", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PLAIN)
def test_a_plain_address_is_kept_as_it_was_typed(address):
    assert is_plain(address) and Email().normal(address) == address


@pytest.mark.parametrize("address", OTHERWISE)
def test_an_address_that_is_mailed_as_another_is_not_plain(address):
    assert not is_plain(address)


@pytest.mark.django_db
@pytest.mark.parametrize("address", OTHERWISE[:8])
def test_the_form_refuses_it_in_plain_words_and_keeps_what_was_typed(client, address):
    page = post(client, "send", "question", email=address).content.decode()
    assert "Enter a full email address, like name@example.com" in page and not Inquiry.objects.exists()


@given(st.one_of(st.text(), st.from_regex(r"[\x20-\x7e]{1,12}@[a-zA-ZßÜſ.]{1,8}\.[a-z]{2}", fullmatch=True)))
def test_whatever_is_plain_is_what_the_mail_server_is_asked_for(address):
    if is_plain(address):
        local, _at, domain = address.rpartition("@")
        mailed, _at, to = sanitize_address(address, "utf-8").rpartition("@")
        assert (mailed, to.encode().decode("idna").lower()) == (local, domain.lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rosa@example.com", "R.osa+x@EXAMPLE.com"), ("rosa@gmail.com", "ro.sa@googlemail.com"),
        ("rosa@icloud.com", "rosa@me.com"), ("rosa@icloud.com", "rosa@mac.com"), ("rosa@proton.me", "r-o_sa@pm.me"),
        ("rosa@proton.me", "rosa@protonmail.com"), ("rosa@ya.ru", "rosa@yandex.com"), ("rosa@ya.ru", "rosa@yandex.ru"),
        ("rosa@münchen.example", "rosa@XN--mnchen-3ya.example"), ("rosa@MÜNCHEN.example", "rosa@münchen.example"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_mailbox_have_one_name(one, other):
    assert is_plain(one) and is_plain(other) and mailbox(one) == mailbox(other)


@pytest.mark.parametrize("other", ["rosa@outlook.com", "rosa@live.com", "rose@hotmail.com", "rosa@example.com"])
def test_two_mailboxes_have_two(other):
    assert mailbox("rosa@hotmail.com") != mailbox(other)


@pytest.mark.django_db
def test_an_account_is_not_given_such_an_address(client):
    client.force_login(staff_user(is_superuser=True))
    other = staff_user(username="ana", email="ana@example.com")
    typed = {"username": "ana", "first_name": "", "last_name": "", "email": OTHERWISE[0], "is_active": "on"}
    page = client.post(f"/admin/staff/user/{other.pk}/change/", typed).content.decode()
    other.refresh_from_db()
    assert "Enter a full email address" in page and other.email == "ana@example.com"
    client.post(f"/admin/staff/user/{other.pk}/change/", typed | {"email": "ana@münchen.example"})
    other.refresh_from_db()
    assert other.email == "ana@münchen.example"

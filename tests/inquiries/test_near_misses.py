"""An address that looks like a slip of the fingers is asked about on the check page, and never refused."""

import pytest

from inquiries.mailboxes import near_miss
from inquiries.models import Inquiry
from tests.inquiries.form_pages import Page, post, send

BY_EMAIL = {"contact_way": "email", "phone": ""}
SLIPS = {
    "rosa@gmial.com": "rosa@gmail.com",
    "Rosa.V+iop@gamil.com": "Rosa.V+iop@gmail.com",
    "rosa@gmail.con": "rosa@gmail.com",
    "rosa@gmail.co": "rosa@gmail.com",
    "rosa@gmailcom": "rosa@gmail.com",
    "rosa@hotmial.com": "rosa@hotmail.com",
    "rosa@Hotmai.com": "rosa@hotmail.com",
    "rosa@yahooo.com": "rosa@yahoo.com",
    "rosa@outlok.es": "rosa@outlook.es",
}
RIGHT = ["rosa@gmail.com", "rosa@GMAIL.com", "rosa@mail.com", "rosa@ymail.com", "rosa@example.com", "rosa@yahoo.fr", ""]


@pytest.mark.parametrize(("typed", "meant"), SLIPS.items())
def test_one_slip_from_a_common_host_is_seen(typed, meant):
    assert near_miss(typed) == meant


@pytest.mark.parametrize("typed", RIGHT)
def test_other_hosts_are_left_alone(typed):
    assert near_miss(typed) == ""


def test_the_check_page_asks_and_one_press_changes_the_address(client, db):
    asked = Page(post(client, "check", email="rosa@gmial.com", **BY_EMAIL))
    assert "Did you mean rosa@gmail.com?" in asked.text and "rosa@gmial.com" in asked.texts_of("dd")
    changed = Page(post(client, "email-meant", email="rosa@gmial.com", **BY_EMAIL))
    assert "Did you mean" not in changed.text and "rosa@gmail.com" in changed.texts_of("dd")
    assert changed.all("input", name="email")[0]["value"] == "rosa@gmail.com"
    assert not Inquiry.objects.exists()


def test_what_is_sent_all_the_same_is_kept_as_it_was_typed(client, db):
    send(client, email="rosa@gmial.com", **BY_EMAIL)
    assert Inquiry.objects.get().email == "rosa@gmial.com"


def test_an_address_that_is_not_needed_is_not_asked_about(client, db):
    assert "Did you mean" not in Page(post(client, "check", email="rosa@gmial.com")).text


def test_the_press_without_a_slip_shows_the_check_page_as_it_is(client, db):
    page = Page(post(client, "email-meant", email="rosa@example.com", **BY_EMAIL))
    assert "rosa@example.com" in page.texts_of("dd")

"""Robots and floods are marked, not dropped; only ten times the limit is refused."""

import pytest
from django.db import OperationalError

from inquiries.crypto.tokens import SubmissionKey
from inquiries.intake import requests
from inquiries.models import Inquiry, NetworkCount
from tests.inquiries.form_pages import Page, reference_in, send, without_receipt

pytestmark = pytest.mark.django_db


def reasons() -> list[str]:
    return list(Inquiry.objects.order_by("id").values_list("screening_reasons", flat=True))


def test_a_filled_trap_marks_the_inquiry_and_changes_nothing_else(client):
    caught, plain = send(client, remark="buy now"), send(client, remark=" ")
    assert reasons() == ["trap", ""]
    assert without_receipt(caught) == without_receipt(plain)


def test_above_the_limit_inquiries_are_marked_and_above_ten_times_refused(client, settings):
    settings.INQUIRY_LIMIT_PER_HOUR = 2
    codes = [send(client).status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]
    assert reasons() == ["", "", *["limit"] * 3, *["many"] * 15]
    assert not Inquiry.objects.filter(set_aside_at__isnull=False).exists()
    assert send(client, remark="x").status_code == 429


def test_a_second_reason_sets_aside_only_from_three_times_the_limit(client, settings):
    """Many people of a shelter or a carrier share one network, and one of them may fill the hidden box."""
    settings.INQUIRY_LIMIT_PER_HOUR = 2
    for number in range(5):
        send(client, remark="x" if number > 1 else "")
    assert reasons() == ["", "", *["trap limit"] * 3]
    assert not Inquiry.objects.filter(set_aside_at__isnull=False).exists()
    for answers in ({}, {"remark": "x"}, {"question": "See http://a.example"}, {"question": "suicide", "remark": "x"}):
        send(client, **answers)
    assert reasons()[5:] == ["many", "trap many", "many link", "trap many"]
    aside = Inquiry.objects.order_by("id").values_list("set_aside_at", flat=True)[5:]
    assert [at is not None for at in aside] == [False, True, True, False]


def test_what_is_stored_already_is_neither_counted_nor_refused(client, settings):
    settings.INQUIRY_LIMIT_PER_HOUR = 1
    token = SubmissionKey.new().token()
    first = reference_in(send(client, token=token))
    assert {reference_in(send(client, token=token)) for _ in range(12)} == {first}
    assert NetworkCount.objects.get().count == 1
    NetworkCount.objects.update(count=50)
    assert send(client).status_code == 429
    assert reference_in(send(client, token=token)) == first
    assert reasons() == [""]


def test_nought_switches_the_limit_off(client, settings):
    settings.INQUIRY_LIMIT_PER_HOUR = 0
    assert [send(client).status_code for _ in range(12)] == [200] * 12
    assert set(reasons()) == {""} and not NetworkCount.objects.exists()


def test_a_counter_that_fails_costs_nobody_an_inquiry(client, monkeypatch):
    def fail(*args):
        raise OperationalError

    monkeypatch.setattr(NetworkCount.objects, "add", fail)
    assert send(client).status_code == 200
    assert reasons() == [""]


NETWORKS = [
    (0, "203.0.113.9", None, "203.0.113.9"),
    (0, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
    (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
    (0, "::ffff:203.0.113.9", None, "203.0.113.9"),
    (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
    (1, "10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
    (2, "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
    (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
    (1, "10.0.0.1", None, "10.0.0.1"),
    (1, "10.0.0.1", "nonsense", ""),
    (0, "", None, ""),
]


@pytest.mark.parametrize(("proxies", "peer", "forwarded", "network"), NETWORKS)
def test_the_network_is_what_our_own_proxies_saw(rf, settings, proxies, peer, forwarded, network):
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    assert requests.network_of(rf.post("/", REMOTE_ADDR=peer, headers=headers)) == network


def test_no_address_is_kept(client):
    send(client)
    assert "127.0.0.1" not in NetworkCount.objects.get().network


def test_a_body_larger_than_any_form_is_refused_without_being_read(client, settings):
    response = client.post("/ask/me/", {"question": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    page = Page(response)
    assert (response.status_code, response["Cache-Control"]) == (413, "no-store")
    assert "We could not read this form" in page.text and page.all("a", href="tel:988")


def test_too_many_fields_are_refused(client):
    response = client.post("/ask/me/", {f"field{number}": "x" for number in range(300)})
    assert (response.status_code, response["Cache-Control"]) == (400, "no-store")
    assert "We could not read this form" in Page(response).text


@pytest.mark.parametrize("body", [b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name", b"\xff\xfe" * 50])
def test_a_broken_body_is_answered(client, body):
    response = client.post("/ask/me/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in (200, 400)


def test_a_file_is_passed_over(client):
    with open(__file__, "rb") as file:
        response = send(client, name=file)
    assert response.status_code == 200
    assert Page(response).problems == ["Enter a name we can use"]

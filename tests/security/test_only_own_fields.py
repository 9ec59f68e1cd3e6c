"""A form takes the fields it shows, once each, and only from the body of a POST."""

import pytest

from inquiries.models import Inquiry
from tests.inquiries.form_pages import ANSWERS, send

pytestmark = pytest.mark.django_db
FORGED = {
    "stage": "admitted", "owner": "1", "kind": "referral", "reference": "AA22-AA", "id": "77", "pk": "77",
    "uid": "7" * 32, "received_at": "2001-01-01", "due_at": "2001-01-01", "is_staff": "on",
    "is_canary": "on", "screening_reasons": "",
    "code_digest": "0" * 64, "submission_digest": "0" * 64, "way": "refer", "page_language": "es",
}  # fmt: skip


def test_what_the_form_does_not_ask_is_not_taken(client, guide):
    send(client, **FORGED)
    inquiry = Inquiry.objects.get()
    assert (inquiry.way, inquiry.kind, inquiry.page_language) == ("me", "contact", "en")
    assert inquiry.owner_id is None and not inquiry.is_canary and inquiry.reference != "AA22-AA"
    assert inquiry.pk != 77 and inquiry.received_at.year > 2001 and inquiry.code_digest != "0" * 64
    assert inquiry.stage == Inquiry._meta.get_field("stage").default


def test_of_a_field_sent_twice_the_last_one_counts(client, guide):
    send(client, name=["First Fictitious", "Last Fictitious"])
    assert Inquiry.objects.get().name == "Last Fictitious"


def test_the_address_fills_in_nothing_and_stores_nothing(client, guide):
    page = client.get("/ask/me/", ANSWERS["me"] | {"name": "Unheard Ofname", "step": "send"})
    assert page.status_code == 200 and "Unheard" not in page.content.decode()
    assert not Inquiry.objects.exists()

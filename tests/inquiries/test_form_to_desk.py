"""From the form to the desk: a discharge that cannot wait is first in line, and a given reference makes a pair."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Inquiry
from tests.factories import staff_user
from tests.inquiries.form_pages import Page, reference_in, send
from tests.inquiries.status_pages import open_with

pytestmark = pytest.mark.django_db
LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def intake(client):
    client.force_login(staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana"))
    return client


def status_text(client, code: str) -> str:
    return Page(open_with(client, code)).text


def test_the_discharge_tomorrow_is_due_first_and_its_card_says_so(intake):
    send(intake, "refer", name="Later")
    send(intake, "refer", name="Kim", how_soon="soon")
    soon, later = (Inquiry.objects.get(reference=row.reference) for row in Inquiry.objects.order_by("-id")[:2])
    assert (soon.how_soon, later.how_soon) == ("soon", "") and soon.due_at < later.due_at
    assert soon.due_at - timezone.now() > timedelta(0)
    assert [row.name for row in intake.get(LIST).context["page"].rows] == ["Kim", "Later"]
    card = Page(intake.get(reverse("admin:inquiries_inquiry_change", args=[soon.pk]))).text
    assert "Today or tomorrow" in card


def test_staff_confirm_the_pair_of_a_given_reference_and_no_sender_sees_it(intake):
    first = send(intake, "loved-one", name="Ana", phone="626 555 0111")
    second = send(intake, given_reference=reference_in(first))
    codes = [Page(answer).texts_of("b", class_="code")[-1] for answer in (first, second)]
    before = [status_text(intake, code) for code in codes]
    older, newer = Inquiry.objects.order_by("id")
    address = reverse("admin:inquiries_inquiry_change", args=[newer.pk])
    assert older.reference in Page(intake.get(address)).text
    newer.refresh_from_db()
    link = reverse("admin:inquiries_inquiry_link", args=[newer.pk])
    intake.post(link, {"version": newer.version, "other": older.reference})
    assert list(newer.linked()) == [older]
    assert [status_text(intake, code) for code in codes] == before
    assert older.reference not in before[1] and newer.reference not in before[0]

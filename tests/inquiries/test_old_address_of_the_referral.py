"""The Spanish referral form moved: old links lead on, and a form that was open there is still taken."""

import pytest
from django.urls import reverse
from django.utils import translation

OLD = "/es/pedir-contacto/recomendar/"
pytestmark = pytest.mark.django_db


def test_an_old_link_leads_to_the_form(client, guide):
    with translation.override("es"):
        new = reverse("inquiries:ask_refer")
    response = client.get(OLD)
    assert new == "/es/pedir-contacto/referir/"
    assert (response.status_code, response.url) == (301, new)


def test_a_form_that_was_open_at_the_old_address_is_answered(client, guide):
    response = client.post(OLD, {"name": "Ana Ficticia"})
    assert response.status_code == 200 and b"Ana Ficticia" in response.content

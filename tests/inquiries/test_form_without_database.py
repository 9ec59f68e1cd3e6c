"""While the database is away the form is still shown, and nothing that was typed or stored is lost or denied."""

import pytest
from django.db import OperationalError, connection

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry
from tests.inquiries.form_pages import ANSWERS, PATHS, Page, get_page, post, reference_in, send

pytestmark = pytest.mark.django_db


def away(*args):
    raise OperationalError("could not connect to server: Connection refused")


def test_the_form_is_shown_in_both_languages(client):
    with connection.execute_wrapper(away):
        for way in PATHS:
            for path in PATHS[way].values():
                assert get_page(client, path).token


def test_answers_are_checked_and_changed(client):
    with connection.execute_wrapper(away):
        assert Page(post(client, "check")).hidden
        assert Page(post(client, "change")).value("name") == "Rosa Fictitious"
        assert Page(post(client, "check", name="")).problems


def test_sending_is_not_confirmed_and_may_be_repeated(client):
    token = SubmissionKey.new().token()
    with connection.execute_wrapper(away):
        response = send(client, token=token)
    page = Page(response)
    assert response.status_code == 503
    assert page.texts_of("h1") == ["We could not confirm it"]
    assert page.all("a", href="tel:988") and ("name", "Rosa Fictitious") in page.hidden
    again = client.post(PATHS["me"]["en"], page.pressing("send"))
    assert reference_in(again) == Inquiry.objects.get().reference
    assert ANSWERS["me"]["name"] == Inquiry.objects.get().name


def test_a_database_that_goes_away_after_the_commit_does_not_hide_the_reference(client, monkeypatch):
    stored = Inquiry.submit

    def submit_and_lose_the_database(inquiry, key):
        done = stored(inquiry, key)
        connection.execute_wrappers.append(away)
        return done

    monkeypatch.setattr(Inquiry, "submit", submit_and_lose_the_database)
    try:
        response = send(client)
    finally:
        connection.execute_wrappers.clear()
    assert response.status_code == 200
    assert reference_in(response) == Inquiry.objects.get().reference

"""Whoever finds a weakness learns whom to tell, once the owner has said whom."""

from datetime import UTC, datetime, timedelta

import pytest

from iop_site.env import Environment, SettingError

PATH = "/.well-known/security.txt"
pytestmark = pytest.mark.django_db


def test_while_nobody_is_named_there_is_no_such_page(client, guide):
    assert client.get(PATH).status_code == 404


def test_it_names_the_contact_and_ends_within_a_year(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@guide.example"
    answer = client.get(PATH)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@guide.example"
    assert fields["Canonical"] == f"{settings.SITE_URL}{PATH}"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.parametrize(
    "value", ["security@guide.example", "http://guide.example/", "mailto:a@b@c", "https://a\nContact: mailto:e@e", "x"]
)
def test_what_is_no_contact_stops_the_start(value):
    with pytest.raises(SettingError):
        Environment({"SECURITY_CONTACT": value}).contact("SECURITY_CONTACT")


@pytest.mark.parametrize("value", ["", "mailto:s@guide.example", "tel:+1-626-555-0100", "https://guide.example/tell"])
def test_what_is_a_contact_is_taken(value):
    assert Environment({"SECURITY_CONTACT": value}).contact("SECURITY_CONTACT") == value

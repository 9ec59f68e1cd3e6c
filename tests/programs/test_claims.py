"""What the center claims: in the words that were given, checked by someone, and gone the day after its last day."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from programs.models import Credential, Notice
from tests.factories import staff_user

pytestmark = pytest.mark.django_db
LAST_DAY = date(2027, 1, 31)
CENTER = ZoneInfo("America/Los_Angeles")
PAGES = ["/accreditation/", "/es/acreditacion/"]
Place, State = Notice.Place, Credential.State


def verified(**fields) -> Credential:
    credential = Credential.objects.get(key="dhcs")
    fields = {
        "checked_on": date(2026, 11, 2),
        "checked_by": "Kim Fictitious",
        "check_url": "https://example.com/dhcs",
        "expires_on": LAST_DAY,
    } | fields
    for name, value in fields.items():
        setattr(credential, name, value)
    credential.save()
    return credential


def notice(place, **fields) -> Notice:
    fields = {
        "text_en": f"Words of {place}.",
        "text_es": f"Palabras de {place}.",
        "link_text_en": "The list",
        "link_text_es": "La lista",
        "url_en": "https://example.com/en",
        "url_es": "https://example.com/es",
    } | fields
    row = Notice(place=place, **fields)
    row.full_clean(exclude=["key"])
    row.save()
    return row


def test_what_ships_is_not_yet_verified_and_the_page_makes_no_row_of_it(client, guide):
    assert {row.state(date(2026, 12, 1)) for row in Credential.objects.all()} == {State.NOT_VERIFIED}
    page = client.get("/accreditation/").content.decode()
    assert "#190913BP" in page and "HCO-ID #589332" in page and "Better Business Bureau" in page
    assert "erified" not in page and "Checked on" not in page and "A+" not in page


def test_a_verified_credential_says_when_and_until_and_where_to_check(client, guide):
    verified()
    with time_machine.travel(datetime(2026, 12, 1, 12, tzinfo=CENTER)):
        page = " ".join(client.get("/accreditation/").content.decode().split())
    assert "Checked on Nov. 2, 2026" in page and "valid until Jan. 31, 2027" in page
    assert 'href="https://example.com/dhcs"' in page
    assert "Kim Fictitious" not in page


@pytest.mark.parametrize("path", PAGES)
def test_at_midnight_at_the_center_after_its_last_day_a_credential_is_gone(client, guide, path):
    credential = verified()
    last_moment = datetime(2027, 1, 31, 23, 59, 59, tzinfo=CENTER)
    with time_machine.travel(last_moment, tick=False):
        assert credential.number in client.get(path).content.decode()
    with time_machine.travel(last_moment + timedelta(seconds=1), tick=False):
        assert credential.number not in client.get(path).content.decode()


def test_the_state_follows_from_what_was_entered(guide):
    credential = verified()
    assert credential.state(LAST_DAY) == State.VERIFIED
    assert credential.state(LAST_DAY + timedelta(days=1)) == State.EXPIRED
    credential.checked_on = None
    assert credential.state(LAST_DAY) == State.NOT_VERIFIED


@pytest.mark.parametrize(("days", "is_told"), [(61, False), (60, True), (1, True), (0, True), (-1, False)])
def test_staff_are_told_sixty_days_ahead(client, guide, days, is_told):
    credential = verified()
    editor = staff_user("programs.view_credential")
    with time_machine.travel(datetime(2027, 1, 31, 12, tzinfo=CENTER) - timedelta(days=days), tick=False):
        today = LAST_DAY - timedelta(days=days)
        assert (credential in Credential.objects.expiring(today)) == is_told
        client.force_login(editor)
        page = client.get(reverse("admin:programs_credential_changelist")).content.decode()
    assert ("run out within 60 days" in page) == is_told


@pytest.mark.parametrize(
    "fields", [{"checked_by": ""}, {"checked_on": date(2999, 1, 1)}], ids=["by nobody", "in the future"]
)
def test_a_check_has_a_name_and_a_day_that_has_come(guide, fields):
    with pytest.raises(ValidationError):
        verified(**fields).full_clean()


def test_no_notice_stands_anywhere_until_staff_enter_one(client, guide):
    assert not Notice.objects.exists()
    assert '<p lang="es">' not in client.get("/therapies/").content.decode()


@pytest.mark.parametrize("place", [place for place in Place if place != Place.HEALTH_PRIVACY])
def test_a_notice_stands_at_the_foot_of_every_page_in_its_language(client, guide, place):
    notice(place)
    english, spanish = client.get("/therapies/").content.decode(), client.get("/es/terapias/").content.decode()
    assert f"Words of {place}." in english and 'href="https://example.com/en"' in english
    assert f"Palabras de {place}." in spanish and 'href="https://example.com/es"' in spanish
    assert (f"Palabras de {place}." in english) == (place == Place.LANGUAGE_HELP)


@pytest.mark.parametrize(("path", "words"), [("/privacy/", "Words"), ("/es/privacidad/", "Palabras")])
def test_the_words_of_counsel_stand_on_the_privacy_page_alone(client, guide, path, words):
    notice(Place.HEALTH_PRIVACY)
    assert re.search(f"{words} (of|de) health-privacy", client.get(path).content.decode())
    assert "health-privacy" not in client.get("/therapies/").content.decode()


def test_a_credential_that_nobody_can_check_is_called_not_ready(admin_client, guide):
    loud = "Not ready to publish."
    assert loud in admin_client.get(reverse(MISSING)).content.decode()
    assert "NOT READY" in admin_client.get(reverse("admin:programs_credential_changelist")).content.decode()
    Credential.objects.update(expires_on=LAST_DAY, check_url="https://example.com/check")
    assert loud not in admin_client.get(reverse(MISSING)).content.decode()
    assert "NOT READY" not in admin_client.get(reverse("admin:programs_credential_changelist")).content.decode()


def test_the_home_page_names_each_credential_once_and_none_that_ran_out(client, guide):
    verified()
    main = client.get("/").content.decode().split("<main")[1].split("</main")[0]
    assert main.count('href="/accreditation/#dhcs"') == main.count('href="/accreditation/#joint-commission"') == 1
    assert "BBB" not in main
    with time_machine.travel(datetime(2027, 2, 1, tzinfo=CENTER), tick=False):
        assert "#dhcs" not in client.get("/").content.decode()


@pytest.mark.parametrize(("path", "words"), [("/ask/me/", "Words"), ("/es/pedir-contacto/yo/", "Palabras")])
def test_the_probation_check_stands_on_the_form_too(client, guide, path, words):
    notice(Place.PROBATION_CHECK)
    main = client.get(path).content.decode().split("<main")[1].split("</main")[0]
    assert f"{words} of" in main or f"{words} de" in main


def test_the_statements_of_the_state_stand_with_the_credentials(client, guide):
    for place in (Place.CERTIFICATION, Place.PROBATION_CHECK):
        notice(place)
    main = client.get("/accreditation/").content.decode().split("<main")[1].split("</main")[0]
    assert "Words of certification." in main and "Words of probation-check." in main


def test_a_notice_is_gone_after_its_last_day_and_without_its_spanish(client, guide):
    notice(Place.CERTIFICATION, expires_on=LAST_DAY, text_es="")
    with time_machine.travel(datetime(2027, 1, 31, 23, 59, 59, tzinfo=CENTER), tick=False):
        assert "Words of certification." in client.get("/therapies/").content.decode()
        assert "Words of certification." not in client.get("/es/terapias/").content.decode()
    with time_machine.travel(datetime(2027, 2, 1, 0, 0, 0, tzinfo=CENTER), tick=False):
        assert "Words of certification." not in client.get("/therapies/").content.decode()


def test_a_link_without_words_is_refused(guide):
    with pytest.raises(ValidationError, match="both its words and its address"):
        notice(Place.CERTIFICATION, link_text_en="")


def test_staff_enter_a_notice_by_its_place_alone(admin_client, guide):
    data = {
        "place": "certification",
        "text_en": "Fictitious words.",
        "text_es": "Palabras ficticias.",
        "is_published": 1,
    }
    response = admin_client.post(reverse("admin:programs_notice_add"), data)
    assert response.status_code == 302, response.context["errors"]
    assert Notice.objects.get().key == "certification"


MISSING = "admin:programs_siteprofile_missing"


def test_the_page_of_what_is_missing_names_each_fact_and_where_to_enter_it(admin_client, guide):
    page = admin_client.get(reverse(MISSING)).content.decode()
    for words in ("Phone", "Email", "Address", "Hours", "Insurers", "When we answer", "Areas served", "Last day"):
        assert f"<dt>{words}</dt>" in page
    for name in ("programs_siteprofile_change", "programs_facility_change", "programs_credential_change"):
        row = reverse(f"admin:{name}", args=[1]).replace("/1/", "/")
        assert row.split("change")[0] in page
    assert reverse("admin:programs_notice_add", query={"place": "certification"}) in page


def test_a_fact_that_was_entered_is_no_longer_missing(admin_client, guide):
    notice(Place.CERTIFICATION)
    verified()
    page = admin_client.get(reverse(MISSING)).content.decode()
    assert "place=certification" not in page
    assert page.count("(DHCS)</a>") == 0


def test_every_link_of_the_page_opens(admin_client, guide):
    response = admin_client.get(reverse(MISSING))
    for gaps in response.context["gaps"].values():
        for gap in gaps:
            assert admin_client.get(gap.links[0][1]).status_code == 200


def test_only_who_may_change_the_guide_sees_the_page(client, guide):
    client.force_login(staff_user("inquiries.view_inquiry"))
    assert client.get(reverse(MISSING)).status_code == 403
    client.force_login(staff_user("programs.change_siteprofile"))
    assert client.get(reverse(MISSING)).status_code == 200

"""How to reach somebody is published as a link only when it can be called or written to; staff are told what cannot."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from programs import structured_data
from programs.editing.content_gaps import all_gaps
from programs.models import CrisisLine, Facility, SiteProfile
from tests.factories import staff_user
from tests.programs.desk import CONTENT, address, send

pytestmark = pytest.mark.django_db
WHOLE = "Enter the whole number with its area code, like (626) 555-0100."


@pytest.fixture
def profile(guide):
    return SiteProfile.objects.get()


@pytest.fixture
def editor(client):
    client.force_login(staff_user(*CONTENT))
    return client


def contact_page(client) -> str:
    return client.get(reverse("programs:page", args=["contact"])).content.decode()


def facts() -> list[str]:
    return [str(gap.fact) for gaps in all_gaps().values() for gap in gaps]


@pytest.mark.parametrize("typed", ["callus555", "555-0100", "911", "call us"])
def test_a_number_that_nobody_can_call_is_refused_with_its_words_kept(editor, profile, typed):
    answer = send(editor, profile, "_publish", phone=typed)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert WHOLE in page and f'value="{typed}"' in page
    assert SiteProfile.objects.get().phone == ""


@pytest.mark.parametrize("typed", ["626 555 0100", "+1 626.555.0100", "1-626-555-0100"])
def test_a_number_is_published_as_it_is_written_at_home(editor, profile, typed):
    assert send(editor, profile, "_publish", phone=typed).status_code == 302
    assert '<a href="tel:6265550100">(626) 555-0100</a>' in contact_page(editor)


def test_the_number_of_a_program_is_looked_at_too(guide):
    row = Facility(title="Made up", key="made-up", phone="callus555")
    with pytest.raises(ValidationError):
        row.clean()
    row.phone = "6265550100 x3"
    row.clean()
    assert row.phone == "(626) 555-0100 ext. 3"


@pytest.mark.parametrize(
    ("number", "is_right"), [("988", True), ("911", True), ("1-800-662-4357", True), ("HELP", False)]
)
def test_a_hotline_may_be_as_short_as_988(guide, number, is_right):
    line = CrisisLine(key="made-up", title="Made up", call_number=number)
    if is_right:
        line.clean()
    else:
        with pytest.raises(ValidationError) as error:
            line.clean()
        assert "digits alone" in error.value.message_dict["call_number"][0]


def test_what_was_stored_before_is_plain_text_and_still_missing(client, profile):
    assert "a number that can be called" not in facts()
    SiteProfile.objects.update(phone="callus555", email="ana@example.com?bcc=x@y.example")
    Facility.objects.update(phone="callus555", verified_on="2026-01-01")
    CrisisLine.objects.filter(key="988").update(call_number="HELP", text_number="TEXT")
    page = contact_page(client)
    assert "callus555" in page and "tel:callus" not in page
    assert "ana@example.com?bcc" in page and "mailto:ana" not in page
    assert facts().count("a number that can be called") == 3 and facts().count("an address that can be written to") == 1
    about = structured_data._organization(SiteProfile.objects.get(), "https://guide.example")
    assert "telephone" not in about and "email" not in about
    for path in ("programs", "crisis"):
        page = client.get(reverse("programs:page", args=[path])).content.decode()
        assert "tel:callus" not in page and "tel:HELP" not in page and "sms:TEXT" not in page


def test_still_missing_names_the_row_to_change(editor, profile):
    SiteProfile.objects.update(phone="callus555")
    page = editor.get(reverse("admin:programs_siteprofile_missing")).content.decode()
    assert "a number that can be called" in page.lower() and address(profile, "change") in page


def test_an_address_that_carries_more_is_encoded(client, profile):
    SiteProfile.objects.update(email="ana?bcc=boss@example.com")
    assert 'href="mailto:ana%3Fbcc%3Dboss@example.com"' in contact_page(client)

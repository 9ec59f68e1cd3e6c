"""What can save a life stands where it is looked for, in both languages, and no clinician's name is missed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from programs.models import Section

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MISSING = "admin:programs_siteprofile_missing"
STOPPING = {"en": "stopping suddenly can be deadly", "es": "dejar de hacerlo de golpe puede ser mortal"}
SIGNS = {"en": ("seizure", "confused", "sees things"), "es": ("convulsiones", "confundido", "ve cosas")}
OVERDOSE = {
    "en": ("will not wake up", "not breathing well", "naloxone", "Stay with"),
    "es": ("no despierta", "no respira bien", "naloxona", "Quédese con"),
}
HOTLINE = 'href="tel:1-800-799-7233"'


def words_of(client, path):
    return " ".join(client.get(path).content.decode().split("<main")[1].split("</main")[0].split())


@pytest.mark.parametrize(
    ("path", "language"),
    [("/crisis/", "en"), ("/es/crisis/", "es"), ("/who-it-helps/", "en"), ("/es/a-quien-ayuda/", "es")],
)
def test_stopping_suddenly_is_told_with_its_danger_and_its_signs(client, guide, path, language):
    text = words_of(client, path)
    assert STOPPING[language] in text and all(sign in text for sign in SIGNS[language])
    assert "1-800-799-7233" in text and 'href="tel:911"' in text


@pytest.mark.parametrize(("path", "language"), [("/crisis/", "en"), ("/es/crisis/", "es")])
def test_the_crisis_page_tells_what_to_do_in_an_overdose(client, guide, path, language):
    text = words_of(client, path)
    assert all(words in text for words in OVERDOSE[language])


@pytest.mark.parametrize(
    ("path", "veterans", "deaf"),
    [("/crisis/", "Veterans: after you call, press 1", "Deaf or hard of hearing: text 988"),
     ("/es/crisis/", "Veteranos: después de llamar, pueden oprimir 1", "Personas sordas")],
)  # fmt: skip
def test_veterans_and_deaf_callers_find_their_way(client, guide, path, veterans, deaf):
    text = words_of(client, path)
    assert veterans in text and deaf in text and "711" in text


def clinical():
    return Section.objects.filter(is_clinical=True)


def test_what_needs_a_clinician_is_named_until_somebody_signs(admin_client, guide):
    assert {"crisis/overdose", "crisis/stopping", "crisis/lines", "who-it-helps/before-you-stop"} <= {
        section.key for section in clinical()
    }
    page = admin_client.get(reverse(MISSING)).content.decode()
    assert "Needs a clinician’s check" in page and "Who an IOP can help: Before you stop" in page
    for section in clinical():
        section.checked_by, section.checked_on = "Kim Fictitious, MD", date(2026, 11, 2)
        section.full_clean()
        section.save()
    assert "Needs a clinician’s check" not in admin_client.get(reverse(MISSING)).content.decode()


@pytest.mark.parametrize(
    "signed",
    [{"checked_by": "Kim"}, {"checked_on": date(2026, 11, 2)}, {"checked_by": "K", "checked_on": date(2999, 1, 1)}],
)
def test_a_check_has_a_name_and_a_day_that_has_come(guide, signed):
    section = clinical().first()
    for name, value in signed.items():
        setattr(section, name, value)
    with pytest.raises(ValidationError):
        section.full_clean()

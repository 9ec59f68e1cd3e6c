"""Every hostile text in every field of every way: no fault, no hang, nothing read as markup; the desk still opens."""

import unicodedata

import pytest
from django.core.management import call_command
from django.urls import reverse

from inquiries.models import Inquiry
from inquiries.questions import forms
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import reference_in
from tests.inquiries.hostile import HOSTILE, NAMES, assert_harmless, fields_of, is_markup, press, watchdog

pytestmark = pytest.mark.django_db
FORMS = {form.way: form for form in (forms.MeForm, forms.LovedOneForm, forms.ReferForm, forms.QuestionForm)}
PLACES = [(way, name) for way, form in FORMS.items() for name in fields_of(form)]


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.INQUIRY_LIMIT_PER_HOUR = 0


@pytest.mark.parametrize(("way", "name"), PLACES, ids=lambda part: str(part))
def test_hostile_texts_in_this_field(client, way, name):
    for number, value in enumerate(HOSTILE):
        step = "send" if number % 2 else "check"
        assert_harmless(press(client, step, way, {name: value}, "es" if number % 5 == 0 else "en"), value)
    for inquiry in Inquiry.objects.all():
        for field in Inquiry.PERSONAL_FIELDS:
            kept = getattr(inquiry, field)
            assert len(kept) <= 1000
            assert not [c for c in kept if unicodedata.category(c) == "Cc" and c != "\n"]
            assert unicodedata.is_normalized("NFC", kept)


@pytest.mark.parametrize("way", FORMS)
def test_hostile_texts_in_all_fields_at_once_and_twice(client, way):
    names = list(FORMS[way].base_fields)
    for value in HOSTILE:
        for step in ("check", "send", "change"):
            assert_harmless(press(client, step, way, {name: [value, value] for name in names}), value)


@pytest.mark.parametrize("way", FORMS)
def test_every_name_is_kept_code_point_for_code_point(client, way):
    for name in NAMES:
        for language in ("en", "es"):
            response = press(client, "send", way, {"name": name}, language)
            kept = Inquiry.objects.get(reference=reference_in(response)).name
            assert kept == unicodedata.normalize("NFC", name)


def test_the_desk_shows_hostile_texts_as_texts(client, capsys):
    client.force_login(staff_user(is_superuser=True))
    texts = [value for value in HOSTILE if isinstance(value, str) and "\0" not in value and len(value) <= 1000]
    for value in texts:
        inquiry = stored_inquiry(**dict.fromkeys(("name", "question", "organization", "role", "topics"), value))
        with watchdog():
            page = client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).content.decode()
        assert not (is_markup(value) and value in page), value
    with watchdog():
        listed = client.get(reverse("admin:inquiries_inquiry_changelist")).content.decode()
    assert not [value for value in texts if is_markup(value) and value in listed]
    call_command("export_inquiries")
    assert capsys.readouterr().out

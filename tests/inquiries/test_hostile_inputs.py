"""A sample of the hostile texts in the form; `make proof` tries each of them in every field."""

import unicodedata
from itertools import cycle

import pytest

from inquiries.models import Inquiry
from inquiries.questions import forms
from tests.inquiries.form_pages import reference_in
from tests.inquiries.hostile import HOSTILE, NAMES, assert_harmless, fields_of, press

pytestmark = pytest.mark.django_db
PLACES = [
    (form_class.way, name)
    for form_class in (forms.MeForm, forms.ReferForm, forms.LovedOneForm, forms.QuestionForm)
    for name in fields_of(form_class)
]


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) >= 200 and len(set(NAMES)) >= 23


def test_each_hostile_text_in_one_field_is_answered_and_escaped(client, settings):
    settings.INQUIRY_LIMIT_PER_HOUR = 0
    for value, (way, name) in zip(HOSTILE, cycle(PLACES), strict=False):
        assert_harmless(press(client, "send", way, {name: value}), value)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_kept_code_point_for_code_point(client, name):
    response = press(client, "send", "me", {"name": name})
    assert Inquiry.objects.get(reference=reference_in(response)).name == unicodedata.normalize("NFC", name)

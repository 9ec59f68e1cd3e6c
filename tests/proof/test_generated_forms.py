"""Generated forms, 1,250 for each way on each database: stored as typed, or shown again with what is wrong."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies as st

from inquiries.models import Inquiry
from inquiries.questions import forms
from tests.inquiries.form_pages import ANSWERS, PATHS
from tests.inquiries.hostile import HOSTILE, NAMES, assert_harmless, press, visible

pytestmark = pytest.mark.django_db
FORMS = {form.way: form for form in (forms.MeForm, forms.LovedOneForm, forms.ReferForm, forms.QuestionForm)}
EACH = 1250

odd = st.sampled_from("\0\x1b\r\n\t\u202e\u200b\u0301\u2028\ufeff<>&\"'{}%\\ñ李🙂ﷺ\U000e0041")
typed = st.one_of(
    st.text(max_size=60),
    st.text(odd, max_size=20),
    st.sampled_from(NAMES),
    st.sampled_from([value for value in HOSTILE if len(value) < 2000]),
    st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=3), st.integers(1, 1200)),
    st.from_regex(r"\A\+?[0-9 ().x-]{5,25}\Z"),
    st.emails(),
)


def answers_of(form_class):
    """Return a strategy of forms: most answers good, so that many forms are stored, and some of them anything."""
    good = ANSWERS[form_class.way]
    ways = {}
    for name, field in form_class.base_fields.items():
        known = st.just(good[name]) if name in good else st.just("")
        choices = [code for code, _label in getattr(field, "choices", ())]
        if choices:
            one = st.sampled_from(choices)
            ways[name] = st.one_of(known, one, st.lists(st.one_of(one, typed), max_size=3))
        else:
            ways[name] = st.one_of(known, known, typed)
    required = {name: way for name, way in ways.items() if name in good}
    return st.fixed_dictionaries(required, optional={name: ways[name] for name in ways if name not in required})


@pytest.mark.parametrize("way", FORMS)
def test_a_generated_form_is_stored_as_typed_or_told_what_is_wrong(way, settings):
    settings.INQUIRY_LIMIT_PER_HOUR = 0
    client, stored = Client(), []

    @given(answers=answers_of(FORMS[way]), language=st.sampled_from(sorted(PATHS[way])), step=st.just("send"))
    @settings_of_this_run
    def run(answers, language, step):
        page = assert_harmless(press(client, step, way, answers, language))
        texts = [name for name in ("name", "question") if isinstance(answers.get(name), str)]
        if not page.texts_of("b", class_="code"):
            assert page.problems
            for name in texts:
                assert same_words(page.value(name), answers[name]), name
            return
        inquiry = Inquiry.objects.get(reference=reference_in_page(page))
        stored.append(inquiry.pk)
        for name in texts:
            assert visible(getattr(inquiry, name)) == visible(answers[name]), name

    run()
    assert len(stored) > EACH / 20  # else the forms are all nonsense, and nothing was proved


settings_of_this_run = settings(
    max_examples=EACH, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
)


def same_words(shown: str, sent: str) -> bool:
    """Whether a field shows what was sent; line ends are as browsers read them, and a NUL was taken out and said."""
    return lines(shown) == lines(sent.replace("\0", ""))


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def reference_in_page(page) -> str:
    """Return the reference, which stands before the private code."""
    return page.texts_of("b", class_="code")[0]

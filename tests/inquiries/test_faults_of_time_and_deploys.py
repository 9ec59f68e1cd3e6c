"""A clock that jumps, a form of yesterday's code, a signing key that was changed: what was typed is sent once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry, OutboxNotice
from inquiries.worker import retention
from tests.inquiries.form_pages import ANSWERS, PATHS, Page, get_page, post, reference_in, send

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
OPTIONAL = ("good_times", "topics", "question")


@pytest.mark.parametrize("jump", [-DAY, DAY, -timedelta(hours=1), timedelta(hours=1)])
def test_a_form_opened_before_the_clock_jumped_is_sent_once(client, jump):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        token = get_page(client, PATHS["me"]["en"]).token
    with time_machine.travel(now + jump, tick=False):
        first, again = send(client, token=token), send(client, token=token)
    assert reference_in(first) == reference_in(again) == Inquiry.objects.get().reference


def test_the_order_of_events_is_not_the_clocks(client):
    now = timezone.now()
    token = SubmissionKey.new().token()
    send(client, token=token)
    with time_machine.travel(now - DAY, tick=False):
        send(client, token=token, name="Rosa Changed")
    inquiry = Inquiry.objects.get()
    assert [event.verb for event in inquiry.events.order_by("id")] == ["received", "amended"]
    assert inquiry.latest_answers()["name"] == "Rosa Changed"


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_nothing_waiting_is_erased_or_forgotten_by_a_jump(client, jump):
    send(client, "question")
    with time_machine.travel(timezone.now() + jump, tick=False):
        assert retention.purge(timezone.now()) == 0
    assert Inquiry.objects.get().name == ANSWERS["question"]["name"]
    later = timezone.now() + 2 * DAY
    assert list(OutboxNotice.objects.due(later)) == list(OutboxNotice.objects.all()) != []


@pytest.mark.parametrize("missing", OPTIONAL)
def test_a_form_of_older_code_that_lacks_an_optional_answer_is_taken(client, missing):
    answers = {name: value for name, value in ANSWERS["me"].items() if name != missing}
    newer = {"step": "send", "token": SubmissionKey.new().token(), "field_of_newer_code": "anything"}
    response = client.post(PATHS["me"]["en"], answers | newer)
    assert reference_in(response) == Inquiry.objects.get().reference


def test_a_form_opened_before_the_signing_key_changed_is_sent_by_the_old_key(client, settings):
    token = get_page(client, PATHS["me"]["en"]).token
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    assert reference_in(send(client, token=token)) == Inquiry.objects.get().reference


def test_without_the_old_key_every_word_is_kept_and_the_next_press_sends(client, settings):
    token = get_page(client, PATHS["me"]["en"]).token
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [], "n" * 60
    page = Page(send(client, token=token))
    assert not Inquiry.objects.exists()
    assert page.value("name") == "Rosa Fictitious"
    assert reference_in(send(client, token=page.token)) == Inquiry.objects.get().reference


def test_a_reload_of_the_answer_is_the_same_answer(client):
    """What Reload sends is the same form again."""
    page = Page(post(client, "check"))
    sent = [client.post(PATHS["me"]["en"], page.pressing("send")) for _ in range(3)]
    assert len({reference_in(answer) for answer in sent}) == 1 == Inquiry.objects.count()

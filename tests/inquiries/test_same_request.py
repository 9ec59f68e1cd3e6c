"""Staff say that two inquiries are one request: the newer is closed for them only, and nothing is lost or left over."""

import pytest
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry, InvalidTransition, StaleVersion
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
SOMEBODY_ELSE = "The sender of the newer one may be somebody else. Tell them nothing of the older."


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")
    client.force_login(user)
    return user


@pytest.fixture
def pair(db):
    return stored_inquiry(), stored_inquiry()


def case(client, inquiry) -> str:
    return " ".join(client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode().split())


def stored(inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


@pytest.mark.parametrize("place", [0, 1])
def test_from_either_page_the_newer_one_is_closed_and_both_are_linked(client, ana, pair, place):
    older, newer = pair
    page, other = pair[place], pair[1 - place]
    text = case(client, page)
    assert "Probable repeat" in text and "same answers, same phone" in text
    url = f"/admin/inquiries/inquiry/{page.pk}/same-request/"
    assert f'formaction="{url}"' in text
    client.post(url, {"version": stored(page).version, "other": other.reference})
    assert (stored(newer).outcome, stored(newer).told, stored(newer).due_at) == ("repeat", "not-told", None)
    assert stored(newer).closed_at and stored(older).due_at and not stored(older).closed_at
    assert stored(older).is_linked_to(newer)
    assert newer.events.filter(verb="closed", detail="repeat,not-told", actor=ana).count() == 1


def test_both_pages_and_their_verbs_tell_staff_to_tell_nothing(client, ana, pair):
    older, newer = pair
    for inquiry in pair:
        assert SOMEBODY_ELSE in case(client, inquiry)
    newer.same_request(older, ana)
    for inquiry in pair:
        assert SOMEBODY_ELSE in case(client, inquiry)
        message = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/message/").content.decode()
        assert SOMEBODY_ELSE in message
    lone = stored_inquiry(name="Kim", phone="+16265550199")
    assert SOMEBODY_ELSE not in case(client, lone)


def test_the_same_phone_with_other_words_is_no_probable_repeat(client, ana, pair):
    third = stored_inquiry(question="Another", phone="+16265550142")
    text = case(client, third)
    assert "same phone" in text and "Probable repeat" not in text and "/same-request/" not in text
    with pytest.raises(InvalidTransition):
        third.same_request(pair[0], ana)


@pytest.mark.parametrize("column", ["closed_at", "set_aside_at", "withdrawn_at", "erased_at"])
@pytest.mark.parametrize("place", [0, 1])
def test_only_two_that_are_in_work_are_the_same_request(client, ana, pair, column, place):
    Inquiry.objects.filter(pk=pair[place].pk).update(**{column: timezone.now(), "due_at": None})
    with pytest.raises(InvalidTransition):
        pair[1].same_request(pair[0], ana)
    assert [stored(one).outcome for one in pair] == ["", ""]


def test_new_words_in_the_newer_one_must_be_read_first(ana, pair):
    pair[1].add_words("Mornings are better.")
    with pytest.raises(InvalidTransition):
        pair[1].same_request(pair[0], ana)
    assert not stored(pair[1]).closed_at


def test_what_was_sent_last_is_compared(ana):
    key = SubmissionKey.new()
    older, newer = stored_inquiry(key), stored_inquiry()
    stored_inquiry(key, question="Changed?")
    with pytest.raises(InvalidTransition):
        newer.same_request(older, ana)


@pytest.mark.parametrize("place", [0, 1])
def test_a_page_that_was_overtaken_is_refused(ana, pair, place):
    page, other = pair[place], pair[1 - place]
    page.take(ana)
    with pytest.raises(StaleVersion):
        page.same_request(other, ana, version=1)
    assert not stored(pair[1]).closed_at


def test_an_inquiry_is_not_the_same_as_itself(ana, pair):
    with pytest.raises(InvalidTransition):
        pair[0].same_request(pair[0], ana)


def test_the_form_of_closing_does_not_offer_it(client, ana, pair):
    text = client.get(f"/admin/inquiries/inquiry/{pair[0].pk}/close/").content.decode()
    assert 'value="repeat"' not in text and 'value="same-person"' in text
    pair[0].opened(ana)
    with pytest.raises(InvalidTransition):
        pair[0].close("repeat", "call", ana)

"""While words of the sender are unread, the case begins with them, and offers nothing to call, text or write to."""

import pytest
from django.urls import reverse

from inquiries.models import Event, Inquiry
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
FIRST = "Read the new words first"
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
WAYS = [
    ("tel:+16265550142", {"contact_way": "call-voicemail"}),
    ("sms:+16265550142", {"contact_way": "text"}),
    ("mailto:rosa@example.com", {"contact_way": "email", "phone": "", "email": "rosa@example.com"}),
]


@pytest.fixture
def ana(client):
    user = staff_user(*RIGHTS, first_name="Ana")
    client.force_login(user)
    return user


def url(name, inquiry) -> str:
    return reverse(f"admin:inquiries_inquiry_{name}", args=[inquiry.pk])


def page(client, inquiry, name="change") -> str:
    return client.get(url(name, inquiry)).content.decode()


def read(client, inquiry):
    version = Inquiry.objects.get(pk=inquiry.pk).version
    return client.post(url("read_words", inquiry), {"version": version}, follow=True)


@pytest.mark.parametrize(("link", "answers"), WAYS)
def test_no_link_is_offered_until_the_words_were_read(client, ana, link, answers):
    inquiry = stored_inquiry(**answers)
    for name in ("change", "try", "sheet"):
        assert link in page(client, inquiry, name) and FIRST not in page(client, inquiry, name)
    inquiry.add_words("Do NOT call any more, he found out.")
    for name in ("change", "try", "sheet", "message", "close"):
        shown = page(client, inquiry, name)
        assert FIRST in shown, name
        for kind in ("tel:", "sms:", "mailto:"):
            assert kind not in shown, name
    shown = page(client, inquiry)
    assert shown.index(FIRST) < shown.index("How to reach Rosa safely")
    assert shown.index("he found out") < shown.index("How to reach Rosa safely")
    shown = read(client, inquiry).content.decode()
    assert link in shown and FIRST not in shown and "New words from the sender" in shown


def test_each_colleague_reads_them(client, ana):
    inquiry = stored_inquiry()
    inquiry.add_words("Mornings are better.")
    read(client, inquiry)
    client.force_login(staff_user(*RIGHTS))
    assert FIRST in page(client, inquiry)


def test_later_words_have_to_be_read_too(client, ana):
    inquiry = stored_inquiry()
    inquiry.add_words("Mornings are better.")
    read(client, inquiry)
    inquiry.add_words("Not in the morning.")
    assert FIRST in page(client, inquiry) and "tel:" not in page(client, inquiry)


def test_words_that_came_meanwhile_do_not_count_as_read(client, ana):
    inquiry = stored_inquiry()
    inquiry.add_words("Mornings are better.")
    version = Inquiry.objects.get().version
    inquiry.add_words("Do not call.")
    response = client.post(url("read_words", inquiry), {"version": version})
    assert response.status_code == 409 and FIRST in page(client, inquiry)


def test_reading_makes_no_page_of_a_colleague_stale(client, ana):
    inquiry = stored_inquiry()
    inquiry.add_words("Mornings are better.")
    version = Inquiry.objects.get().version
    read(client, inquiry)
    assert Inquiry.objects.get().version == version
    event = inquiry.events.get(verb=Event.Verb.WORDS_READ)
    assert event.actor == ana and "Read the new words" in page(client, inquiry)


def test_a_changed_plan_has_to_be_read_like_words(client, ana):
    inquiry = stored_inquiry()
    inquiry.change_plan({"contact_way": "text", "phone": "+16265550177", "email": ""}, "once")
    shown = page(client, inquiry)
    assert FIRST in shown and "sms:" not in shown
    assert "how to reach this person" in shown.partition("How to reach Rosa")[0].lower()
    assert "sms:+16265550177" in read(client, inquiry).content.decode()


def test_what_was_answered_is_not_shown_as_new(client, ana):
    inquiry = stored_inquiry()
    inquiry.add_words("Mornings are better.")
    inquiry.write_message("Thank you.", ana)
    assert FIRST not in page(client, inquiry)
    inquiry.add_words("One thing more.")
    top = page(client, inquiry).partition("How to reach Rosa")[0]
    assert "One thing more." in top and "Mornings" not in top


def test_who_may_only_look_is_shown_no_link_either(client):
    inquiry = stored_inquiry()
    inquiry.add_words("Do not call.")
    client.force_login(staff_user("inquiries.view_inquiry"))
    assert FIRST in page(client, inquiry) and "tel:" not in page(client, inquiry)
    assert client.post(url("read_words", inquiry), {"version": 1}).status_code == 403

"""Sending stores everything or nothing, and once for each submission key."""

from threading import Thread

import pytest
from django.db import DatabaseError, connection

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, IndexToken, Inquiry, InquiryText, OutboxNotice, inquiry as inquiry_module
from tests.factories import staff_user, stored_inquiry, unsent_inquiry

pytestmark = pytest.mark.django_db


def test_a_sent_inquiry_has_its_event_its_tokens_and_its_notices():
    user = staff_user("inquiries.view_inquiry")
    inquiry = stored_inquiry(contact_way="email", email="rosa@example.com", phone="")
    assert [event.verb for event in inquiry.events.all()] == ["received"]
    assert inquiry.index_tokens.count() == 4  # two words of the name, one email, one in place of a reference
    notices = set(inquiry.notices.values_list("kind", "user"))
    assert notices == {("staff_new_inquiry", user.pk), ("sender_receipt", None)}


@pytest.mark.parametrize(
    ("way", "kind"), [("me", "contact"), ("question", "contact"), ("loved-one", "referral"), ("refer", "referral")]
)
def test_each_way_is_a_contact_or_a_referral(way, kind):
    assert stored_inquiry(way=way).kind == kind


def test_the_same_key_is_one_inquiry_and_one_reference():
    key = SubmissionKey.new()
    assert stored_inquiry(key).reference == stored_inquiry(key).reference
    assert (Inquiry.objects.count(), Event.objects.count(), InquiryText.objects.count()) == (1, 1, 0)


def test_the_same_key_with_other_answers_keeps_both():
    key = SubmissionKey.new()
    first = stored_inquiry(key)
    for _twice in range(2):
        assert stored_inquiry(key, phone="+16265550199", question="").reference == first.reference
    stored = Inquiry.objects.get()
    assert stored.phone == "+16265550142"
    assert "+16265550199" in stored.texts.get().body
    amended = stored.events.get(verb="amended")
    assert amended.fields == "contact_way email phone question"  # of the ways to be reached, all or none is named
    assert list(Inquiry.objects.found_by("626 555 0199")) == [stored]


def test_the_latest_answers_count_also_when_they_were_sent_before():
    key = SubmissionKey.new()
    ways = ["text", "call-voicemail", "text", "text", "call"]
    for way in ways:
        stored_inquiry(key, contact_way=way)
    stored = Inquiry.objects.prefetch_related("texts").get()
    assert stored.contact_way == "text"
    assert stored.latest_answers()["contact_way"] == "call"
    assert stored.texts.count() == 3  # the repeat of the same answers is none


def test_an_amendment_tells_staff():
    staff_user("inquiries.view_inquiry")
    key = SubmissionKey.new()
    stored_inquiry(key)
    stored_inquiry(key, question="Another one?")
    assert sorted(OutboxNotice.objects.values_list("kind", flat=True)) == ["staff_amended", "staff_new_inquiry"]


def test_an_amendment_is_kept_although_an_earlier_answer_cannot_be_read():
    key = SubmissionKey.new()
    stored_inquiry(key)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inquiries_inquiry SET question = 'v1:gone:AAAA'")
    stored_inquiry(key, phone="+16265550199")
    assert Inquiry.objects.get().latest_answers()["phone"] == "+16265550199"


def test_a_taken_reference_is_replaced(monkeypatch):
    taken = stored_inquiry().reference
    fresh = iter([taken, taken, "ZZ99-ZZ"])
    monkeypatch.setattr(inquiry_module, "new_reference", lambda: next(fresh))
    assert unsent_inquiry(reference=taken).submit(SubmissionKey.new()).reference == "ZZ99-ZZ"


@pytest.mark.parametrize("broken", [Event, IndexToken, OutboxNotice])
def test_when_one_part_fails_nothing_is_stored(monkeypatch, broken):
    staff_user("inquiries.view_inquiry")

    def fail(*args, **kwargs):
        raise DatabaseError("out of order")

    monkeypatch.setattr(broken.objects, "create" if broken is Event else "bulk_create", fail)
    with pytest.raises(DatabaseError):
        stored_inquiry()
    assert not Inquiry.objects.exists() and not IndexToken.objects.exists()
    assert not Event.objects.filter(account=None).exists()


@pytest.mark.parametrize(
    "fields",
    [{"is_active": False}, {"email": ""}, {"wants_inquiry_notices": False}, {"is_staff": False}],
)
def test_only_staff_who_may_see_inquiries_and_want_notices_get_them(fields):
    staff_user()  # without the permission
    staff_user("inquiries.view_inquiry", **fields)
    wanted = staff_user("inquiries.view_inquiry")
    assert [notice.user for notice in stored_inquiry().notices.all()] == [wanted]


def test_a_notice_holds_no_address_and_no_text():
    columns = {field.name for field in OutboxNotice._meta.get_fields()}
    assert columns == {
        "id", "kind", "inquiry", "user", "created_at",
        "next_try_at", "claimed_until", "attempts", "sent_at", "last_error",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_eight_parallel_sends_of_one_form_are_one_inquiry():
    references, errors = send_eight(SubmissionKey.new())
    assert not errors
    assert len(references) == 8 and len(set(references)) == 1
    assert (Inquiry.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_parallel_sends_of_changed_answers_are_one_amendment():
    key = SubmissionKey.new()
    first = stored_inquiry(key)
    references, errors = send_eight(key, question="Changed?")
    assert not errors
    assert set(references) == {first.reference}
    assert (Inquiry.objects.count(), InquiryText.objects.count()) == (1, 1)


def send_eight(key, **answers):
    """Send the same form eight times at once; return the references and the errors."""
    references, errors = [], []

    def send():
        try:
            references.append(stored_inquiry(key, **answers).reference)
        except Exception as error:  # the assertion below shows it
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return references, errors

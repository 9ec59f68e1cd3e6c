"""Where two open requests share a phone or an address, what one forbids the other does not allow."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import stats
from inquiries.desk.list_page import ListPage
from inquiries.models import Event, Inquiry, InvalidTransition, joined_plans
from inquiries.models.joined_plans import AT_ODDS, MEANS
from inquiries.worker import mailer
from programs.models import SiteProfile
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page
from tests.inquiries.status_pages import open_with, press

pytestmark = pytest.mark.django_db
PLAN = {"next_action": "contact-again", "due_at": timezone.now() + timedelta(days=2)}
NOT_AGREED = "These two do not agree: write on the status page, ask a supervisor."
OTHER_PHONE = {"phone": "+16265550143"}
BY_EMAIL = {"contact_way": "email", "phone": "", "email": "rosa@example.com"}


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")
    client.force_login(user)
    return user


def case(client, inquiry) -> str:
    page = client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]))
    return Page(page).text


def fresh(inquiry) -> Inquiry:
    return Inquiry.objects.prefetch_related("texts").get(pk=inquiry.pk)


def test_every_way_has_its_means():
    assert set(MEANS) == set(Inquiry.ContactWay)


def test_a_voicemail_that_one_forbids_the_other_does_not_allow(client, ana):
    older = stored_inquiry(contact_way="call-voicemail")
    newer = stored_inquiry(contact_way="call", question="Again")
    page = case(client, older)
    assert f"{newer.reference}, newer, says: do not leave a voicemail" in page
    assert "Do not leave a voicemail." in page and "A voicemail is OK" not in page.partition("What Rosa told us")[0]
    assert "says:" not in case(client, newer)
    with pytest.raises(InvalidTransition, match="no voicemail"):
        fresh(older).log_try("no-answer", ana, left_voicemail=True, **PLAN)
    form = client.get(reverse("admin:inquiries_inquiry_try", args=[older.pk])).content.decode()
    assert "left_voicemail" not in form
    rows = client.get(reverse("admin:inquiries_inquiry_changelist")).content.decode()
    assert "voicemail OK" not in rows


def test_where_nothing_is_left_both_say_so_and_neither_is_called_or_texted(client, ana):
    older, newer = stored_inquiry(contact_way="call-voicemail"), stored_inquiry(contact_way="text", question="Again")
    for one, words in ((older, "newer, says: do not call"), (newer, "older, says: do not send a text message")):
        page = client.get(reverse("admin:inquiries_inquiry_change", args=[one.pk])).content.decode()
        assert words in page and NOT_AGREED in page and "tel:" not in page and "sms:" not in page
        assert fresh(one).safe_way == AT_ODDS
        with pytest.raises(InvalidTransition, match="Write to the sender"):
            fresh(one).log_try("no-answer", ana, **PLAN)
        fresh(one).write_message("Hello.", ana)
        assert fresh(one).tries == 1  # the message is the contact
    rows = client.get(reverse("admin:inquiries_inquiry_changelist"), {"tab": "open"})
    assert "two do not agree" in rows.content.decode()


def test_who_then_asks_not_to_be_contacted_binds_the_number_of_before(client, ana, settings):
    settings.HAS_MAIL_SERVER = True
    older = stored_inquiry(**BY_EMAIL)
    newer = stored_inquiry(**BY_EMAIL, question="Again")
    newer.change_plan({"contact_way": "status-page", "phone": "", "email": ""}, "once")
    page = client.get(reverse("admin:inquiries_inquiry_change", args=[older.pk])).content.decode()
    assert "newer, says: do not write an email" in page and "mailto:" not in page
    mailer.deliver_due()
    mail.outbox.clear()  # the receipts, which go by a request's own way
    fresh(older).write_message("Hello.", ana)
    mailer.deliver_due()
    assert not any("rosa@example.com" in message.to for message in mail.outbox)


def test_who_gave_another_number_since_does_not_bind_the_one_of_before():
    older = stored_inquiry(contact_way="call-voicemail")
    newer = stored_inquiry(contact_way="call", question="Again")
    newer.change_plan({"contact_way": "call", "phone": "+16265550177", "email": ""}, "once")
    assert fresh(older).safe_way == "call-voicemail"


@pytest.mark.parametrize("state", ["closed", "set aside", "erased", "test"])
def test_only_what_is_open_binds(ana, state):
    older = stored_inquiry(contact_way="call-voicemail")
    newer = stored_inquiry(contact_way="text", question="Again", is_canary=state == "test")
    newer.opened(ana)
    ends = {
        "closed": lambda: newer.close("answered", "status-page", ana),
        "set aside": lambda: newer.set_aside(ana),
        "erased": newer.withdraw,
        "test": lambda: None,
    }
    ends[state]()
    assert fresh(older).safe_way == "call-voicemail"


def test_what_is_closed_because_the_other_goes_on_still_binds(ana):
    older = stored_inquiry(contact_way="call-voicemail")
    newer = stored_inquiry(contact_way="call", question="Again")
    newer.opened(ana)
    newer.close("same-person", "status-page", ana, other=older)
    assert fresh(older).safe_way == "call"


def test_an_equal_hash_of_another_number_binds_nobody(ana):
    older = stored_inquiry(contact_way="call-voicemail")
    newer = stored_inquiry(contact_way="text", phone="+16265550199")
    for token in older.index_tokens.values_list("token", flat=True):
        newer.index_tokens.get_or_create(token=token)
    assert fresh(older).safe_way == "call-voicemail"


def test_that_a_ban_was_shown_is_recorded_for_whose_it_is(client, ana):
    older = stored_inquiry(contact_way="call-voicemail")
    newer = stored_inquiry(contact_way="call", question="Again")
    client.get(reverse("admin:inquiries_inquiry_sheet", args=[older.pk]))
    assert newer.events.filter(verb=Event.Verb.SEEN, actor=ana).exists()


def test_no_sender_sees_that_another_request_exists(client):
    SiteProfile.objects.create(key="center", name="The center", phone="(626) 555-0100")
    alone, shared = SubmissionKey.new(), SubmissionKey.new()
    first = stored_inquiry(alone, phone="+16265550177")
    second = stored_inquiry(shared, contact_way="call-voicemail")
    stored_inquiry(contact_way="text", question="Again")
    pages = []
    for key, inquiry in ((alone, first), (shared, second)):
        opened = open_with(client, key.code)
        plan = press(client, opened, "plan")
        done = press(client, plan, "change-plan", contact_way="call-voicemail", phone=inquiry.phone)
        pages.append([Page(one).text.replace(inquiry.reference, "") for one in (opened, plan, done)])
    assert pages[0] == pages[1] and "Our phone number is" in pages[0][0]


def test_whom_nobody_may_call_is_not_among_those_good_to_call(ana):
    soon = timezone.localtime().replace(hour=12) + timedelta(days=9)
    noon = soon + timedelta(days=(7 - soon.weekday()) % 7)  # of a Monday

    def good_to_call():
        shown = ListPage({"now": "on", "tab": "open"}, ana, noon).rows
        assert len(shown) == stats.good_to_call(noon)
        return [row.inquiry for row in shown]

    older = stored_inquiry(contact_way="call-voicemail", good_times="any")
    assert good_to_call() == [older]
    stored_inquiry(contact_way="text", question="Again")
    assert good_to_call() == []


@pytest.mark.parametrize("way", [{}, BY_EMAIL], ids=["phone", "email"])
def test_no_step_and_no_receipt_tells_the_sender_that_another_request_forbids(client, ana, settings, way):
    settings.HAS_MAIL_SERVER = True
    stored_inquiry(**way).change_plan({"contact_way": "status-page", "phone": "", "email": ""}, "once")
    elsewhere = {name: value.replace("0142", "0143").replace("rosa", "vera") for name, value in way.items()}
    keys = SubmissionKey.new(), SubmissionKey.new()
    ours = stored_inquiry(keys[0], **way, question="Again"), stored_inquiry(keys[1], **(elsewhere or OTHER_PHONE))
    assert [fresh(one).safe_way == AT_ODDS for one in ours] == [True, False]
    mailer.deliver_due()
    got = {address for message in mail.outbox for address in message.to}
    assert ({"rosa@example.com", "vera@example.com"} <= got) == bool(way)
    for one in ours:
        fresh(one).write_message("Hello.", ana)
    pages = [
        Page(open_with(client, key.code)).text.replace(one.reference, "") for one, key in zip(ours, keys, strict=True)
    ]
    assert pages[0] == pages[1] and "We are contacting you Now" in pages[0]


def test_a_number_that_very_many_share_is_not_called_before_somebody_looked(ana, monkeypatch):
    older = stored_inquiry(contact_way="call")
    others = [stored_inquiry(contact_way="call-voicemail", question=f"{n}") for n in range(3)]
    alone = stored_inquiry(**OTHER_PHONE, contact_way="call-voicemail")
    monkeypatch.setattr(joined_plans, "MOST_READ", 3)
    monkeypatch.setattr(joined_plans, "ROWS_A_TERM", 0)
    assert {fresh(one).safe_way for one in (older, *others)} == {AT_ODDS}
    assert joined_plans.safe_ways([fresh(others[0]), fresh(alone)]) == {
        others[0].pk: AT_ODDS, alone.pk: "call-voicemail",
    }  # fmt: skip
    others[0].withdraw()
    assert fresh(others[1]).safe_way == "call"  # few enough to be read: the older forbids a voicemail

"""“Do not contact me. I will look here with my code”: nothing is asked for, and staff answer on that page alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, Inquiry, InvalidTransition, OutboxNotice
from inquiries.worker import mailer
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, get_page, post, send
from tests.inquiries.status_pages import open_with

pytestmark = pytest.mark.django_db
WAY = {"contact_way": "status-page", "phone": "", "email": ""}
NO_OTHER = "If you lose it, we cannot give you another"
PLANS = {
    "en": "We will not contact you. You look here with your code, and read our answer.",
    "es": "No nos comunicaremos con usted. Usted mira aquí con su código y lee nuestra respuesta.",
}


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")
    client.force_login(user)
    return user


def url(name, inquiry) -> str:
    return reverse(f"admin:inquiries_inquiry_{name}", args=[inquiry.pk])


def needing_work():
    return Inquiry.objects.from_people().needs_work(timezone.now())


@pytest.mark.parametrize("way", ["me", "loved-one", "question"])
def test_it_is_offered_and_says_before_send_that_a_lost_code_is_lost(client, way):
    form = get_page(client, f"/ask/{way}/")
    assert form.all("input", name="contact_way", value="status-page") and NO_OTHER in form.text
    check = Page(post(client, "check", way, **WAY))
    assert NO_OTHER in check.text and "may answer you on your status page" in check.text
    assert "may contact you in the way you chose" not in check.text


def test_a_professional_is_not_offered_it(client):
    form = get_page(client, "/ask/refer/")
    assert not form.all("input", name="contact_way") and "status page" not in form.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_neither_phone_nor_email_is_asked_for_or_kept(client, language):
    response = send(client, "me", language, **WAY | {"phone": "not a number", "email": "rosa@example.com"})
    inquiry = Inquiry.objects.get()
    assert (inquiry.reach_way, inquiry.phone, inquiry.email) == ("status-page", "", "")
    assert PLANS[language] in Page(response).text


def test_what_was_typed_beside_is_told_to_be_dropped(client):
    dropped = "You also typed a phone number or an email. We will not contact you, so we will not keep it."
    for typed in ({"phone": "626 555 0142"}, {"email": "rosa@example.com"}):
        assert Page(post(client, "check", **WAY | typed)).texts_of("p", class_="note")[-1] == dropped
    assert dropped not in Page(post(client, "check", **WAY)).text


def test_the_agreement_is_to_an_answer_on_the_status_page(client):
    form = get_page(client, "/ask/me/")
    assert form.texts_of("span", class_="if-uncontacted") == [
        "I agree that Dedicato Treatment Center may answer me on my status page."
    ]
    page = Page(post(client, "check", **WAY, agree=""))
    assert page.problems == ["Check the box if you agree that we may answer you on your status page"]


def test_the_sent_page_makes_the_code_the_main_thing(client):
    page = Page(send(client, **WAY))
    assert "We will not contact you: only this code shows you our answer." in page.text
    assert page.all("div", class_="ticket-code") and "We contact you in the way you chose." not in page.text
    assert not Page(send(client)).all("div", class_="ticket-code")


def test_nobody_is_mailed(client, settings):
    settings.HAS_MAIL_SERVER = True
    inquiry = stored_inquiry(**WAY)
    inquiry.write_message("Hello.", staff_user())
    assert not OutboxNotice.objects.filter(kind__in=OutboxNotice.TO_SENDER)
    mailer.deliver_due()
    assert not any("rosa" in to for message in mail.outbox for to in message.to)


def test_the_case_offers_a_message_and_nothing_else(client, ana):
    inquiry = stored_inquiry(**WAY)
    page = client.get(url("change", inquiry)).content.decode()
    assert "Write on the status page only." in page and "Do not call, text or email." in page
    for link in ("tel:", "sms:", "mailto:", url("try", inquiry)):
        assert link not in page
    assert page.count(url("message", inquiry)) == 2  # on the card, and among the verbs
    assert "counts as a contact try" in client.get(url("message", inquiry)).content.decode()
    assert "Status page only," in client.get(reverse("admin:inquiries_inquiry_changelist")).content.decode()


def test_a_try_is_refused(client, ana):
    inquiry = stored_inquiry(**WAY)
    plan = {"next_action": "contact-again", "due_at": timezone.now() + timedelta(days=2)}
    assert not inquiry.can("log_try")
    with pytest.raises(InvalidTransition, match="Write to the sender"):
        inquiry.log_try("wrote", ana, **plan)
    assert [str(told.value) for told in inquiry.allowed_told] == ["status-page", "not-told"]


def test_a_message_is_the_contact(client, ana):
    key = SubmissionKey.new()
    inquiry = stored_inquiry(key, **WAY)
    assert needing_work().count() == 1
    inquiry.write_message("There is a group on Tuesday.", ana)
    stored = Inquiry.objects.get()
    assert (stored.stage, stored.tries, stored.next_action) == ("contacting", 1, "contact-again")
    assert stored.first_tried_at and stored.due_at and not needing_work().exists()
    assert {event.detail for event in stored.events.filter(verb=Event.Verb.TRIED)} == {"wrote"}
    assert "There is a group on Tuesday." in Page(open_with(client, key.code)).text
    stored.write_message("And on Friday.", ana)
    assert Inquiry.objects.get().tries == 2


def test_a_message_to_who_is_called_begins_the_step_and_is_no_try(ana):
    inquiry = stored_inquiry()
    inquiry.write_message("Hello.", ana)
    assert (inquiry.stage, inquiry.tries, inquiry.first_tried_at) == ("contacting", 0, None)
    assert inquiry.next_action == "first-contact"


def test_a_message_on_what_is_closed_is_no_try(ana):
    inquiry = stored_inquiry(**WAY)
    inquiry.opened(ana)
    inquiry.close("answered", "status-page", ana)
    inquiry.write_message("Good luck.", ana)
    assert Inquiry.objects.get().tries == 0

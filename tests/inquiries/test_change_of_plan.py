"""A sender changes how to be reached by the private code, and everything at the desk follows at once."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk.export_formats import table_lines
from inquiries.models import Event, Inquiry, InquiryText, OutboxNotice
from inquiries.worker import mailer
from tests.factories import staff_user
from tests.inquiries.form_pages import Page, send
from tests.inquiries.status_pages import PATH, heading, open_with, press, sent
from tests.inquiries.test_status_deeds import aged, away

pytestmark = pytest.mark.django_db
VOICEMAIL = {"contact_way": "call-voicemail", "phone": "+16265550142"}
SILENT = {"contact_way": "call", "phone": "(626) 555-0177"}


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")
    client.force_login(user)
    return user


def plan_page(client, code, language="en"):
    return press(client, open_with(client, code, language), "plan", language)


def change(client, code, language="en", **plan):
    return press(client, plan_page(client, code, language), "change-plan", language, **plan)


def stored() -> Inquiry:
    return Inquiry.objects.prefetch_related("texts").get()


def case(client) -> str:
    return client.get(reverse("admin:inquiries_inquiry_change", args=[stored().pk])).content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_newest_plan_is_the_one_of_the_desk(client, language):
    _inquiry, code = sent(**VOICEMAIL)
    response = change(client, code, language, **SILENT, preferred_language="en", good_times=["evening", "morning"])
    assert heading(response) == ("Your request" if language == "en" else "Su solicitud")
    latest = stored()
    names = ("contact_way", "phone", "email", "preferred_language", "good_times", "name", "question")
    assert [latest.latest(name) for name in names] == [
        "call", "+16265550177", "", "en", "morning evening", "Rosa Peña", "Is there an evening group?",
    ]  # fmt: skip
    assert latest.may_call and not latest.may_leave_voicemail
    assert latest.contact_way == "call-voicemail"  # neither version is lost


def test_the_fields_start_empty_and_nothing_in_force_is_shown(client):
    _inquiry, code = sent(**VOICEMAIL, good_times="morning", email="")
    page = Page(plan_page(client, code))
    assert [page.value(name) for name in ("phone", "email")] == ["", ""]
    assert [page.chosen(name) for name in ("contact_way", "preferred_language", "good_times")] == [[], [], []]
    refused = Page(press(client, plan_page(client, code), "change-plan", contact_way="call"))
    done = Page(change(client, code, **SILENT))
    for shown in (page, refused, done):
        for secret in ("555-01", "6265550", "Rosa", "voicemail" if shown is done else "555-01"):
            assert secret not in shown.text


def test_what_is_asked_for_does_not_depend_on_what_is_in_force(client):
    """Or an empty number would tell whether one is known."""
    _inquiry, by_phone = sent(**VOICEMAIL)
    _other, by_email = sent(contact_way="email", phone="", email="rosa@example.com")
    for code in (by_phone, by_email):
        page = Page(change(client, code, contact_way="call"))
        assert page.problems == ["Enter a phone number so we can call or text you"]
        assert page.title.startswith("Error: ")
        assert Page(change(client, code)).problems == ["Choose a safe way to reach you"]


def test_a_language_or_a_time_left_empty_stays(client):
    _inquiry, code = sent(**VOICEMAIL, good_times="morning", preferred_language="es")
    change(client, code, **SILENT)
    assert (stored().latest("good_times"), stored().latest("preferred_language")) == ("morning", "es")


def test_a_professional_is_asked_for_a_work_phone_or_a_work_email(client):
    send(client, "refer", token=(key := SubmissionKey.new()).token())
    page = Page(plan_page(client, key.code))
    assert not page.all("input", name="contact_way") and page.all("input", name="phone")
    press(client, plan_page(client, key.code), "change-plan", email="kim@example.com")
    assert (stored().reach_way, stored().latest("phone"), stored().latest("email")) == (
        "email-work", "", "kim@example.com",
    )  # fmt: skip
    assert stored().latest("organization") == "A made-up clinic"


def test_the_timeline_tells_the_names_of_the_fields_and_no_value(client, ana):
    inquiry, code = sent(**VOICEMAIL)
    change(client, code, **SILENT, good_times=["evening"])
    event = inquiry.events.get(verb=Event.Verb.PLAN_CHANGED)
    assert event.fields == "contact_way email good_times phone" and event.actor is None
    assert "Changed how to be reached, on the status page" in case(client)
    change(client, code, contact_way="call", phone="626 555 0199")  # the number alone: none of the three is told apart
    assert inquiry.events.filter(verb=Event.Verb.PLAN_CHANGED).first().fields == "contact_way email phone"


def test_a_page_sent_again_changes_nothing_also_after_a_later_change(client):
    inquiry, code = sent(**VOICEMAIL)
    first = plan_page(client, code)
    for _ in range(3):
        press(client, first, "change-plan", **VOICEMAIL | {"phone": "626 555 0111"})
    change(client, code, contact_way="status-page")
    response = press(client, first, "change-plan", **VOICEMAIL | {"phone": "626 555 0111"})
    assert "We have it." in Page(response).text and stored().reach_way == "status-page"
    assert inquiry.events.filter(verb=Event.Verb.PLAN_CHANGED).count() == 2
    press(client, first, "change-plan", contact_way="email", email="rosa@example.com")  # Back, and another choice
    assert stored().reach_way == "email"


def test_the_sent_page_loaded_again_does_not_undo_it(client):
    key = SubmissionKey.new()
    send(client, token=key.token(), contact_way="call-voicemail")
    change(client, key.code, contact_way="status-page")
    send(client, token=key.token(), contact_way="call-voicemail")
    assert stored().reach_way == "status-page"
    send(client, token=key.token(), contact_way="text")  # other answers are the newest word
    assert stored().reach_way == "text"
    change(client, key.code, contact_way="status-page")
    change(client, key.code, contact_way="text", phone="(626) 555-0142")
    assert stored().reach_way == "text"


def test_staff_are_told_and_it_is_due(client):
    inquiry, code = sent(**VOICEMAIL)
    staff_user("inquiries.view_inquiry", wants_inquiry_notices=True)
    change(client, code, **SILENT)
    now = stored()
    assert now.sender_wrote_at and now.due_at <= timezone.now() and now.version > inquiry.version
    assert OutboxNotice.objects.filter(kind=OutboxNotice.Kind.STAFF_AMENDED).count() == 1


def test_list_filter_and_table_follow(client, ana):
    _inquiry, code = sent(**VOICEMAIL, good_times="any", preferred_language="en")
    changes = reverse("admin:inquiries_inquiry_changelist")
    assert "voicemail OK" in client.get(changes).content.decode()
    change(client, code, contact_way="email", email="rosa@example.com", good_times=["morning"])
    page = client.get(changes).content.decode()
    assert "Email only" in page and "Morning" in page and "voicemail" not in page
    [header, row] = list(
        csv.reader(io.StringIO("".join(table_lines([stored().pk], notice_first=False)).lstrip("\ufeff")))
    )
    told = dict(zip(header, row, strict=True))
    assert (told["contact_way"], told["phone"], told["email"]) == ("Email only.", "", "rosa@example.com")
    assert told["good_times"] == "Morning"


def test_mail_goes_to_the_address_of_today_and_to_nobody_who_took_it_back(client, settings):
    settings.HAS_MAIL_SERVER = True
    ana = staff_user()
    inquiry, code = sent(contact_way="email", phone="", email="old@example.com")
    change(client, code, contact_way="email", email="new@example.com")
    mailer.deliver_due()
    assert {to for message in mail.outbox for to in message.to} == {"new@example.com"}
    Inquiry.objects.get().write_message("Hello.", ana)
    change(client, code, contact_way="status-page")
    mail.outbox.clear()
    mailer.deliver_due()
    assert mail.outbox == []


def test_after_half_an_hour_every_choice_waits_for_the_code(client, monkeypatch):
    _inquiry, code = sent(**VOICEMAIL)
    page = open_with(client, code)
    with monkeypatch.context() as patch:
        aged(patch)
        old = press(client, page, "plan")
    asked = press(client, old, "change-plan", **SILENT, good_times=["evening", "morning"], words="And this.")
    assert stored().reach_way == "call-voicemail" and "is kept" in Page(asked).text
    assert "555-01" not in Page(asked).text  # carried, not shown
    data = {**Page(asked).pressing("open"), "code": code}
    again = client.post(PATH["en"], data)
    page = Page(again)
    assert "It has not been saved yet." in page.text and page.value("phone") == SILENT["phone"]
    assert page.chosen("contact_way") == ["call"] and page.chosen("good_times") == ["morning", "evening"]
    done = client.post(PATH["en"], {**Page(again).pressing("change-plan"), **SILENT, "good_times": ["morning"]})
    assert stored().reach_way == "call" and Page(done).value("words") == "And this."


def test_while_the_database_is_away_nothing_chosen_is_lost(client):
    _inquiry, code = sent(**VOICEMAIL)
    page = plan_page(client, code)
    with connection.execute_wrapper(away):
        lost = press(client, page, "change-plan", **SILENT, good_times=["evening", "morning"])
    assert lost.status_code == 503
    client.post(PATH["en"], Page(lost).pressing("change-plan"))
    assert (stored().reach_way, stored().latest("good_times")) == ("call", "morning evening")


def test_after_taking_back_an_old_page_changes_nothing(client):
    _inquiry, code = sent(**VOICEMAIL)
    page = plan_page(client, code)
    stored().withdraw()
    assert heading(press(client, page, "change-plan", **SILENT)) == "Your request was erased"
    assert not InquiryText.objects.exists()


def test_words_typed_and_not_sent_come_along(client):
    _inquiry, code = sent(**VOICEMAIL)
    page = press(client, open_with(client, code), "plan", words="Half a sentence")
    assert "Half a sentence" not in Page(page).text
    assert Page(press(client, page, "change-plan", **SILENT)).value("words") == "Half a sentence"
    page = press(client, open_with(client, code), "plan", words="Half a sentence")
    assert Page(press(client, page, "show")).value("words") == "Half a sentence"


def test_what_was_typed_beside_is_dropped_and_told(client):
    _inquiry, code = sent(**VOICEMAIL)
    response = change(client, code, contact_way="status-page", phone="626 555 0177")
    assert "so we will not keep it" in Page(response).text and stored().latest("phone") == ""


def test_a_number_changed_by_the_code_is_not_confirmed_until_somebody_spoke_with_them(client, ana):
    _inquiry, code = sent(**VOICEMAIL)
    change(client, code, contact_way="call", phone="626 555 0142")  # another way, the same number
    assert "not confirmed" not in case(client)
    change(client, code, **SILENT)
    tries = reverse("admin:inquiries_inquiry_try", args=[stored().pk])
    day = timezone.localtime().strftime("%A, %B").split(",")[0][:3]
    assert f"was changed on the status page on {day}" in case(client) and "not confirmed." in case(client)
    page = client.get(tries).content.decode()
    assert "not confirmed." in page and "¿Con quién hablo?" in page and "Say no name, no place and no topic" in page
    plan = {"next_action": "contact-again", "due_at": timezone.now() + timedelta(days=2)}
    stored().log_try("no-answer", ana, **plan)
    assert "not confirmed." in case(client)
    stored().log_try("spoke", ana, **plan)
    assert "not confirmed." not in case(client) and "¿Con quién hablo?" not in client.get(tries).content.decode()


def test_a_number_corrected_by_the_form_itself_is_none_of_the_code(client, ana):
    key = SubmissionKey.new()
    for phone in ("626 555 0142", "626 555 0143"):
        send(client, token=key.token(), phone=phone)
    assert "not confirmed" not in case(client)


def test_changes_are_limited_with_every_choice_kept(client):
    _inquiry, code = sent(**VOICEMAIL)
    for number in range(30):
        assert change(client, code, contact_way="text", phone=f"626 555 01{number:02}").status_code == 200
    response = change(client, code, contact_way="text", phone="626 555 0199")
    assert response.status_code == 429 and Page(response).value("phone") == "626 555 0199"


def test_a_slip_in_a_mail_host_is_asked_about_once_and_taken_either_way(client):
    _inquiry, code = sent(**VOICEMAIL)
    slip = {"contact_way": "email", "email": "rosa@gmial.com", "good_times": "evening"}
    asked = Page(change(client, code, **slip))
    assert "Did you mean rosa@gmail.com?" in asked.text and asked.value("email") == "rosa@gmial.com"
    assert asked.title.startswith("Change how we reach you") and stored().reach_way == "call-voicemail"
    meant = press(client, change(client, code, **slip), "email-meant", **slip)
    assert (Page(meant).value("email"), Page(meant).chosen("good_times")) == ("rosa@gmail.com", ["evening"])
    press(client, meant, "change-plan", **slip | {"email": "rosa@gmail.com"})
    assert stored().latest("email") == "rosa@gmail.com"
    press(client, change(client, code, **slip), "change-plan", **slip)
    assert stored().latest("email") == "rosa@gmial.com"


def test_a_text_to_an_extension_is_asked_about(client):
    _inquiry, code = sent(**VOICEMAIL)
    page = Page(change(client, code, contact_way="text", phone="626 555 0177 x12"))
    [problem] = page.problems
    assert problem.startswith("A text message does not reach an extension.")
    assert stored().reach_way == "call-voicemail"


def test_another_language_is_named_in_a_field_beside_it(client, ana):
    _inquiry, code = sent(**VOICEMAIL, preferred_language="en")
    language = {"preferred_language": "other", "other_language": "Tagalog"}
    change(client, code, **SILENT, **language)
    assert "Tagalog" in case(client)
    change(client, code, **SILENT)  # left out, both stay
    change(client, code, **SILENT, preferred_language="other")
    assert (stored().latest("preferred_language"), stored().latest("other_language")) == ("other", "Tagalog")
    change(client, code, **SILENT, other_language="Armenian")  # the name alone says it, too
    assert stored().latest("other_language") == "Armenian"
    response = change(client, code, **SILENT, preferred_language="es", other_language="Tagalog")
    assert "the name of a language" in Page(response).text
    assert (stored().latest("preferred_language"), stored().latest("other_language")) == ("es", "")
    change(client, code, **SILENT, other_language="Armenian")
    assert stored().latest("preferred_language") == "other"


def test_of_a_professional_both_phone_and_email_are_kept(client):
    send(client, "refer", token=(key := SubmissionKey.new()).token())
    page = plan_page(client, key.code)
    done = press(client, page, "change-plan", phone="(626) 555-0177", email="kim@example.com")
    assert "We call first, and write if we do not reach you." in Page(done).text
    assert (stored().reach_way, stored().latest("email")) == ("call-work", "kim@example.com")

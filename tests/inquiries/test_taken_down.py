"""What staff take down of a call, a visit or a letter is an inquiry like others: same questions, same plan, a code."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import dashboard
from inquiries.desk.aloud_forms import FORMS, Aloud
from inquiries.desk.month import Month
from inquiries.models import Event, EventSeal, Figure, Inquiry, OutboxNotice, trail_texts
from inquiries.questions import forms
from inquiries.worker import mailer
from iop_site.staff import roles
from tests.factories import staff_in, staff_user, stored_inquiry
from tests.inquiries.form_pages import ANSWERS, Page
from tests.inquiries.status_pages import open_with

pytestmark = pytest.mark.django_db
ASKED = {form.way.value: form for form in (forms.MeForm, forms.LovedOneForm, forms.ReferForm, forms.QuestionForm)}
LIST = "admin:inquiries_inquiry_changelist"


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")
    client.force_login(user)
    return user


def path(way="me") -> str:
    return reverse(f"admin:inquiries_inquiry_new_{way.replace('-', '_')}")


def take_down(client, way="me", **answers):
    token = Page(client.get(path(way))).value("token")
    return client.post(path(way), {"token": token, **ANSWERS[way], "came_by": "phone", "agreed": "on", **answers})


def stored() -> Inquiry:
    return Inquiry.objects.prefetch_related("texts").get()


@pytest.mark.parametrize("way", FORMS)
def test_the_questions_are_those_of_the_form(client, ana, way):
    asked, aloud = ASKED[way].base_fields, FORMS[way].base_fields
    more = {*Aloud.base_fields, "first"}
    assert {name for name in aloud if name not in more} == set(asked) - {"agree", "remark", "first"}
    assert all(aloud[name].label == asked[name].label for name in aloud if name not in more)
    page = Page(client.get(path(way)))
    shown = {field["name"] for tag in ("input", "textarea") for field in page.all(tag) if "name" in field}
    assert set(aloud) <= shown


@pytest.mark.parametrize("way", FORMS)
def test_it_is_stored_as_the_form_would_store_it(client, ana, way):
    response = take_down(client, way)
    assert "It is taken down" in response.content.decode()
    inquiry = stored()
    form = ASKED[way](ANSWERS[way])
    assert form.is_valid(), form.errors
    assert inquiry.answers() == form.inquiry().answers()
    kind = "referral" if way in Inquiry.REFERRAL_WAYS else "contact"
    assert (inquiry.kind, inquiry.came_by, inquiry.is_in_work) == (kind, "phone", True)
    assert inquiry.due_at and inquiry.first_due_at and inquiry.opened_at and not inquiry.owner


@pytest.mark.parametrize(
    ("came_by", "said"),
    [
        ("phone", "by phone. Agreed to be contacted: said on the phone."),
        ("visit", "in a visit. Agreed to be contacted: said in the visit."),
        ("letter", "by letter. Agreed to be contacted: in the letter, or when we asked."),
    ],
)
def test_how_it_came_and_that_they_agreed_stand_in_the_timeline(client, ana, came_by, said):
    take_down(client, came_by=came_by)
    event = stored().events.get(verb=Event.Verb.TAKEN_DOWN)
    assert (event.actor, event.detail) == (ana, f"{came_by},agreed")
    page = Page(client.get(reverse("admin:inquiries_inquiry_change", args=[stored().pk])))
    assert f"Took it down by Ana: {said}" in page.text
    assert not list(trail_texts.faults())


@pytest.mark.parametrize("missing", ["agreed", "came_by", "name", "contact_way"])
def test_without_consent_or_an_answer_nothing_is_stored(client, ana, missing):
    page = Page(take_down(client, **{missing: ""}))
    assert page.title.startswith("Error: ") and page.problems and not Inquiry.objects.exists()
    assert page.value("question") == ANSWERS["me"]["question"]


def test_the_code_that_is_told_opens_the_status_page(client, ana):
    page = take_down(client).context
    assert Inquiry.objects.by_code(page["code"]) == stored()
    assert stored().reference in open_with(client, page["code"]).content.decode()


def test_the_same_page_sent_again_stores_nothing_more_and_shows_the_code_in_force_alone(client, ana):
    sent = {"token": SubmissionKey.new().token(), **ANSWERS["me"], "came_by": "phone", "agreed": "on"}
    code = client.post(path(), sent).context["code"]
    again = client.post(path(), {**sent, "name": "Somebody else"})
    assert again.context["code"] == code and stored().latest("name") == ANSWERS["me"]["name"]
    new = stored().give_new_code(ana)
    page = client.post(path(), sent).content.decode()
    assert "does not work any more" in page
    assert not any(digits in page for digits in (code[:4] + " " + code[4:8], new[:4] + " " + new[4:8]))


def test_a_page_of_another_site_s_making_is_not_stored_and_keeps_the_words(client, ana):
    sent = {"token": "made-up", **ANSWERS["me"], "came_by": "phone", "agreed": "on"}
    page = Page(client.post(path(), sent))
    assert not Inquiry.objects.exists() and page.value("name") == ANSWERS["me"]["name"]
    client.post(path(), {**sent, "token": page.value("token")})
    assert Inquiry.objects.count() == 1


def test_the_plan_is_the_one_that_was_chosen(client, ana):
    take_down(client, contact_way="call", phone="(626) 555-0177", email="rosa@example.com")
    inquiry = stored()
    assert inquiry.may_call and not inquiry.may_leave_voicemail and inquiry.email == ""
    assert (
        "Do not leave a voicemail."
        in client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).content.decode()
    )


def test_of_a_phone_and_an_email_the_one_that_comes_first_is_asked(client, ana):
    take_down(client, "refer", phone="(626) 555-0142", email="kim@example.com", first="email")
    assert (stored().contact_way, stored().phone) == ("email-work", "+16265550142")


def test_a_likely_slip_in_an_address_is_asked_about_once(client, ana):
    slip = {"contact_way": "email", "email": "rosa@gmial.com"}
    page = Page(take_down(client, **slip))
    assert "rosa@gmail.com" in page.text and not Inquiry.objects.exists()
    take_down(client, **slip, meant="rosa@gmial.com")
    assert stored().email == "rosa@gmial.com"


def test_words_of_danger_are_read_first_and_whoever_takes_them_down_gives_the_numbers(client, ana):
    page = take_down(client, question="I want to kill myself").content.decode()
    assert "Give them both numbers now: 911" in page and stored().is_read_first
    case = client.get(reverse("admin:inquiries_inquiry_change", args=[stored().pk])).content.decode()
    assert "Whoever took it down was asked to give 911 and 988" in case and "The page showed" not in case
    assert "Give them both numbers" not in take_down(client, question="Is there an evening group?").content.decode()


def test_staff_and_sender_are_told_as_of_every_inquiry(client, ana, settings):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry", wants_inquiry_notices=True)
    get_user_model().objects.filter(pk=ana.pk).update(wants_inquiry_notices=False)
    take_down(client, contact_way="email", email="rosa@example.com")
    kinds = set(OutboxNotice.objects.values_list("kind", flat=True))
    assert kinds == {OutboxNotice.Kind.STAFF_NEW_INQUIRY, OutboxNotice.Kind.SENDER_RECEIPT}
    mailer.deliver_due()
    assert "rosa@example.com" in {to for message in mail.outbox for to in message.to}


def test_they_are_counted_apart(client, ana):
    stored_inquiry()
    for came_by in ("phone", "phone", "visit"):
        take_down(client, came_by=came_by)
    EventSeal.objects.seal_up_to(Event.objects.order_by("-pk").first().pk)
    today = timezone.localdate()
    assert Figure.objects.taken_down(today - timedelta(days=7)) == {"phone": 2, "visit": 1, "letter": 0}
    rows = dashboard.desk(ana, timezone.now())["sources"]
    assert [(str(row["label"]), row["count"]) for row in rows] == [
        ("By the form", 1), ("By phone", 2), ("In a visit", 1), ("By letter", 0),
    ]  # fmt: skip


def test_the_month_tells_them_by_source(client, ana):
    stored_inquiry()
    take_down(client, came_by="letter")
    now = timezone.now()
    [table] = [one for one in Month.read(timezone.localdate().replace(day=1), now).tables if one.code == "came_by"]
    assert table.rows == [("by the form", 1), ("by phone", 0), ("in a visit", 0), ("by letter", 1)]


def test_the_list_is_narrowed_by_how_they_came(client, ana):
    by_form = stored_inquiry()
    take_down(client, came_by="visit")
    taken_down = Inquiry.objects.get(came_by="visit")
    page = client.get(reverse(LIST), {"tab": "open", "way": "visit"}).content.decode()
    assert taken_down.reference in page and by_form.reference not in page


def test_how_it_came_stays_in_the_shell_that_is_erased(client, ana):
    take_down(client)
    stored().erase()
    assert (stored().came_by, stored().name) == ("phone", "")


@pytest.mark.parametrize("role", [roles.CONTENT, None])
def test_who_may_not_change_inquiries_takes_none_down(client, role):
    client.force_login(staff_in(role) if role else staff_user("inquiries.view_inquiry"))
    assert client.get(reverse("admin:inquiries_inquiry_new")).status_code == 403
    assert client.get(path()).status_code == client.post(path(), {}).status_code == 403
    assert "New from a call" not in client.get("/admin/").content.decode()

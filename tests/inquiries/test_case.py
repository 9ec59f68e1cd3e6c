"""The page of one inquiry shows what is needed and offers only what is allowed; its verbs work and refuse."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk.actions import VERBS
from inquiries.models import Event, Inquiry, InquiryPair, MessageTemplate
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
IN_A_MONTH = f"{timezone.localdate() + timedelta(days=30)}T10:00"
NEXT = {"next_action": "contact-again", "when": IN_A_MONTH}


@pytest.fixture
def ana(client):
    user = staff_user(*RIGHTS, "inquiries.hold_inquiry", first_name="Ana")
    client.force_login(user)
    return user


def case(client, inquiry) -> str:
    return client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).content.decode()


def url(name, inquiry) -> str:
    return reverse(f"admin:inquiries_inquiry_{name.replace('-', '_')}", args=[inquiry.pk])


def post(client, name, inquiry, version=None, **data):
    version = version or Inquiry.objects.get(pk=inquiry.pk).version
    return client.post(url(name, inquiry), {"version": version, **data})


def test_the_instruction_stands_on_top_and_the_number_can_be_dialled(client, ana):
    page = case(client, stored_inquiry(good_times="afternoon", phone="+16265550142 x12"))
    for words in ("Do not leave a voicemail.", "Speak Spanish.", "Afternoon.", 'href="tel:+16265550142,12"'):
        assert words in page
    assert "Email and text are not offered: this person chose calls." in page


def test_the_second_of_a_professional_calls_or_writes_too_and_claims(client, ana):
    both = {"way": "refer", "phone": "+16265550142", "email": "kim@example.com"}
    for way in ("call-work", "email-work"):
        inquiry = stored_inquiry(**both, contact_way=way)
        for page in (case(client, inquiry), client.get(url("try", inquiry)).content.decode()):
            for href in ("tel:+16265550142", "mailto:kim@example.com"):
                assert re.search(rf'href="{re.escape(href)}" data-claim=', page), (way, href)
        inquiry.withdraw()
    inquiry = stored_inquiry(**both, contact_way="call-work")
    stored_inquiry(contact_way="text", phone=both["phone"])  # forbids the call, and what comes after it
    assert not re.search('href="(tel|mailto):', case(client, inquiry))


def test_a_professional_is_named_whole_and_the_language_is_that_of_the_client(client, ana):
    professional = {"way": "refer", "name": "Dr. Kim Lee", "preferred_language": "es"}
    for way in ("call-work", "email-work"):
        inquiry = stored_inquiry(**professional, contact_way=way, email="kim@example.com")
        page = case(client, inquiry)
        assert "How to reach Dr. Kim Lee safely" in page and "The client prefers Spanish." in page
        assert "Speak Spanish." not in page and "Write in Spanish." not in page
        inquiry.withdraw()


def test_who_chose_email_gets_no_number_to_call(client, ana):
    page = case(client, stored_inquiry(contact_way="email", phone="", email="rosa@example.com"))
    assert "tel:" not in page and 'href="mailto:rosa@example.com"' in page


def test_a_plan_that_cannot_be_read_allows_nothing(client, ana):
    inquiry = stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(contact_way="")
    page = case(client, inquiry)
    assert "tel:" not in page and "Do not contact this person." in page


def test_the_latest_answers_count_and_the_first_are_kept(client, ana):
    inquiry = stored_inquiry(contact_way="call-voicemail")
    inquiry.amend(Inquiry(way="me", name="Rosa", contact_way="text", phone="+16265550199", answers_digest="x"))
    Inquiry.objects.get().read_words(ana)
    page = case(client, inquiry)
    assert "sms:+16265550199" in page and "tel:" not in page
    assert "(626) 555-0142" in page and "First answers" in page and "New words from the sender" in page


def test_the_title_of_the_page_holds_no_name(client, ana):
    page = case(client, stored_inquiry(name="Zoraida"))
    assert "Zoraida" not in page.partition("</title>")[0]


def test_a_voicemail_is_asked_only_where_it_was_allowed(client, ana):
    assert "left_voicemail" not in client.get(url("try", stored_inquiry())).content.decode()
    allowed = stored_inquiry(contact_way="call-voicemail", phone="+16265550143")
    assert "left_voicemail" in client.get(url("try", allowed)).content.decode()


def test_a_try_is_logged_with_what_comes_next(client, ana):
    inquiry = stored_inquiry()
    response = post(client, "try", inquiry, result="no-answer", note="Rang", **NEXT)
    assert response.status_code == 302
    stored = Inquiry.objects.get()
    assert (stored.tries, stored.next_action, timezone.localtime(stored.due_at).hour) == (1, "contact-again", 10)
    assert "Rang" in case(client, inquiry)


@pytest.mark.parametrize(("button", "name"), [("move_on", "move-on"), ("close", "close")])
def test_a_try_leads_on_to_moving_or_closing(client, ana, button, name):
    inquiry = stored_inquiry()
    response = post(client, "try", inquiry, result="spoke", **{button: "1"})
    assert response["Location"] == url(name, inquiry)
    assert Inquiry.objects.get().tries == 1 and Inquiry.objects.get().due_at


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("try", NEXT, "Choose what happened on the call"),
        ("try", {"result": "spoke"}, "Choose what comes next"),
        ("try", {"result": "spoke", **NEXT, "day": "2099-01-01", "time": "10:00"}, "The try cannot be in the future"),
        ("next", {"next_action": "assess"}, "Choose when"),
        ("next", {"next_action": "assess", "when": "other"}, "Choose a day and a time"),
        ("next", {"next_action": "assess", "when": "2001-01-01T10:00"}, "Choose a time in the future"),
        ("close", {"told": "call"}, "Choose how it ended"),
        ("close", {"outcome": "answered"}, "Choose how the person was told"),
        ("close", {"outcome": "answered", "told": "not-told"}, "Say why in the note"),
        ("close", {"outcome": "unreached", "told": "status-page"}, "needs more contact tries"),
        ("close", {"outcome": "same-person", "told": "call", "other": "nobody"}, "No other inquiry has this reference"),
        ("link", {"other": ""}, "Type the other reference"),
        ("note", {"note": " "}, "Write the note first"),
        ("hold", {}, "Say why it is kept longer"),
        ("message", {"body": "About your REHAB"}, "Take out “rehab”"),
        ("message", {"body": "Sobre su adicción"}, "Take out “adiccion”"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(client, ana, name, data, error):
    inquiry = stored_inquiry()
    before = told()
    response = post(client, name, inquiry, **data)
    assert response.status_code == 200 and error in response.content.decode()
    assert told() == before


def test_a_stale_save_is_refused_and_the_words_are_kept(client, ana):
    inquiry = stored_inquiry()
    shown = inquiry.version
    inquiry.take(staff_user(*RIGHTS, first_name="Marisol"))
    before = Inquiry.objects.values().get()
    response = post(client, "try", inquiry, version=shown, result="spoke", note="Long words of mine", **NEXT)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Marisol changed this" in page and "Nothing was saved. Your words are below." in page
    assert "Long words of mine" in page and f'name="version" value="{before["version"]}"' in page
    assert Inquiry.objects.values().get() == before


@pytest.mark.parametrize("name", ["message", "hold"])
def test_a_stale_message_or_hold_is_refused_too(client, ana, name):
    inquiry = stored_inquiry()
    inquiry.take(ana)
    response = post(client, name, inquiry, version=1, body="Words", note="Words")
    assert response.status_code == 409 and not inquiry.texts.exists()


def test_taking_what_somebody_took_says_so(client, ana):
    inquiry = stored_inquiry()
    inquiry.take(staff_user(*RIGHTS))
    response = post(client, "take", inquiry)
    assert response.status_code == 409 and "Somebody has this inquiry already." in response.content.decode()


def test_to_take_asks_for_no_plan(client, ana):
    inquiry = stored_inquiry()
    assert post(client, "take", inquiry)["Location"] == url("change", inquiry)
    assert Inquiry.objects.get().owner == ana


def test_the_page_of_a_try_needs_its_result_alone_and_leads_to_the_next_person(client, ana):
    inquiry, other = stored_inquiry(), stored_inquiry(question="Other", phone="+16265550143")
    page = client.get(url("try", inquiry))
    form, words = page.context["form"], page.content.decode()
    ready = {name: form[name].value() for name in ("next_action", "when")}
    assert 'name="next_person"' in words and words.count(" checked") == 2
    response = post(client, "try", inquiry, result="no-answer", next_person="1", **ready)
    assert response["Location"] == url("change", other)
    stored = Inquiry.objects.get(pk=inquiry.pk)
    assert (stored.tries, stored.next_action) == (1, "contact-again") and stored.due_at > timezone.now()
    page = client.get(response["Location"]).content.decode()
    assert f"{inquiry.reference}: The try is logged." in page and url("undo", inquiry) in page


def test_without_a_next_person_none_is_offered(client, ana):
    inquiry = stored_inquiry()
    assert 'name="next_person"' not in client.get(url("try", inquiry)).content.decode()
    response = post(client, "try", inquiry, result="no-answer", next_person="1", **NEXT)
    assert response["Location"] == url("change", inquiry)


@pytest.mark.parametrize(("first", "second"), [("referral", "insurance"), ("insurance", "referral")])
def test_only_the_last_of_the_two_ticks_asks_what_comes_next(client, ana, first, second):
    inquiry = stored_inquiry()
    Inquiry.objects.update(stage="paperwork")
    response = post(client, first, inquiry)
    assert response.url == reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
    assert f"{second.capitalize()} is still open." in client.get(response.url).content.decode()
    assert post(client, second, inquiry).url == url("next", inquiry)


def test_after_closing_the_next_person_is_the_main_button(client, ana):
    inquiry, other = stored_inquiry(), stored_inquiry(name="Lupe", phone="+16265550143")
    following = f'<a class="verb verb-main" href="{reverse("admin:inquiries_inquiry_change", args=[other.pk])}">'
    assert following not in case(client, inquiry)
    inquiry.close("answered", "status-page", ana)
    page = case(client, inquiry)
    assert following in page and page.count("verb-main") == 1


def test_a_person_set_a_case_aside_without_a_list_of_reasons(client, ana):
    inquiry = stored_inquiry()
    inquiry.set_aside(ana)
    assert "Set aside by staff as a robot" in case(client, inquiry)


def test_closing_and_reopening(client, ana):
    inquiry = stored_inquiry()
    case(client, inquiry)
    refused = post(client, "close", inquiry, outcome="answered", told="call")
    assert "Log the call first." in refused.content.decode()
    Inquiry.objects.get().log_try("spoke", ana, next_action=None, due_at=None)
    post(client, "close", inquiry, outcome="answered", told="call")
    assert Inquiry.objects.get().closed_at
    assert "Reopen" in case(client, inquiry) and url("try", inquiry) not in case(client, inquiry)
    post(client, "reopen", inquiry, **NEXT)
    assert Inquiry.objects.get().due_at


def test_a_message_starts_from_a_template_in_the_language_of_the_person(client, ana):
    template = MessageTemplate.objects.create(title="T", body_en="Hello {name}", body_es="Hola {name}: {reference}")
    inquiry = stored_inquiry(name="Rosa")
    page = client.post(url("message", inquiry), {"fill": "1", "template": template.pk}).content.decode()
    assert f"Hola Rosa: {inquiry.reference}" in page
    assert not inquiry.texts.exists()
    post(client, "message", inquiry, body="Hola Rosa")
    assert inquiry.texts.get(kind="message").body == "Hola Rosa"


@pytest.mark.parametrize(("name", "is_linked"), [("link", True), ("not-same", False)])
def test_a_possible_duplicate_is_linked_or_dismissed(client, ana, name, is_linked):
    inquiry, other = stored_inquiry(), stored_inquiry(question="Other")
    assert other.reference in case(client, inquiry)
    post(client, name, inquiry, other=other.reference)
    assert InquiryPair.objects.get().is_linked is is_linked
    assert "No one else has this phone or email, or gave this reference." in case(client, inquiry)


def test_handing_over_needs_the_right_to_assign_or_to_own_it(client, ana):
    inquiry, marisol = stored_inquiry(), staff_user(*RIGHTS)
    assert post(client, "hand-over", inquiry, to=marisol.pk).status_code == 403
    page = case(client, inquiry)
    assert url("hand-over", inquiry) not in page and "A supervisor can hand it over." in page
    client.force_login(staff_user(*RIGHTS, "inquiries.assign_inquiry"))
    assert "A supervisor can hand it over." not in case(client, inquiry)
    assert post(client, "hand-over", inquiry, to=marisol.pk).status_code == 302
    assert Inquiry.objects.get().owner == marisol
    client.force_login(ana)
    assert "A supervisor, or whoever owns it, can hand it over." in case(client, inquiry)
    assert post(client, "hand-over", inquiry, to=ana.pk).status_code == 403
    assert Inquiry.objects.get().owner == marisol


def test_whoever_owns_an_inquiry_passes_it_on_or_gives_it_back(client, ana):
    inquiry, marisol = stored_inquiry(), staff_user(*RIGHTS)
    inquiry.take(ana)
    page = case(client, inquiry)
    assert url("hand-over", inquiry) in page and "You can give it back or pass it on" in page
    assert "I give it back" in client.get(url("hand-over", inquiry)).content.decode()
    assert post(client, "hand-over", inquiry, to=marisol.pk).status_code == 302
    assert Inquiry.objects.get().owner == marisol
    client.force_login(marisol)
    assert post(client, "hand-over", inquiry, to="nobody").status_code == 302
    assert Inquiry.objects.get().owner is None


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_who_may_only_look_uses_no_verb(client, verb):
    inquiry = stored_inquiry()
    client.force_login(staff_user("inquiries.view_inquiry"))
    assert client.get(url(verb.name, inquiry)).status_code == 403
    assert post(client, verb.name, inquiry).status_code == 403
    assert "csrfmiddlewaretoken" not in case(client, inquiry).partition('id="content"')[2]


def told() -> tuple:
    """All but who looked, and who has it in hand."""
    row = Inquiry.objects.values().get()
    del row["claimed_by_id"], row["claimed_at"]
    return row, Event.objects.exclude(verb__in=["seen", "claimed"]).count()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_verb_is_asked_by_get_and_done_by_post_only(client, verb):
    inquiry = stored_inquiry()
    client.force_login(staff_user(is_superuser=True))
    before = told()
    response = client.get(url(verb.name, inquiry))
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    assert told() == before


@pytest.mark.parametrize("rights", [(), ("inquiries.change_inquiry",), ("programs.change_therapy",)])
def test_who_may_not_see_inquiries_reaches_no_page_of_one(client, rights):
    inquiry = stored_inquiry()
    client.force_login(staff_user(*rights))
    for path in [url(verb.name, inquiry) for verb in VERBS] + [url("sheet", inquiry), url("change", inquiry)]:
        assert client.get(path).status_code == client.post(path).status_code == 403
    assert Event.objects.filter(account=None).count() == 1


@pytest.mark.parametrize("pk", ["0", "999999", "abc", "9" * 30, "1_2F"])
def test_what_is_no_inquiry_is_not_found(client, ana, pk):
    for name in ("change", "take", "sheet"):
        assert client.get(reverse(f"admin:inquiries_inquiry_{name}", args=[pk])).status_code == 404


def test_the_printed_sheet_is_recorded(client, ana):
    inquiry = stored_inquiry()
    assert "Rosa" in client.get(url("sheet", inquiry)).content.decode()
    assert inquiry.events.first().verb == "printed"


def test_an_erased_inquiry_shows_its_shell(client, ana):
    inquiry = stored_inquiry()
    inquiry.erase()
    page = case(client, inquiry)
    assert inquiry.reference in page and url("note", inquiry) not in page and "Erased" in page


def test_the_page_takes_a_fixed_number_of_queries(client, ana, django_assert_max_num_queries):
    inquiry = stored_inquiry()
    for number in range(20):
        inquiry.note(f"note {number}", ana)
        stored_inquiry(question=f"other {number}")
    with django_assert_max_num_queries(37):
        case(client, inquiry)


def test_the_next_person_is_one_link_away(client, ana):
    first, second = stored_inquiry(question="a"), stored_inquiry(question="b")
    page = case(client, first)
    assert "1 of 2" in page and url("change", second) in page


def same_box(page: str) -> str:
    return " ".join(re.search(r'aria-labelledby="same">(.*?)</section>', page, re.S)[1].split())


def test_who_could_be_the_same_person_is_told_apart_without_opening_each(client, ana):
    inquiry = stored_inquiry()
    earlier = stored_inquiry(name="Rosa Medina", received_at=datetime(2026, 4, 3, 20, tzinfo=UTC), question="Another")
    stored_inquiry(name="Zoraida", phone="+16265550199")
    box = same_box(case(client, inquiry))
    for words in (earlier.reference, "Rosa Medina", "same phone · open, Received", "Came in on April 3, 2026"):
        assert words in box, words
    assert "Zoraida" not in box


def test_a_name_that_cannot_be_read_spoils_its_own_line_only(client, ana):
    inquiry, damaged, whole = stored_inquiry(), stored_inquiry(name="Damaged"), stored_inquiry(name="Whole")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inquiries_inquiry SET name = 'v1:x:xxxx' WHERE id = %s", [damaged.pk])
    box = same_box(case(client, inquiry))
    assert damaged.reference in box and "cannot be read" in box
    assert whole.reference in box and "Whole" in box


def test_no_question_is_said_to_be_missing_that_was_asked_later(client, ana):
    key = SubmissionKey.new()
    first = stored_inquiry(key, question="")
    words = "No question was asked."
    assert words in case(client, first)
    stored_inquiry(key, question="Is there an evening group?")
    page = case(client, first)
    assert "Is there an evening group?" in page and words not in page

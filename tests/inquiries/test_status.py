"""The private code opens one request, shows where it is and nothing that its sender wrote."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from inquiries.crypto.tokens import luhn_digit
from inquiries.models import Event, Inquiry, InquiryText
from tests.factories import staff_user
from tests.inquiries.form_pages import Page, get_page, send
from tests.inquiries.status_pages import PATH, heading, open_with, press, sent

pytestmark = pytest.mark.django_db

Stage, NextAction, Outcome = Inquiry.Stage, Inquiry.NextAction, Inquiry.Outcome
CANARY = "Quetzalcanary"


def code_on(response) -> str:
    return Page(response).texts_of("b", class_="code")[1]


def steps(response) -> list[tuple[str, str]]:
    """Return each step of the tracker: its words, and whether it is done, now, or later."""
    page = Page(response)
    items = zip(page.all("li"), page.texts_of("li"), strict=True)
    place = next(
        number
        for number, text in enumerate(page.texts_of("li"))
        if text.startswith(("We have it", "Solicitud recibida"))
    )
    how_many = response.content.decode().split('class="steps tracker"')[1].split("</ol>")[0].count("<li")
    return [(text, state_of(item)) for item, text in list(items)[place : place + how_many]]


def state_of(item: dict) -> str:
    return "done" if item.get("class") == "is-done" else "now" if "aria-current" in item else "later"


@pytest.mark.parametrize(("language", "title"), [("en", "Your request"), ("es", "Su solicitud")])
def test_the_code_of_the_sent_page_opens_the_request(client, language, title):
    code = code_on(send(client, "me", language))
    assert re.fullmatch(r"(\d{4} ){3}\d{4}", code)
    response = open_with(client, code, language)
    assert heading(response) == title
    assert Inquiry.objects.get().reference in Page(response).text


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}", "\u200e{1}", "{1}\n"])
def test_what_stands_between_the_digits_does_not_matter(client, typed):
    _inquiry, code = sent()
    groups = [code[i : i + 4] for i in range(0, 16, 4)]
    typed = typed.format(code, " ".join(groups), "-".join(groups))
    assert heading(open_with(client, typed)) == "Your request"


def test_whoever_repeats_a_send_sees_the_same_code_again_and_a_new_form_has_its_own(client):
    first = send(client)
    assert code_on(client.post("/ask/me/", first.wsgi_request.POST)) == code_on(first)
    assert code_on(send(client, token=first.wsgi_request.POST["token"], name="Rosa F.")) == code_on(first)
    assert code_on(send(client)) != code_on(first)


def test_the_page_holds_nothing_that_the_sender_wrote_and_no_word_of_health(client):
    inquiry, code = sent(name=CANARY, question=f"{CANARY} asks", way="loved-one", relationship="parent")
    inquiry.add_words(f"{CANARY} adds")
    response = open_with(client, code)
    text = Page(response).text
    assert CANARY not in response.content.decode() and "5550142" not in response.content.decode()
    for word in ("loved", "Parent", "treatment", "Treatment", "IOP", "program", "therap"):
        assert word not in text, word
    assert not response.cookies and response["Cache-Control"] == "no-store"
    assert code not in response.content.decode()


def test_every_page_is_kept_by_nobody_and_titled_neutrally(client):
    _inquiry, code = sent()
    request = open_with(client, code)
    question = press(client, request, "ask")
    for response in (client.get(PATH["en"]), request, question, press(client, question, "withdraw")):
        assert response["Cache-Control"] == "no-store" and not response.cookies
        assert not re.search(r"IOP|treat|program|health", Page(response).title, re.IGNORECASE)
        assert code not in Page(response).title and code not in response.wsgi_request.get_full_path()


def test_reading_is_in_the_timeline_once_in_half_an_hour(client):
    inquiry, code = sent()
    for _ in range(3):
        open_with(client, code)
    assert inquiry.events.filter(verb=Event.Verb.STATUS_READ).count() == 1


WRONG = ["1" * 16, "1234 5678 9012 3452", "４" * 16, "<b>1234</b>" * 4, "OOOO 1111 2222 3333"]


def test_every_wrong_code_of_16_digits_gets_the_same_answer(client):
    answers = set()
    inquiry, code = sent()
    spoiled = code[:-1] + str((int(code[-1]) + 1) % 10)
    gone, erased = sent()[1], sent()[1]
    for other in Inquiry.objects.exclude(pk=inquiry.pk):
        other.withdraw()
    swapped = code[:-2] + str((int(code[-2]) + 1) % 10)
    for wrong in (*WRONG, spoiled, gone, erased, swapped + luhn_digit(swapped)):
        response = open_with(client, wrong)
        page = Page(response)
        assert page.problems == ["We did not find that code. Check the digits and try again"]
        typed = page.all("input", name="code")[0].get("value", "")
        html = response.content.decode()
        answers.add((response.status_code, re.sub(r' value="[^"]*"', "", html)))
        assert typed == "" or typed in wrong
    assert len(answers) == 1


def test_wrong_codes_are_limited_for_a_network_and_right_ones_are_not(client):
    _inquiry, code = sent()
    for _ in range(30):
        assert heading(open_with(client, code)) == "Your request"
    answers = [open_with(client, f"{number:016d}").status_code for number in range(25)]
    assert answers == [200] * 20 + [429] * 5
    response = open_with(client, code, words="Mornings")
    page = Page(response)
    assert response.status_code == 429 and response["Retry-After"] == "600"
    assert "Too many tries. Wait 10 minutes." in page.text and page.all("a", href="tel:988")
    assert page.value("code") == code and page.all("input", name="words")[0]["value"] == "Mornings"
    assert open_with(client.__class__(REMOTE_ADDR="203.0.113.9"), code).status_code == 200


def test_the_limit_is_over_after_ten_minutes(client, monkeypatch):
    _inquiry, code = sent()
    for number in range(21):
        open_with(client, f"{number:016d}")
    assert open_with(client, code).status_code == 429
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr("inquiries.models.spam.timezone.now", lambda: later)
    assert open_with(client, code).status_code == 200


STAGES = ["We have it", "We are contacting you", "First meeting", "Paperwork", "Start"]


@pytest.mark.parametrize("place", range(5))
def test_the_tracker_stands_at_the_stage(client, place):
    inquiry, code = sent()
    Inquiry.objects.update(stage=list(Stage)[place])
    found = steps(open_with(client, code))
    assert [state for _text, state in found] == ["done"] * place + ["now"] + ["later"] * (4 - place)
    assert [text.split(" Done")[0].split(" Now")[0] for text, _state in found] == STAGES


def test_the_second_step_of_whoever_is_not_contacted_is_here(client):
    _inquiry, code = sent(contact_way="status-page", phone="", email="")
    Inquiry.objects.update(stage=Stage.CONTACTING)
    text, state = steps(open_with(client, code))[1]
    assert text.startswith("We are writing to you here Now") and state == "now"


def test_a_question_has_three_steps_until_it_becomes_more(client):
    inquiry, code = sent(way="question", question="How long?")
    assert [text.split(" Now")[0] for text, _ in steps(open_with(client, code))] == [*STAGES[:2], "Answered"]
    Inquiry.objects.update(closed_at=timezone.now(), outcome=Outcome.ANSWERED)
    assert [state for _text, state in steps(open_with(client, code))] == ["done"] * 3
    Inquiry.objects.update(closed_at=None, outcome="", stage=Stage.ASSESSMENT)
    assert len(steps(open_with(client, code))) == 5


def test_a_closed_request_says_so_and_names_nobody_who_acts(client):
    inquiry, code = sent()
    Inquiry.objects.update(stage=Stage.CONTACTING, closed_at=timezone.now(), outcome=Outcome.UNREACHED, due_at=None)
    response = open_with(client, code)
    text = Page(response).text
    assert "This request is closed" in text and "Now:" not in text and "reach them" not in text
    assert [state for _text, state in steps(response)] == ["done"] + ["later"] * 4


@pytest.mark.parametrize(
    ("columns", "who"),
    [
        ({"next_action": NextAction.CONTACT_AGAIN}, "Now: our team"),
        ({"next_action": NextAction.WAIT}, "Now: you"),
        ({"next_action": NextAction.WAIT, "stage": Stage.PAPERWORK}, "Now: someone else"),
        ({"next_action": NextAction.WAIT, "sender_wrote_at": timezone.now()}, "Now: our team"),
    ],
)
def test_who_acts_next_is_told(client, columns, who):
    _inquiry, code = sent()
    Inquiry.objects.update(**columns)
    assert any(who in text for text, state in steps(open_with(client, code)) if state == "now")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "by Thursday, June 11"), ("es", "a más tardar el jueves 11 de junio")]
)
def test_by_when_is_told_while_it_is_not_over(client, monkeypatch, language, words):
    inquiry, code = sent()
    now = timezone.make_aware(timezone.datetime(2026, 6, 10, 9))
    monkeypatch.setattr("inquiries.promises.timezone.now", lambda: now)
    Inquiry.objects.update(due_at=now + timedelta(days=1))
    assert words in Page(open_with(client, code, language)).text
    Inquiry.objects.update(due_at=now - timedelta(minutes=1), first_due_at=now - timedelta(minutes=1))
    text = Page(open_with(client, code, language)).text
    assert "our team," not in text and "nuestro equipo," not in text


def test_messages_of_staff_are_shown_newest_first_and_notes_never(client):
    inquiry, code = sent()
    user = staff_user(first_name="Visible")
    for words in ("We called today.", "We <b>will</b> call again."):
        inquiry.write_message(words, user)
    inquiry.texts.create(kind=InquiryText.Kind.NOTE, body="A note of staff")
    response = open_with(client, code)
    text = Page(response).text
    assert text.index("We <b>will</b> call again.") < text.index("We called today.")
    assert "A note" not in text and "Visible" not in text and "Our team," in text


def test_a_message_that_does_not_open_spoils_only_itself(client):
    inquiry, code = sent()
    inquiry.write_message("We called today.", staff_user())
    inquiry.write_message("Swapped", staff_user())
    InquiryText.objects.filter(pk=inquiry.texts.first().pk).update(uid="00000000-0000-4000-8000-000000000000")
    text = Page(open_with(client, code)).text
    assert "We called today." in text and "We cannot show this message" in text


def test_the_code_form_does_not_let_the_browser_remember(client):
    field = get_page(client, PATH["en"]).all("input", name="code")[0]
    assert field["autocomplete"] == "off" and field["inputmode"] == "numeric"


def test_links_lead_to_the_status_page_in_both_languages(client, guide):
    for language, home in (("en", "/"), ("es", "/es/")):
        assert get_page(client, home).all("a", href=PATH[language])
        assert Page(send(client, "me", language)).all("a", href=PATH[language])

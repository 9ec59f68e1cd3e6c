"""A lost code: staff give a new one in a call that they placed, and the old one opens nothing from then on."""

import re

import pytest

from inquiries.crypto import tokens
from inquiries.crypto.tokens import StatusKey, SubmissionKey, luhn_digit
from inquiries.models import Event, Inquiry, InvalidTransition, StaleVersion
from inquiries.models.conversation import NO_CALL
from iop_site.staff import roles
from tests.factories import staff_in, staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, send
from tests.inquiries.status_pages import heading, open_with, press, sent

pytestmark = pytest.mark.django_db

NO_CALL_WAYS = [way for way in Inquiry.ContactWay.values if not way.startswith("call")]
CALL_METHODS = ["give_new_code", "take_back"]


@pytest.fixture
def desk(client):
    """A browser with somebody of the intake signed in."""
    browser = client.__class__()
    browser.force_login(staff_in(roles.INTAKE))
    return browser


def verb(desk, inquiry, name="new-code", **typed):
    inquiry.refresh_from_db()
    data = {"version": inquiry.version, "is_our_call": "on", **typed}
    return desk.post(f"/admin/inquiries/inquiry/{inquiry.pk}/{name}/", data)


def code_said(response) -> str:
    return Page(response).texts_of("p", class_="code-to-say")[0].replace(" ", "")


def test_the_new_code_opens_the_request_and_the_old_one_does_not(client, desk):
    inquiry, old = sent()
    given = verb(desk, inquiry)
    new = code_said(given)
    assert re.fullmatch(r"\d{16}", new) and new[-1] == luhn_digit(new[:-1]) and new != old
    assert Page(open_with(client, old)).problems == ["We did not find that code. Check the digits and try again"]
    assert heading(open_with(client, new)) == "Your request"


def test_it_is_shown_once_and_kept_nowhere(desk):
    inquiry, _old = sent()
    given = verb(desk, inquiry)
    new = code_said(given)
    assert "no-store" in given["Cache-Control"]
    again = desk.post(given.wsgi_request.path, given.wsgi_request.POST)  # the browser's own "send again?"
    assert again.status_code == 409 and new not in again.content.decode().replace(" ", "")
    case = desk.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    assert "Gave a new private code in a call" in case and new not in case.replace(" ", "")
    assert new not in repr(dict(desk.session.items()))
    assert new not in repr(list(Event.objects.values())) and new not in repr(list(Inquiry.objects.values()))
    assert Inquiry.objects.get().code_digest == tokens.code_digest(new)


def test_it_is_recorded_with_who_gave_it():
    ana, (inquiry, _old) = staff_user(), sent()
    inquiry.give_new_code(ana)
    event = inquiry.events.get(verb=Event.Verb.CODE_GIVEN)
    assert event.actor == ana and event.text is None


def test_staff_say_that_they_placed_the_call_before_a_code_is_made(client, desk):
    inquiry, old = sent()
    for name in ("new-code", "take-back"):
        asked = desk.get(f"/admin/inquiries/inquiry/{inquiry.pk}/{name}/")
        words = Page(asked).text
        assert "Only in a call that you placed, to the number of this plan." in words
        assert "Never by mail, text or voicemail." in words
        refused = verb(desk, inquiry, name, is_our_call="")
        assert "Call the number of this plan first." in Page(refused).text
    assert heading(open_with(client, old)) == "Your request"


@pytest.mark.parametrize("way", NO_CALL_WAYS)
@pytest.mark.parametrize(("name", "method"), zip(["new-code", "take-back"], CALL_METHODS, strict=True))
def test_who_did_not_ask_for_calls_is_called_for_nothing(client, desk, way, name, method):
    inquiry, old = sent(contact_way=way, email="rosa@example.com")
    case = desk.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    assert f"/{name}/" not in case
    refused = verb(desk, inquiry, name)
    assert refused.status_code == 409 and str(NO_CALL) in Page(refused).text
    with pytest.raises(InvalidTransition):
        getattr(inquiry, method)(staff_user())
    assert heading(open_with(client, old)) == "Your request"


@pytest.mark.parametrize("method", CALL_METHODS)
def test_the_plan_that_was_sent_last_decides(method):
    key = SubmissionKey.new()
    stored_inquiry(key)
    stored_inquiry(key, contact_way="text")
    with pytest.raises(InvalidTransition):
        getattr(Inquiry.objects.prefetch_related("texts").get(), method)(staff_user())
    assert Inquiry.objects.get().code_digest == tokens.code_digest(key.code) and Inquiry.objects.get().name


def test_a_page_of_the_desk_that_was_overtaken_gives_none():
    inquiry, old = sent()
    inquiry.add_words("Do not call any more.")
    for method in CALL_METHODS:
        with pytest.raises(StaleVersion):
            getattr(inquiry, method)(staff_user(), version=1)
    assert Inquiry.objects.by_code(old)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("step", ["add", "ask", "show", "withdraw"])
def test_an_open_page_of_the_status_ends(client, step, language):
    inquiry, old = sent()
    page = open_with(client, old, language)
    new = inquiry.give_new_code(staff_user())
    response = press(client, page, step, language, words="Mornings")
    assert Page(response).all("input", name="code") and inquiry.reference not in Page(response).text
    assert not inquiry.texts.exists() and Inquiry.objects.get().name
    again = press(client, response, "open", language, code=new)
    assert heading(again) == ("Your request" if language == "en" else "Su solicitud")
    assert Page(again).value("words") == "Mornings"
    press(client, again, "add", language, words="Mornings")
    assert [text.body for text in inquiry.texts.all()] == ["Mornings"]


def test_a_page_of_the_release_before_is_good_until_a_code_is_given(client):
    inquiry, old = sent()
    page = open_with(client, old)
    before = StatusKey(inquiry.uid, "0123456789abcdef").token()  # it told nothing of the code
    assert heading(press(client, page, "show", token=before)) == "Your request"
    inquiry.give_new_code(staff_user())
    assert Page(press(client, page, "show", token=before)).all("input", name="code")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sent_page_loaded_again_shows_neither_code(client, language):
    first = send(client, "me", language)
    old = Page(first).texts_of("b", class_="code")[1]
    new = Inquiry.objects.get().give_new_code(staff_user())
    again = client.post(first.wsgi_request.path, dict(first.wsgi_request.POST.lists()))
    words = Page(again).text
    assert Inquiry.objects.get().reference in words and heading(again) == heading(first)
    assert old not in words and new not in words.replace(" ", "")
    assert not re.search(r"\d{4} \d{4} \d{4} \d{4}", words)
    assert not Page(again).all("button", data_copy="")


@pytest.mark.parametrize("step", ["check", "send"])
def test_a_form_kept_open_changes_nothing_after_a_new_code_and_keeps_its_words(client, step):
    first = send(client, "me")
    inquiry = Inquiry.objects.get()
    inquiry.give_new_code(staff_user())
    typed = {**first.wsgi_request.POST.dict(), "name": "Somebody Else", "step": step}
    answer = client.post(first.wsgi_request.path, typed)
    assert answer.status_code == 409 and heading(answer) == "Nothing was changed"
    assert Page(answer).value("name") == "Somebody Else" and inquiry.reference not in Page(answer).text
    assert not Page(answer).all("button", value="send")
    assert not inquiry.texts.exists() and not inquiry.events.filter(verb=Event.Verb.AMENDED).exists()


def test_in_a_call_the_request_is_taken_back_for_the_person(client, desk):
    inquiry, old = sent()
    done = verb(desk, inquiry, "take-back")
    assert done.status_code == 302
    stored = Inquiry.objects.get()
    assert stored.erased_at and stored.withdrawn_at and not stored.name and stored.outcome == "withdrawn"
    assert Page(open_with(client, old)).problems
    event = inquiry.events.get(verb=Event.Verb.WITHDRAWN)
    assert event.actor and event.detail == "call"
    case = Page(desk.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")).text
    assert "Took the request back by" in case and "Asked for in a call that we made." in case
    assert verb(desk, inquiry, "new-code").status_code == 409

"""What a sender may do after Send: open the status page, and change the answers of the same request."""

import re

import pytest
from django.db import OperationalError, connection

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry, InquiryText, OutboxNotice
from tests.factories import staff_user
from tests.inquiries.form_pages import ANSWERS, PATHS, Page, post, reference_in, send
from tests.inquiries.other_language import fields_of

pytestmark = pytest.mark.django_db

CHANGED = {**ANSWERS["me"], "contact_way": "text", "question": "Write, do not call"}
NOT_SENT = re.compile(r"has been sent|not (been )?sent|nothing (was|is) sent\b(?! until)", re.IGNORECASE)


@pytest.fixture
def token():
    return SubmissionKey.new().token()


def press(client, response, step, path=PATHS["me"]["en"], **changed):
    """Press a button of the page shown, with some fields changed."""
    return client.post(path, {**fields_of(Page(response)), "step": step, **changed})


def amendments() -> int:
    return InquiryText.objects.filter(kind=InquiryText.Kind.AMENDMENT).count()


def latest() -> Inquiry:
    return Inquiry.objects.prefetch_related("texts").get()


@pytest.mark.parametrize("way", PATHS)
def test_the_form_comes_back_from_the_sent_page_with_every_word(client, token, way):
    sent = send(client, way, token=token, email="typed@example.com", remark="trap")
    form = Page(press(client, sent, "change", PATHS[way]["en"]))
    for name, value in ANSWERS[way].items():
        found = [form.value(name)] if not form.chosen(name) else form.chosen(name)
        assert found == (value if isinstance(value, list) else [value]) or name == "email"
    assert form.value("email") == "typed@example.com" and form.value("remark") == "trap"
    assert form.token == token


def test_changed_answers_are_an_amendment_of_the_same_request_and_staff_are_told(client, token):
    staff_user("inquiries.view_inquiry")
    sent = send(client, token=token)
    form = press(client, sent, "change")
    check = press(client, form, "check", **CHANGED)
    assert f"We already have your request {reference_in(sent)}." in Page(check).text
    assert "If you press Send, these answers replace the ones you sent." in Page(check).text
    assert amendments() == 0
    again = press(client, check, "send")
    assert reference_in(again) == reference_in(sent)
    assert "We have your new answers. They replace the ones before." in Page(again).text
    assert (latest().reach_way, latest().latest("question")) == ("text", "Write, do not call")
    assert OutboxNotice.objects.filter(kind=OutboxNotice.Kind.STAFF_AMENDED).count() == 1


def test_the_code_opens_the_status_page_by_a_button_and_stands_in_no_address(client, token):
    sent = Page(send(client, token=token))
    [form] = sent.all("form", action="/status/")
    [code] = sent.all("input", name="code")
    assert form["method"] == "post" and code["type"] == "hidden"
    page = Page(client.post(form["action"], {"code": code["value"], "step": "open"}))
    assert page.texts_of("h1") == ["Your request"]
    assert not [link for link in sent.all("a") if code["value"] in link["href"]]


def test_a_check_page_that_comes_back_says_that_the_answers_are_sent_and_leads_on(client, token):
    check = post(client, "check", token=token)
    assert "Nothing is sent until you press Send." in Page(check).text
    sent = press(client, check, "send")
    page = Page(post(client, "check", token=token))
    assert page.title.startswith("We already have this request") and not page.title.startswith("Error")
    assert page.texts_of("h1") == ["We already have this request"]
    assert reference_in(sent) in page.text
    assert page.texts_of("button", name="step")[-2:] == ["See my private code", "Change my answers"]
    assert not NOT_SENT.search(page.text) and "until" not in page.text
    assert press(client, check, "send").content == sent.content
    assert amendments() == 0


def test_a_page_that_is_loaded_anew_does_not_bring_back_answers_that_were_changed(client, token):
    """Back sends again what was sent: whoever changed "Call me" to "Text me" is not called after all."""
    first_check = post(client, "check", token=token)
    first = press(client, first_check, "send")
    second = press(client, press(client, first, "change"), "check", **CHANGED)
    press(client, second, "send")
    for old in (press(client, first_check, "send"), press(client, first, "send")):
        page = Page(old)
        assert reference_in(old) == reference_in(first)
        assert "You sent other answers after these. We use the newer ones." in page.text
        assert "We will call" not in page.text
    assert amendments() == 1 and latest().reach_way == "text"
    # From a check page that told of the change, the first answers may count again.
    third = press(client, press(client, first, "change"), "check")
    press(client, third, "send")
    assert amendments() == 2 and latest().reach_way == "call"
    press(client, third, "send")
    assert amendments() == 2


def test_new_words_from_an_old_page_are_kept(client, token):
    first_check = post(client, "check", token=token)
    press(client, first_check, "send")
    press(client, first_check, "send", question="Another tab wrote this")
    press(client, first_check, "send", question="And a third one that")
    assert amendments() == 2 and latest().latest("question") == "And a third one that"


def test_a_form_opened_before_this_release_carries_no_number_and_is_stored(client, token):
    assert not Page(post(client, "check", token=token)).all("input", name="seen")
    assert send(client, token=token, seen="x").status_code == send(client, token=token, seen="-1").status_code == 200
    assert amendments() == 0


def test_the_check_page_of_what_was_taken_back_says_that_it_is_erased(client, token):
    send(client, token=token)
    Inquiry.objects.get().withdraw()
    page = Page(post(client, "check", token=token))
    assert page.texts_of("h1") == ["Your request was erased"]


def test_while_nobody_can_look_the_check_page_claims_nothing(client, token):
    def away(*_args):
        raise OperationalError("gone")

    send(client, token=token)
    with connection.execute_wrapper(away):
        response = post(client, "check", token=token)
    page = Page(response)
    assert response.status_code == 200 and page.texts_of("h1") == ["Check before you send"]
    assert not NOT_SENT.search(page.text) and "Nothing is sent until you press Send." in page.text


def test_answers_sent_again_are_not_counted_as_new_forms(client, token, settings):
    settings.INQUIRY_LIMIT_PER_HOUR = 1
    first = send(client, token=token)
    check = press(client, press(client, first, "change"), "check", **CHANGED)
    press(client, check, "send")
    for _ in range(12):
        assert press(client, check, "send").status_code == press(client, first, "send").status_code == 200

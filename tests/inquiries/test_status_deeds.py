"""Adding words and taking back on the status page: once each, nothing lost, only with a token of this site."""

from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.db import OperationalError, connection

from inquiries.crypto import tokens
from inquiries.crypto.tokens import StatusKey, SubmissionKey
from inquiries.models import Event, Inquiry, InquiryText, NetworkCount
from tests.inquiries.form_pages import Page, send
from tests.inquiries.status_pages import PATH, heading, open_with, press, sent

pytestmark = pytest.mark.django_db

WORDS = "Mornings are better.\nÑandú 李"


def added() -> list[str]:
    return [text.body for text in InquiryText.objects.filter(kind=InquiryText.Kind.ADDITION)]


def aged(monkeypatch, minutes=31):
    """Have what is signed now be so old when it is read."""
    stamp = TimestampSigner.timestamp
    monkeypatch.setattr(
        TimestampSigner,
        "timestamp",
        lambda self: tokens.signing.b62_encode(tokens.signing.b62_decode(stamp(self)) - minutes * 60),
    )


def away(*args, **kwargs):
    raise OperationalError("could not connect to server: Connection refused")


@pytest.mark.parametrize("language", ["en", "es"])
def test_words_are_added_once_however_often_the_page_is_sent(client, language):
    inquiry, code = sent()
    page = open_with(client, code, language)
    for _ in range(3):
        response = press(client, page, "add", language, words=WORDS)
        assert response.status_code == 200
        assert Page(response).value("words") == ""
    assert added() == [WORDS]
    assert inquiry.events.filter(verb=Event.Verb.ADDED).count() == 1
    assert ("We have what you wrote." if language == "en" else "Recibimos lo que escribió.") in Page(response).text


def test_the_answer_carries_a_new_page_so_that_the_same_words_may_be_added_again(client):
    _inquiry, code = sent()
    response = press(client, open_with(client, code), "add", words="Yes")
    press(client, response, "add", words="Yes")
    assert added() == ["Yes", "Yes"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [(" ", "Enter what you want to tell us"), ("x" * 1001, "What you write must be 1,000 characters or fewer")],
)
def test_bad_words_come_back_whole(client, words, problem):
    _inquiry, code = sent()
    response = press(client, open_with(client, code), "add", words=words)
    page = Page(response)
    assert page.problems == [problem] and page.title.startswith("Error: ")
    assert page.value("words") == words
    assert added() == []


def test_taking_back_asks_once_more_and_then_erases(client):
    inquiry, code = sent()
    question = press(client, open_with(client, code), "ask")
    assert Inquiry.objects.get().name
    assert Page(question).texts_of("button", name="step") == ["Yes, erase it", "Keep it"]
    assert heading(press(client, question, "show")) == "Your request"
    assert Inquiry.objects.get().name
    for _ in range(3):
        erased = press(client, question, "withdraw")
        assert heading(erased) == "Your request was erased"
        assert inquiry.reference in Page(erased).text
    assert Inquiry.objects.get().name == "" and not InquiryText.objects.exists()
    assert inquiry.events.filter(verb=Event.Verb.WITHDRAWN).count() == 1
    assert Page(open_with(client, code)).problems


def test_words_not_sent_yet_survive_the_question(client):
    _inquiry, code = sent()
    question = press(client, open_with(client, code), "ask", words=WORDS)
    assert "has not been sent" in Page(question).text
    assert Page(press(client, question, "show")).value("words") == WORDS


def test_after_taking_back_nothing_can_be_added_from_an_old_page(client):
    _inquiry, code = sent()
    old = open_with(client, code)
    press(client, old, "withdraw")
    for step in ("add", "show", "ask", "withdraw"):
        assert heading(press(client, old, step, words="late")) == "Your request was erased"
    assert not InquiryText.objects.exists()


def test_the_form_of_a_request_taken_back_says_so_when_it_is_sent_again(client):
    key = SubmissionKey.new()
    send(client, token=key.token())
    Inquiry.objects.get().withdraw()
    response = send(client, token=key.token())
    assert heading(response) == "Your request was erased"
    assert Inquiry.objects.count() == 1 and key.code not in Page(response).text.replace(" ", "")


def test_after_half_an_hour_the_code_is_asked_for_again_and_the_words_are_kept(client, monkeypatch):
    _inquiry, code = sent()
    with monkeypatch.context() as patch:
        aged(patch)
        old = open_with(client, code)
    asked = press(client, old, "add", words=WORDS)
    assert added() == [] and "What you wrote is kept" in Page(asked).text
    assert WORDS not in Page(asked).text  # carried, not shown
    again = press(client, asked, "open", code=code)
    assert Page(again).value("words") == WORDS
    press(client, again, "add", words=WORDS)
    press(client, again, "add", words=WORDS)
    assert added() == [WORDS]


def test_a_lost_answer_and_half_an_hour_do_not_make_two(client, monkeypatch):
    _inquiry, code = sent()
    with monkeypatch.context() as patch:
        aged(patch, minutes=29)
        page = open_with(client, code)
    press(client, page, "add", words=WORDS)
    monkeypatch.setattr(tokens, "STATUS_TOKEN_LIFE_SECONDS", 60)
    monkeypatch.setattr(StatusKey.from_token.__func__, "__defaults__", (60,))
    again = press(client, press(client, page, "add", words=WORDS), "open", code=code)
    assert added() == [WORDS]
    assert "We have what you wrote." in Page(again).text and Page(again).value("words") == ""


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\0"])
def test_a_token_not_made_here_does_nothing(client, token):
    sent()
    for step in ("add", "withdraw", "ask", "show"):
        response = client.post(PATH["en"], {"token": token, "step": step, "words": WORDS})
        assert heading(response) == "See where your request is"
    assert added() == [] and Inquiry.objects.get().name


def test_the_token_of_a_form_is_none_of_the_status_page_and_the_other_way_round(client):
    _inquiry, code = sent()
    key = SubmissionKey.new()
    response = client.post(PATH["en"], {"token": key.token(), "step": "withdraw"})
    assert heading(response) == "See where your request is"
    with pytest.raises(tokens.TokenError):
        SubmissionKey.from_token(Page(open_with(client, code)).token)


def test_a_token_opens_its_own_request_only(client):
    mine, code = sent()
    other, _code = sent(name="Another Name")
    press(client, open_with(client, code), "withdraw")
    assert Inquiry.objects.get(pk=other.pk).name and not Inquiry.objects.get(pk=mine.pk).name


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_foreign_page_does_nothing(client, origin):
    _inquiry, code = sent()
    token = Page(open_with(client, code)).token
    for data in ({"step": "withdraw", "token": token}, {"step": "open", "code": code}):
        response = client.post(PATH["en"], {**data, "words": WORDS}, headers={"origin": origin})
        assert response.status_code == 403 and heading(response) == "See where your request is"
        assert Page(response).all("input", name="words")[0]["value"] == WORDS
    assert Inquiry.objects.get().name


def test_only_get_and_post_are_answered_and_nothing_of_the_address_is_read(client):
    _inquiry, code = sent()
    assert client.put(PATH["en"]).status_code == 405
    assert heading(client.get(PATH["en"], {"code": code, "step": "open"})) == "See where your request is"
    assert heading(client.post(f"{PATH['en']}?step=open&code={code}", {"x": "y"})) == "See where your request is"


def test_a_body_that_is_too_large_is_told(client):
    response = client.post(PATH["en"], {"step": "add", "words": "x" * 1_000_001})
    assert response.status_code == 413 and Page(response).all("a", href="tel:988")


def test_while_the_database_is_away_nothing_typed_is_lost(client):
    _inquiry, code = sent()
    page = open_with(client, code)
    with connection.execute_wrapper(away):
        assert client.get(PATH["en"]).status_code == 200
        looked = open_with(client, code)
        adding = press(client, page, "add", words=WORDS)
        question = press(client, page, "ask", words=WORDS)
        erasing = press(client, page, "withdraw")
    for response in (looked, adding, question, erasing):
        assert response.status_code == 503 and response["Cache-Control"] == "no-store"
        assert Page(response).all("a", href="tel:988")
    assert Page(looked).value("code") == code
    assert heading(adding) == "We could not confirm it" and Page(adding).value("words") == WORDS
    assert Page(press(client, question, "show")).value("words") == WORDS
    press(client, adding, "add", words=WORDS)
    press(client, adding, "add", words=WORDS)
    assert added() == [WORDS]
    assert heading(press(client, erasing, "withdraw")) == "Your request was erased"


def test_words_that_were_stored_before_the_answer_was_lost_are_kept_once(client, monkeypatch):
    _inquiry, code = sent()
    page = open_with(client, code)
    with monkeypatch.context() as patch:
        patch.setattr("inquiries.intake.status_views.rate_limits.record_attempt", away)
        lost = press(client, page, "add", words=WORDS)
    assert lost.status_code == 503
    press(client, lost, "add", words=WORDS)
    assert added() == [WORDS]


def test_a_counter_that_fails_refuses_nobody(client, monkeypatch):
    _inquiry, code = sent()
    for name in ("add", "current"):
        monkeypatch.setattr(NetworkCount.objects, name, away)
    assert Page(open_with(client, "1")).problems
    response = open_with(client, code)
    press(client, response, "add", words=WORDS)
    assert added() == [WORDS]


def test_additions_to_one_request_are_limited_with_the_words_kept(client):
    _inquiry, code = sent()
    response = open_with(client, code)
    codes = []
    for number in range(32):
        response = press(client, response, "add", words=f"word {number}")
        codes.append(response.status_code)
    assert codes == [200] * 30 + [429] * 2
    assert Page(response).value("words") == "word 31" and response["Retry-After"] == "600"
    # Whoever shares the network can neither use that up for others nor tell from it that somebody wrote.
    _another, code = sent()
    assert press(client, open_with(client, code), "add", words=WORDS).status_code == 200


def test_a_page_sent_again_uses_up_nothing_and_is_never_refused(client):
    _inquiry, code = sent()
    page = open_with(client, code)
    for _ in range(32):
        response = press(client, page, "add", words=WORDS)
        assert response.status_code == 200
    for number in range(29):
        response = press(client, response, "add", words=f"word {number}")
    assert press(client, response, "add", words="one more").status_code == 429
    again = press(client, page, "add", words=WORDS)
    assert again.status_code == 200 and "We have what you wrote." in Page(again).text
    assert Page(again).value("words") == "" and len(added()) == 30


def test_words_that_were_added_are_not_told_to_wait(client):
    _inquiry, code = sent()
    page = open_with(client, code)
    press(client, page, "add", words=WORDS)
    question = press(client, page, "ask", words=WORDS)  # from the page that Back shows
    assert "has not been sent" not in Page(question).text
    assert Page(press(client, page, "show", words=WORDS)).value("words") == ""


def test_the_counts_hold_no_address_and_forms_are_counted_apart(client):
    sent()
    open_with(client, "1" * 16)
    send(client)
    rows = NetworkCount.objects.all()
    assert sorted((len(row.network), row.count) for row in rows) == [(64, 1), (64, 1)]
    assert len({row.network for row in rows}) == 2


def test_the_half_hour_is_the_tokens(monkeypatch):
    inquiry = sent()[0]
    key = StatusKey.new(inquiry.uid, inquiry.code_digest)
    for minutes, good in ((29, True), (31, False)):
        with monkeypatch.context() as patch:
            aged(patch, minutes)
            token = key.token()
        if good:
            assert StatusKey.from_token(token) == key
        else:
            with pytest.raises(tokens.TokenExpired):
                StatusKey.from_token(token)
    assert timedelta(seconds=tokens.STATUS_TOKEN_LIFE_SECONDS) == timedelta(minutes=30)

"""A form is one inquiry and one reference, however often and however many times at once it is sent."""

from threading import Barrier, Thread

import pytest
from django.db import connections
from django.test import Client

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Event, Inquiry, InquiryText, OutboxNotice
from tests.factories import staff_user
from tests.inquiries.form_pages import Page, post, reference_in, send

PARALLEL = 8


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_answered_alike(client):
    token = SubmissionKey.new().token()
    first, second = send(client, token=token), send(client, token=token)
    assert first.content == second.content
    assert (Inquiry.objects.count(), Event.objects.count(), InquiryText.objects.count()) == (1, 1, 0)


@pytest.mark.django_db
def test_changed_words_under_the_same_key_are_kept_beside_the_first(client):
    token = SubmissionKey.new().token()
    first = reference_in(send(client, token=token))
    assert reference_in(send(client, token=token, question="Changed words")) == first
    inquiry = Inquiry.objects.get()
    assert inquiry.question == "Is it at night?"
    assert "Changed words" in inquiry.texts.get().body
    assert [event.verb for event in inquiry.events.order_by("id")] == ["received", "amended"]


@pytest.mark.django_db
def test_checking_and_changing_store_nothing(client):
    for step in ("check", "change", "", "something else"):
        post(client, step)
    assert not Inquiry.objects.exists()


@pytest.mark.django_db
def test_two_people_are_two_inquiries(client):
    assert reference_in(send(client)) != reference_in(send(client))


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_once_is_one_inquiry_and_one_reference():
    staff_user("inquiries.view_inquiry")
    token = SubmissionKey.new().token()
    start, answers = Barrier(PARALLEL), []

    def send_at_once():
        start.wait()
        answers.append(send(Client(), token=token))
        connections.close_all()

    threads = [Thread(target=send_at_once) for _ in range(PARALLEL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * PARALLEL
    reference = Inquiry.objects.get().reference
    assert {reference_in(answer) for answer in answers} == {reference}
    assert (Event.objects.filter(account=None).count(), OutboxNotice.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_sent_page_says_nothing_about_the_person(client):
    page = Page(send(client, "loved-one", question="A canary of a question", topics=["cost"]))
    [main] = page.texts_of("main")
    for words in ("Rosa", "555-01", "6265550", "canary", "Cost", "sibling", "Brother"):
        assert words not in main
    assert "When this person is ready, they can give us this reference." in page.text
    assert "We will call. We will not leave a voicemail." in page.text


@pytest.mark.django_db
def test_the_sent_page_says_what_happens_next_in_both_languages(client):
    english = Page(send(client)).text
    spanish = Page(send(client, "me", "es")).text
    for words in (
        "We got your request",
        "You can give us this when we talk.",
        "A team member reads it.",
        "We contact you in the way you chose.",
        "We answer your questions. You decide what comes next.",
        "If you are in danger, call 911, or call or text 988.",
    ):
        assert words in english
    for words in (
        "Recibimos su solicitud",
        "Puede darnos este número cuando hablemos.",
        "Una persona del equipo lee su solicitud.",
        "Nos comunicamos con usted de la forma que eligió.",
        "Contestamos sus preguntas. Usted decide qué sigue.",
        "Si está en peligro, llame al 911, o llame al 988 (oprima 2) o mande AYUDA al 988.",
    ):
        assert words in spanish

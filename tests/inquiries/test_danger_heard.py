"""Words of danger are answered with the numbers at once, and read first at the desk; nobody else learns of them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.utils import timezone, translation

from inquiries.crypto.fields import Sealed
from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry, OutboxNotice
from inquiries.promises import answer_by
from inquiries.worker import mailer
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.form_pages import Page, get_page, post, send
from tests.inquiries.status_pages import open_with, press

pytestmark = pytest.mark.django_db
DANGER = {"en": "I want to kill myself", "es": "Ya no quiero vivir"}
BUTTONS = {
    "en": ["tel:911", "tel:988", "sms:988"],
    "es": ["tel:911", "tel:988", "sms:988?body=AYUDA"],
}


def at(day, hour, minute=0):
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("America/Los_Angeles"))


SUNDAY_NIGHT, MONDAY_NINE, MONDAY_NOON, TUESDAY_NOON = at(7, 2), at(8, 9), at(8, 12), at(9, 12)


def card(page: Page) -> list[str]:
    """The links of the red card, in their order, if nothing but the ways out stands before it; else none."""
    main = next(place for place, (tag, _found) in enumerate(page.elements) if tag == "main")
    inside = page.elements[main + 1 :]
    begun = next((place for place, (_tag, found) in enumerate(inside) if found.get("class") == "care-card"), None)
    if begun is None or any(tag in ("h1", "h2", "p", "div", "form") for tag, _found in inside[:begun]):
        return []
    return [found["href"] for tag, found in inside[begun:] if tag == "a"][:3]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("step", ["check", "send"])
def test_check_and_sent_page_begin_with_the_numbers_when_danger_is_typed(client, language, step):
    assert card(Page(post(client, step, "me", language, question=DANGER[language]))) == BUTTONS[language]
    assert card(Page(post(client, step, "me", language))) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_form_holds_the_three_numbers(client, language):
    page = get_page(client, {"en": "/ask/me/", "es": "/es/pedir-contacto/yo/"}[language])
    assert [link["href"] for link in page.all("a", class_="button") if ":" in link["href"]] == BUTTONS[language]


def test_nothing_is_blocked_while_the_database_is_away(client):
    def away(*_args):
        raise OperationalError("could not connect to server: Connection refused")

    with connection.execute_wrapper(away):
        page = Page(post(client, "check", question=DANGER["en"]))
        assert card(page) == BUTTONS["en"] and page.hidden
        page = Page(send(client, question=DANGER["en"]))
        assert card(page) == BUTTONS["en"] and page.texts_of("h1") == ["We could not confirm it"]


def test_words_added_on_the_status_page_are_heard_as_well(client):
    key = SubmissionKey.new()
    stored_inquiry(key, way="me")
    page = open_with(client, key.code)
    assert card(Page(page)) == []
    assert card(Page(press(client, page, "add", words="Is there parking?"))) == []
    assert not Inquiry.objects.get().is_read_first
    page = open_with(client, key.code)
    assert card(Page(press(client, page, "add", words=DANGER["es"]))) == BUTTONS["en"]
    assert Inquiry.objects.get().is_read_first


def test_it_is_marked_in_a_cell_that_looks_like_any_other():
    plain, danger = stored_inquiry(), stored_inquiry(question=DANGER["en"])
    assert (plain.is_read_first, danger.is_read_first) == (False, True)
    cells = [row.__dict__["danger_read"] for row in Inquiry.objects.order_by("pk")]
    assert all(isinstance(cell, Sealed) for cell in cells) and len({len(cell) for cell in cells}) == 1
    danger.erase()
    assert Inquiry.objects.values_list("danger_read", flat=True).get(pk=danger.pk) == ""


def test_a_mark_that_does_not_open_is_read_first():
    inquiry = stored_inquiry()
    Inquiry.objects.update(danger_read=Sealed("v2:nonsense"))
    assert Inquiry.objects.get(pk=inquiry.pk).is_read_first


def test_a_changed_answer_marks_it():
    key = SubmissionKey.new()
    stored_inquiry(key)
    stored_inquiry(key, question=DANGER["es"])
    assert Inquiry.objects.get().is_read_first


@pytest.mark.parametrize(
    ("came", "due"), [(SUNDAY_NIGHT, MONDAY_NINE), (MONDAY_NOON, MONDAY_NOON), (at(5, 20), MONDAY_NINE)]
)
def test_it_is_due_when_the_desk_opens(came, due):
    assert stored_inquiry(question=DANGER["en"], received_at=came).due_at == due


def test_it_stands_first_on_the_list_of_what_came_the_same_night():
    earlier = [stored_inquiry(received_at=at(6, hour)) for hour in (9, 20)]
    danger = stored_inquiry(question=DANGER["en"], received_at=SUNDAY_NIGHT)
    assert list(Inquiry.objects.needs_work(SUNDAY_NIGHT).most_urgent_first()) == [danger, *earlier]


def test_its_sender_sees_the_page_of_any_other(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: SUNDAY_NIGHT)
    plain, danger = (
        Inquiry.objects.get(pk=stored_inquiry(question=question, received_at=SUNDAY_NIGHT).pk)
        for question in ("Why?", DANGER["en"])
    )
    assert danger.due_at < plain.due_at
    assert answer_by(danger) == answer_by(plain) == danger.first_due_at


@pytest.fixture
def desk(client):
    client.force_login(staff_user("inquiries.view_inquiry"))
    return client


def test_the_desk_is_told_on_list_and_card_until_it_is_read(desk):
    inquiry = stored_inquiry(question=DANGER["en"])
    at_list, at_case = "/admin/inquiries/inquiry/", f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    assert "Read first" in desk.get(at_list).content.decode()
    case = Page(desk.get(at_case)).text
    assert "Read first" in case and "Nobody watches this desk all the time." in case
    assert "Read first" not in desk.get(at_list).content.decode()
    inquiry.add_words("Are you there?")
    assert "Read first" in desk.get(at_list).content.decode()


def test_plain_words_are_marked_nowhere(desk):
    inquiry = stored_inquiry()
    for path in ("/admin/inquiries/inquiry/", f"/admin/inquiries/inquiry/{inquiry.pk}/change/"):
        assert "Read first" not in desk.get(path).content.decode()


@pytest.fixture
def mails(settings, monkeypatch):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry")

    def sent_at(now):
        monkeypatch.setattr(timezone, "now", lambda: now)
        mailer.deliver_due()
        return mail.outbox

    return sent_at


def one_of_each(question: str) -> Inquiry:
    key = SubmissionKey.new()
    stored_inquiry(key, received_at=SUNDAY_NIGHT, question=question)
    inquiry = stored_inquiry(key, question=f"{question}. Today")
    inquiry.add_words("Are you there?")
    OutboxNotice.objects.update(created_at=SUNDAY_NIGHT, next_try_at=SUNDAY_NIGHT)
    return inquiry


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (SUNDAY_NIGHT, "It is due Monday, June 8, when the desk opens."),
        (at(8, 7), "It is due today, when the desk opens."),
    ],
)
def test_each_mail_to_staff_says_when_it_is_due_in_its_body_alone(mails, now, words):
    reference = one_of_each(DANGER["en"]).reference
    sent = mails(now)
    assert [words in message.body for message in sent] == [True] * 3
    assert {message.subject for message in sent} == {
        f"New inquiry {reference}",
        f"Inquiry {reference} was sent again with changes",
        f"Something was added to inquiry {reference}",
    }


def test_no_mail_about_plain_words_says_so(mails):
    one_of_each("Is it at night?")
    assert [message for message in mails(at(8, 7)) if "when the desk opens" in message.body] == []


def test_many_at_once_name_it_first_and_say_so(mails):
    references = [stored_inquiry(received_at=SUNDAY_NIGHT).reference for _ in range(12)]
    danger = stored_inquiry(received_at=SUNDAY_NIGHT, question=DANGER["es"]).reference
    OutboxNotice.objects.update(created_at=SUNDAY_NIGHT, next_try_at=SUNDAY_NIGHT)
    [message] = mails(at(8, 7))
    lines = [line for line in message.body.splitlines() if line[:7] in [*references, danger]]
    assert lines == [f"{danger}: It is due today, when the desk opens.", *sorted(references)]


def test_its_sender_is_written_to_as_any_other(mails):
    with translation.override("en"):
        for question in ("Why?", DANGER["en"]):
            stored_inquiry(way="me", contact_way="email", email="rosa@example.com", question=question)
    OutboxNotice.objects.update(created_at=SUNDAY_NIGHT, next_try_at=SUNDAY_NIGHT)
    references = list(Inquiry.objects.values_list("reference", flat=True))
    one, other = (m.body for m in mails(at(8, 7)) if m.to == ["rosa@example.com"])
    assert {one.replace(r, "") for r in references} & {other.replace(r, "") for r in references}


def test_the_mark_tells_no_event():
    inquiry = stored_inquiry(question=DANGER["en"])
    event = inquiry.events.get()
    assert (event.verb, event.fields) == ("received", "")
    assert re.fullmatch("code:[0-9a-f]{16},form:[0-9a-f]{16}", event.detail)  # marks of what opens it, for the audit

"""What one needs with the phone in hand stands on top, on paper as on the page of a try."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from inquiries.models import Event
from tests.factories import staff_in, stored_inquiry

pytestmark = pytest.mark.django_db
SCRIPT = "If someone else answers"


@pytest.fixture
def ana():
    return staff_in("Intake", first_name="Ana")


@pytest.fixture
def desk(client, ana):
    client.force_login(ana)
    return client


def shown(desk, inquiry, at: str) -> str:
    return desk.get(f"/admin/inquiries/inquiry/{inquiry.pk}/{at}/").content.decode()


def in_order(page: str, *words: str) -> bool:
    places = [page.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def test_the_sheet_begins_with_the_plan_and_what_to_say(desk):
    page = shown(desk, stored_inquiry(), "sheet")
    said = ("How to reach Rosa safely", "(626) 555-0142", SCRIPT, "Next action", "What Rosa told us", "Tries so far",
            "Notes", "To write on")  # fmt: skip
    assert in_order(page, *said)


def test_the_sheet_tells_each_try_and_each_note_and_by_whom(desk, ana):
    inquiry = stored_inquiry()
    due = {"next_action": "contact-again", "due_at": timezone.now() + timedelta(days=1)}
    inquiry.log_try("no-answer", ana, note="Rings long.", **due)
    inquiry.note("Ask for <b>Ana</b>.", ana)
    page = shown(desk, inquiry, "sheet")
    rows = re.sub(r"\s+", " ", page[page.find("Tries so far") :])
    assert in_order(rows, "No answer · Ana", "Ask for &lt;b&gt;Ana&lt;/b&gt;.", "Rings long.", "To write on")


def test_the_sheet_without_notes_says_so_and_leaves_lines_to_write_on(desk):
    page = shown(desk, stored_inquiry(), "sheet")
    assert "No note yet." in page and page.count("line-to-write") == 8


def test_the_sheet_has_a_button_to_print_it(desk):
    page = shown(desk, stored_inquiry(), "sheet")
    button = re.search(r"<button[^>]*data-print[^>]*>", page)[0]
    assert "hidden" in button  # until there is a script that prints
    assert re.search(r'<script src="[^"]*js/print[^"]*" defer>', page)


def test_the_sheet_is_recorded_and_so_is_nobody_beside_it(desk, ana):
    inquiry = stored_inquiry()
    shown(desk, inquiry, "sheet")
    assert [(event.verb, event.inquiry_id) for event in Event.objects.filter(actor=ana)] == [("printed", inquiry.pk)]


def test_on_the_page_of_a_try_plan_and_script_stand_above_all_that_is_asked(desk):
    page = shown(desk, stored_inquiry(), "try")
    assert in_order(page, "How to reach Rosa safely", SCRIPT, "What happened on the call?", 'name="save"')


@pytest.mark.parametrize("at", ["sheet", "try"])
@pytest.mark.parametrize("way", ["text", "email"])
def test_nothing_is_to_be_said_where_nobody_may_call(desk, at, way):
    phone = {"email": "", "text": "+16265550142"}[way]
    inquiry = stored_inquiry(contact_way=way, phone=phone, email="rosa@example.com")
    assert SCRIPT not in shown(desk, inquiry, at)

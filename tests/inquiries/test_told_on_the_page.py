"""Who is told on the status page how a request ended reads it there, in words for them."""

import pytest

from inquiries.intake.status_progress import TOLD
from inquiries.models import Inquiry
from tests.factories import staff_user
from tests.inquiries.form_pages import Page
from tests.inquiries.status_pages import open_with, sent

Outcome, Told = Inquiry.Outcome, Inquiry.Told
OFTEN = [Outcome.STARTED, Outcome.ANSWERED, Outcome.REFERRED_ON, Outcome.NOT_NOW, Outcome.UNREACHED, Outcome.NOT_A_FIT]

pytestmark = pytest.mark.django_db


def ended(outcome, told, settings) -> str:
    """Return the private code of an inquiry that was closed so."""
    settings.UNREACHED_TRIES, settings.UNREACHED_DAYS = 0, 0
    inquiry, code = sent()
    ana = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry")
    inquiry.opened(ana)
    inquiry.log_try("spoke", ana, next_action=None, due_at=None)
    inquiry.close(outcome, told, ana, note="It was so.")
    return code


@pytest.mark.parametrize("outcome", OFTEN)
def test_the_page_says_how_it_ended(client, settings, outcome):
    words = str(TOLD[outcome])
    text = Page(open_with(client, ended(outcome, Told.STATUS_PAGE, settings))).text
    assert words in text and "This request is closed." in text
    assert str(Outcome(outcome).label) not in text


@pytest.mark.parametrize("told", [Told.CALL, Told.NOT_TOLD])
def test_who_was_told_otherwise_or_not_reads_only_that_it_is_closed(client, settings, told):
    text = Page(open_with(client, ended(Outcome.NOT_A_FIT, told, settings))).text
    assert str(TOLD[Outcome.NOT_A_FIT]) not in text and "This request is closed." in text


def test_words_stand_for_every_end_that_a_person_can_be_told():
    unseen = {*Inquiry.UNSEEN_ENDS, Outcome.WITHDRAWN, Outcome.NOT_REAL}
    assert set(TOLD) == set(Outcome) - unseen

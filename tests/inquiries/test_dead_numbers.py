"""A number that staff found dead is told on the status page, which asks for the right one."""

import pytest
from django.utils import timezone

from inquiries.models import Inquiry
from tests.factories import staff_user
from tests.inquiries.form_pages import Page
from tests.inquiries.status_pages import open_with, press, sent

TELLS = "The number did not work. Write the right one below."
Result = Inquiry.TryResult

pytestmark = pytest.mark.django_db


def tried(result, **answers):
    """Return the private code of an inquiry that was tried, with this result."""
    inquiry, code = sent(**answers)
    ana = staff_user("inquiries.view_inquiry", "inquiries.change_inquiry")
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    inquiry.log_try(result, ana, next_action="contact-again", due_at=tomorrow)
    return code


def test_a_dead_number_is_told_until_the_sender_writes(client):
    page = open_with(client, tried(Result.DEAD_NUMBER))
    assert TELLS in Page(page).text
    assert TELLS not in Page(press(client, page, "add", words="626 555 0143")).text


def test_it_is_told_in_the_sender_s_language(client):
    text = Page(open_with(client, tried(Result.DEAD_NUMBER), "es")).text
    assert "El número no funcionó. Escriba abajo el correcto." in text


@pytest.mark.parametrize("result", [Result.NO_ANSWER, Result.SPOKE, Result.SOMEONE_ELSE])
def test_nothing_else_that_happens_on_a_call_is_told(client, result):
    assert "did not work" not in Page(open_with(client, tried(result))).text


def test_what_did_not_arrive_is_told_by_its_way(client):
    by_email = {"contact_way": "email", "phone": "", "email": "rosa@example.com"}
    page = open_with(client, tried(Result.NOT_DELIVERED, **by_email))
    assert "The email did not arrive. Write the right address below." in Page(page).text
    page = open_with(client, tried(Result.NOT_DELIVERED, contact_way="text"))
    assert TELLS in Page(page).text


def test_a_later_try_that_worked_takes_it_away(client):
    code = tried(Result.DEAD_NUMBER)
    inquiry, ana = Inquiry.objects.get(), staff_user("inquiries.view_inquiry", "inquiries.change_inquiry")
    inquiry.log_try(Result.SPOKE, ana, next_action=None, due_at=None)
    assert "did not work" not in Page(open_with(client, code)).text

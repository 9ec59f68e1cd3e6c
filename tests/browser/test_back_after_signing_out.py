"""Whoever sits down at a desk that a colleague left signed out sees nobody by Back, in three engines."""

import pytest

from tests.factories import stored_inquiry

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
SECRET = "Unheard Ofname"


@pytest.fixture
def guide():
    """No test here looks at the guide."""


def test_back_leads_to_the_sign_in(desk_tab):
    tab = desk_tab(f"/admin/inquiries/inquiry/{stored_inquiry(name=SECRET).pk}/change/")
    assert SECRET in tab.text()
    tab.evaluate("document.getElementById('logout-form').requestSubmit()")
    tab.wait_for("location.pathname === '/admin/login/'")
    tab.back()
    tab.wait_for("location.search.includes('next=') && document.getElementById('id_username')")
    assert SECRET not in tab.text()


@pytest.mark.long
def test_back_shows_the_page_as_it_is_now_while_one_is_signed_in(desk_tab):
    inquiry = stored_inquiry(name=SECRET)
    tab = desk_tab(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    tab.goto("/admin/account/")
    inquiry.withdraw()
    tab.back()
    tab.wait_for(f"location.pathname.endsWith('/{inquiry.pk}/change/') && document.readyState === 'complete'")
    tab.wait_for("!document.documentElement.hidden && !document.body.innerText.includes(arguments[0])", SECRET)

"""What staff look for stands in no address: it comes by POST, is kept sealed in their session, and ends with it."""

import html
import json
import logging
import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from inquiries.desk import list_searches
from inquiries.models import Event
from iop_site.staff.models import Session
from tests.factories import PASSWORD, find, pass_second_step, staff_in, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
LIST, AUDIT, STAFF = "/admin/inquiries/inquiry/", "/admin/inquiries/event/", "/admin/staff/user/"
NAME = "Zoraida"
LEADS = re.compile(r'<a[^>]*\shref="([^"]*)"|<form[^>]*\saction="([^"]*)"')


@pytest.fixture
def desk(client):
    client.force_login(staff_in("Supervisor", first_name="Ana"))
    return client


def shown(answer) -> list[str]:
    return [row.name for row in answer.context["page"].rows]


def addresses(answer) -> list[str]:
    """All that a page leads to, and by which ways it was reached."""
    links = [html.unescape(one or other) for one, other in LEADS.findall(answer.content.decode())]
    return [*links, *(to for to, _status in getattr(answer, "redirect_chain", ())), answer.request["QUERY_STRING"]]


def kept_in_clear() -> str:
    return " ".join(json.dumps(session.get_decoded()) for session in Session.objects.all())


@pytest.mark.parametrize("at", [LIST, AUDIT, STAFF])
def test_no_address_session_or_log_holds_what_was_looked_for(desk, caplog, at):
    caplog.set_level(logging.DEBUG)
    for number in range(30):
        stored_inquiry(name=f"{NAME} {number}", phone=f"+1626555{number:04d}")
    answer = find(desk, at, NAME)
    assert f'value="{NAME}"' in answer.content.decode() and list_searches.NAMED in answer.request["QUERY_STRING"]
    waiting, seen = [answer], []
    while waiting:
        page = waiting.pop()
        assert not [to for to in addresses(page) if NAME.lower() in to.lower()]
        onward = {to for to in addresses(page) if to.startswith("?") and list_searches.NAMED in to} - set(seen)
        seen += onward
        waiting += [desk.get(at + to, follow=True) for to in onward]
    assert seen or at != LIST
    assert NAME not in kept_in_clear() and NAME not in caplog.text


def test_pages_filters_and_the_other_language_go_on_with_it(desk):
    for number in range(26):
        stored_inquiry(name=f"{NAME} {number}", phone=f"+1626555{number:04d}", preferred_language="en")
    stored_inquiry(name="Someone", phone="+16265559999")
    found = find(desk, LIST, NAME, language="en")
    page = found.context["page"]
    assert len(page.rows) == 25 and "language=en" in found.request["QUERY_STRING"]
    assert len(desk.get(LIST + page.next_query).context["page"].rows) == 1
    for back in (LIST, "/es" + LIST):
        assert shown(desk.get(f"{back}?{found.request['QUERY_STRING']}")) == shown(found)
    assert shown(find(desk, LIST, NAME, language="es")) == []


def test_a_search_that_ended_says_so_and_offers_the_box_again(desk):
    stored_inquiry(name=NAME)
    for at in (LIST, AUDIT, STAFF):
        answer = desk.get(f"{at}?find=unknown1", follow=True)
        text = answer.content.decode()
        assert "This search has ended. Type again what you look for." in text and 'name="q"' in text
        assert list_searches.NAMED not in answer.request["QUERY_STRING"]
    assert "tab=mine" in desk.get(f"{LIST}?find=unknown1&tab=mine&page=2").url


def test_it_is_sealed_for_one_session_and_one_person(desk):
    stored_inquiry(name=NAME)
    query = find(desk, LIST, NAME).request["QUERY_STRING"]
    other = Client()
    other.force_login(staff_in("Supervisor"))
    session = other.session
    session[list_searches.SESSION_KEY] = desk.session[list_searches.SESSION_KEY]
    session.save()
    assert "This search has ended" in other.get(f"{LIST}?{query}", follow=True).content.decode()


def test_the_latest_searches_are_kept_and_the_same_one_once(desk):
    first = find(desk, LIST, "First").request["QUERY_STRING"]
    for number in range(list_searches.MOST_KEPT - 1):
        find(desk, LIST, f"Number {number}")
    assert find(desk, LIST, "First").request["QUERY_STRING"] == first
    find(desk, LIST, "One more")
    assert len(desk.session[list_searches.SESSION_KEY]) == list_searches.MOST_KEPT
    assert "has ended" not in desk.get(f"{LIST}?{first}", follow=True).content.decode()


@pytest.mark.parametrize("at", [LIST, AUDIT, STAFF])
def test_an_old_bookmark_finds_once_more_and_leads_to_an_address_without_it(desk, at):
    stored_inquiry(name=NAME)
    answer = desk.get(f"{at}?q={NAME}", follow=True)
    assert f'value="{NAME}"' in answer.content.decode()
    assert not [to for to in addresses(answer) if NAME in to]


@pytest.mark.one_step
@pytest.mark.parametrize("query", [f"?q={NAME}&tab=open", f"?tab=open&_changelist_filters=q%3D{NAME}"])
def test_a_sign_in_on_the_way_keeps_nothing_of_an_old_bookmark(client, query):
    user = staff_user("inquiries.view_inquiry")
    to = client.get(LIST + query).url
    assert NAME not in to and "tab%3Dopen" in to
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD, "next": LIST + query})
    assert "tab=open" in kept_in_clear() and NAME not in kept_in_clear()
    client.get(LIST + query)
    assert NAME not in kept_in_clear()


@pytest.mark.one_step
def test_what_was_typed_when_the_session_had_ended_is_found_after_the_sign_in(client):
    user = staff_user("inquiries.view_inquiry")
    stored_inquiry(name=NAME)
    client.force_login(user)
    pass_second_step(client, user)
    client.post("/admin/logout/")
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    Session.objects.all().delete()
    page = client.post(f"{LIST}find/", {"q": NAME}).content.decode()
    sealed = html.unescape(re.search(r'name="carried" value="([^"]+)"', page)[1])
    asked = {"username": user.username, "password": PASSWORD, "next": f"{LIST}find/", "carried": sealed}
    client.post("/admin/login/", asked)
    pass_second_step(client, get_user_model().objects.get())
    assert shown(client.get(f"{LIST}find/", follow=True)) == [NAME]


def test_nothing_is_looked_for_without_the_token_of_a_form_or_the_right(desk):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff_in("Supervisor"))
    assert strict.post(f"{LIST}find/", {"q": NAME}).status_code == 403
    desk.force_login(staff_in("Content"))
    assert [desk.post(f"{at}find/", {"q": NAME}).status_code for at in (LIST, AUDIT, STAFF)] == [403] * 3


def test_the_box_of_the_bar_and_the_link_of_a_case_post_too(desk):
    inquiry = stored_inquiry(name=NAME)
    case = desk.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).content.decode()
    forms = re.findall(r"<form[^>]*>", case)
    for to in (f"{LIST}find/", f"{AUDIT}find/"):
        assert [form for form in forms if f'action="{to}"' in form and 'method="post"' in form], to
    assert inquiry.reference in find(desk, AUDIT, inquiry.reference).content.decode()
    assert "?q=" not in case


def test_an_empty_box_clears_the_search_and_keeps_the_filters(desk):
    answer = find(desk, LIST, "  ", tab="mine", page="3")
    assert answer.request["QUERY_STRING"] == "tab=mine"
    assert not Event.objects.filter(verb="searched").exists()


def test_a_view_that_is_saved_from_a_search_holds_the_filters_alone(desk):
    found = find(desk, LIST, NAME, tab="open", language="es")
    page = found.content.decode()
    form = re.search(r'<form method="post" action="[^"]*views/save/">.*?</form>', page, re.S)[0]
    assert NAME not in form and "find" not in re.findall(r'name="([^"]+)"', form)

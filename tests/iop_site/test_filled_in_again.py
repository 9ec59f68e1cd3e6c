"""After a session ended, what was typed stands in its form again; what no field takes is shown in a fold."""

import html
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from inquiries.models import Inquiry, MessageTemplate, SavedView
from iop_site.staff import roles
from iop_site.staff.models import Authenticator, SetUpCode, User
from programs.models import GuidePage, Section, Therapy
from tests.factories import PASSWORD, phone_of, staff_user, stored_inquiry
from tests.inquiries.form_pages import Page
from tests.iop_site.test_second_step import number
from tests.iop_site.test_sessions import sealed_in
from tests.programs.desk import address, form_data

pytestmark = pytest.mark.django_db
MONDAY = timezone.make_aware(datetime(2026, 6, 8, 10))
FILLED = "is filled in again. Nothing of it is saved yet."
LEFT = "What you typed and no field takes any more"
LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def user():
    return staff_user(is_superuser=True, first_name="Ana")


@pytest.fixture
def desk(client, user, clock):
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    client.post("/admin/second-step/", {"token": number(phone_of(user))})
    return client


def ended(client, path, typed) -> dict:
    """Send a form too late; return what the sign-in that is shown instead sends along."""
    asked = client.post(path, typed).content.decode()
    assert "You were signed out" in asked
    return {"next": html.unescape(re.search(r'name="next" value="([^"]*)"', asked)[1]), "carried": sealed_in(asked)}


@pytest.fixture
def back(desk, user, clock):
    """Send a form after the session had ended, sign in again, and return the page that comes then."""

    def send(path, typed, meanwhile=lambda: None):
        clock.shift(timedelta(minutes=16))
        carried = ended(desk, path, typed)
        meanwhile()
        desk.post("/admin/login/", {"username": user.username, "password": PASSWORD, **carried})
        to = desk.post("/admin/second-step/", {"token": number(phone_of(user))}).url
        return desk.get(to)

    return send


def test_a_try_with_its_choices_and_times_stands_there_again_and_is_saved(desk, back):
    inquiry = stored_inquiry(contact_way="call-voicemail", received_at=MONDAY - timedelta(days=2))
    path = f"{LIST}{inquiry.pk}/try/"
    typed = {"result": "no-answer", "left_voicemail": "on", "day": "2026-06-07", "time": "16:45",
             "note": "Ask for\nher sister", "next_action": "assess", "when": "other", "other_day": "2026-06-11",
             "other_time": "11:30", "version": Page(desk.get(path)).value("version"), "save": "1"}  # fmt: skip
    page = Page(back(path, typed))
    assert FILLED in page.text and LEFT not in page.text
    for name in ("result", "next_action", "when", "left_voicemail"):
        assert page.chosen(name) == [typed[name]], name
    for name in ("day", "time", "note", "other_day", "other_time"):
        assert page.value(name) == typed[name], name
    assert "open" in page.all("details", class_="earlier")[0]
    assert Inquiry.objects.get().tries == 0
    assert desk.post(path, typed | {"version": page.value("version")}).status_code == 302
    assert Inquiry.objects.get().tries == 1
    assert FILLED not in desk.get(path).content.decode()


def test_who_changed_the_inquiry_meanwhile_is_told_and_the_words_stay(desk, back):
    inquiry = stored_inquiry()
    path = f"{LIST}{inquiry.pk}/close/"
    other = staff_user("inquiries.change_inquiry", first_name="Marisol")
    typed = {"outcome": "not-real", "told": "not-told", "note": "A test"}
    typed["version"] = Page(desk.get(path)).value("version")
    page = Page(back(path, typed, meanwhile=lambda: Inquiry.objects.get().take(other)))
    assert page.chosen("outcome") == ["not-real"]
    refused = desk.post(path, typed | {"version": page.value("version")})
    assert refused.status_code == 409 and "Marisol changed this" in Page(refused).text
    assert Page(refused).value("note") == "A test"


def test_a_choice_that_is_no_longer_offered_is_left_and_shown(back):
    inquiry = stored_inquiry(contact_way="call", good_times="afternoon")
    typed = {"next_action": "assess", "when": "2026-06-08T09:00", "version": str(inquiry.version), "save": "1"}
    page = Page(back(f"{LIST}{inquiry.pk}/next/", typed))
    assert page.chosen("next_action") == ["assess"] and page.chosen("when") == []
    assert LEFT in page.text and page.texts_of("p", class_="kept") == ["2026-06-08T09:00"]


def test_the_note_of_a_case_a_message_and_the_reason_of_an_export(back):
    inquiry = stored_inquiry()
    case = f"{LIST}{inquiry.pk}/"
    assert Page(back(f"{case}note/", {"note": "After lunch", "version": "1"})).value("note") == "After lunch"
    assert Page(back(f"{case}message/", {"body": "We can\ntalk", "version": "1"})).value("body") == "We can\ntalk"
    asked = {"reason": "For the month", "lists": "all", "since": "2026-01-01", "form": "json", "notice": "name"}
    page = Page(back(f"{LIST}export/?tab=open", asked))
    assert [page.value("reason"), page.value("since")] == ["For the month", "2026-01-01"]
    assert {e["value"] for e in page.all("option") if "selected" in e} == {"all", "json", "name"}


def test_ticks_of_the_list_and_the_name_of_a_view(back):
    first, second = stored_inquiry(), stored_inquiry()
    page = Page(back(LIST, {"verb": "take", "chosen": [str(first.pk), str(second.pk)]}))
    assert set(page.chosen("chosen")) == {str(first.pk), str(second.pk)}
    shown = back(f"{LIST}views/save/", {"tab": "open", "language": "es", "name": "In Spanish"})
    assert Page(shown).value("name") == "In Spanish" and FILLED in Page(shown).text
    assert shown.wsgi_request.GET.dict() == {"tab": "open", "language": "es"}
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("verb", ["change", "add"])
def test_forms_of_the_admin_with_an_emptied_box_and_a_tick_taken_away(desk, back, verb):
    template = MessageTemplate.objects.create(title="Hours", body_en="Old", body_es="Antes", is_offered=True)
    path = "/admin/inquiries/messagetemplate/" + ("add/" if verb == "add" else f"{template.pk}/change/")
    back(path, {"title": "Other hours", "body_en": "New", "body_es": ""})
    found = form_data(desk, path)
    assert {"title": "Other hours", "body_en": "New", "body_es": ""}.items() <= found.items()
    assert "is_offered" not in found


def test_a_new_member_of_staff_with_the_role_but_never_with_the_password(back):
    role = Group.objects.get(name=roles.INTAKE)
    typed = {"username": "rosa", "first_name": "Rosa", "groups": [str(role.pk)], "password1": "a long secret phrase"}
    shown = back("/admin/staff/user/add/", typed)
    page = Page(shown)
    assert page.value("username") == "rosa" and page.chosen("groups") == [str(role.pk)]
    assert "a long secret phrase" not in shown.content.decode() and LEFT not in page.text


@pytest.fixture
def guide_page():
    page = GuidePage.objects.create(key="made-up", title_en="One", slug_en="one", menu_label_en="One", answer_en="Old")
    for order in (1, 2):
        Section.objects.create(page=page, key=f"made-up/s{order}", order=order, heading_en=f"Heading {order}")
    return page


def test_a_page_of_the_guide_with_its_sections(desk, back, guide_page):
    path = address(guide_page, "change")
    typed = form_data(desk, path)
    typed |= {"answer_en": "", "title_es": "Uno", "sections-1-heading_en": "Second", "sections-0-order": "7"}
    typed |= {"sections-2-heading_en": "Third", "sections-2-body_en": "New words", "sections-0-is_clinical": "on"}
    page = Page(back(path, typed | {"_draft": "1"}))
    assert form_data(desk, path) == typed
    assert FILLED in page.text and LEFT not in page.text


def test_sections_that_moved_meanwhile_keep_their_own_words_and_the_conflict_is_told(desk, back, guide_page):
    path = address(guide_page, "change")
    typed = form_data(desk, path)
    typed |= {"title_en": "Mine", "sections-1-heading_en": "Second", "sections-2-heading_en": "Third"}

    def add_one():
        Section.objects.create(page=guide_page, key="made-up/s0", order=0, heading_en="Before all")

    page = Page(back(path, typed | {"_publish": "1"}, meanwhile=add_one))
    headings = [page.value(f"sections-{place}-heading_en") for place in range(4)]
    assert headings == ["Before all", "Heading 1", "Second", "Third"] and LEFT not in page.text
    refused = desk.post(path, form_data(desk, path) | {"_publish": "1"})
    assert "Nothing was saved. Your words are below." in Page(refused).text


def test_words_for_a_section_that_is_gone_are_left_and_shown(desk, back, guide_page):
    path = address(guide_page, "change")
    typed = form_data(desk, path) | {"sections-1-heading_en": "Second"}
    page = Page(back(path, typed, meanwhile=Section.objects.get(heading_en="Heading 2").delete))
    assert [page.value(f"sections-{place}-heading_en") for place in (0, 1)] == ["Heading 1", ""]
    assert LEFT in page.text and "Second" in page.texts_of("p", class_="kept")


def test_the_tick_that_spanish_is_right(desk, back):
    therapy = Therapy.objects.create(key="made-up", title_en="One", title_es="Uno")
    therapy.publish(therapy.own_snapshot() | {"title_en": "Two"}, None)
    path = address(therapy, "change")
    assert Page(desk.get(path)).chosen("_spanish_is_right") == []
    typed = form_data(desk, path) | {"title_en": "Three", "_spanish_is_right": "1", "_publish": "1"}
    assert Page(back(path, typed)).chosen("_spanish_is_right") == ["1"]


def test_it_works_for_whoever_made_the_first_account_just_now(client, clock):
    data = {"username": "chief", "first_name": "Ana", "email": "chief@example.com"}
    data |= {"password": PASSWORD, "again": PASSWORD}
    client.post("/admin/set-up/", data | {"code": SetUpCode.renew()})
    enrol_and_save_codes(client)
    clock.shift(timedelta(minutes=16))
    path = "/admin/inquiries/closedday/add/"
    carried = ended(client, path, {"day": "2026-12-24", "name": "Holiday"})
    client.post("/admin/login/", {"username": "chief", "password": PASSWORD, **carried})
    client.post("/admin/second-step/", {"token": number(User.objects.get().authenticator)})
    assert form_data(client, path).items() >= {"day": "2026-12-24", "name": "Holiday"}.items()


def test_it_waits_for_a_new_phone_new_codes_and_a_password_of_ones_own(desk, user, clock):
    clock.shift(timedelta(minutes=16))
    path = "/admin/inquiries/closedday/add/"
    carried = ended(desk, path, {"day": "2026-12-24", "name": "Holiday"})
    Authenticator.objects.all().delete()
    User.objects.update(must_choose_password=True)
    desk.post("/admin/login/", {"username": user.username, "password": PASSWORD, **carried})
    own = desk.get(enrol_and_save_codes(desk)).url
    clock.shift(timedelta(minutes=1))
    new = {"old_password": PASSWORD, "new_password1": "another long phrase", "new_password2": "another long phrase"}
    to = desk.post(own, new | {"token": number(User.objects.get().authenticator)}).url
    assert to == path and form_data(desk, to).items() >= {"day": "2026-12-24", "name": "Holiday"}.items()


def enrol_and_save_codes(client) -> str:
    client.get("/admin/second-step/set-up/")
    phone = Authenticator.objects.get(confirmed=False)
    client.post("/admin/second-step/set-up/", {"token": number(phone)})
    return client.post("/admin/second-step/codes/", {"is_saved": "on"}).url

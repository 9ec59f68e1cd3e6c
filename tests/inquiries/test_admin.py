"""Staff see inquiries decrypted in the admin and nowhere else; nothing there can be changed or deleted."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from inquiries.models import Event, Inquiry
from tests.factories import find, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
LIST = "admin:inquiries_inquiry_changelist"
CASE = "admin:inquiries_inquiry_change"


@pytest.fixture
def intake(client):
    client.force_login(staff_user("inquiries.view_inquiry"))
    return client


def spoil(inquiry, column):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE inquiries_inquiry SET {column} = 'v1:test:AAAA' WHERE id = %s", [inquiry.pk])  # noqa: S608


def test_the_list_shows_the_longest_waiting_first(intake):
    names = ["First", "Second", "Third"]
    for name in names:
        stored_inquiry(name=name)
    page = intake.get(reverse(LIST)).content.decode()
    assert sorted(names, key=page.index) == names
    assert "no voicemail" in page


def test_contact_and_referral_are_told_apart(intake):
    stored_inquiry(way="me", name="Asker")
    stored_inquiry(way="refer", name="Doctor")
    page = intake.get(reverse(LIST), {"way": "referral"}).content.decode()
    assert "Doctor" in page and "Asker" not in page


def test_a_case_shows_every_answer_in_words(intake):
    inquiry = stored_inquiry(name="Rosa <b>Peña</b>", question="Is it <script>alert(1)</script>?")
    page = intake.get(reverse(CASE, args=[inquiry.pk])).content.decode()
    for words in ("Rosa &lt;b&gt;Peña", "(626) 555-0142", "Is it &lt;script&gt;", inquiry.reference):
        assert words in page


def test_opening_a_case_is_recorded_with_who_did_it(intake):
    inquiry = stored_inquiry()
    intake.get(reverse(CASE, args=[inquiry.pk]))
    opened = inquiry.events.first()
    assert (opened.verb, opened.actor) == ("opened", get_user_model().objects.get())


@pytest.mark.parametrize("query", ["?_to_field=name", "?_popup=1&_to_field=phone"])
def test_an_opening_that_was_refused_is_not_recorded(intake, query):
    inquiry = stored_inquiry()
    intake.get(reverse(CASE, args=[inquiry.pk]) + query)
    intake.post(reverse(CASE, args=[inquiry.pk]))
    assert not inquiry.events.filter(verb="opened").exists()


def test_looking_at_the_list_is_recorded(intake):
    stored_inquiry()
    intake.get(reverse(LIST), {"tab": "mine"})
    event = Event.objects.exclude(actor=None).get()
    assert (event.verb, event.detail, event.inquiry) == ("listed", "mine", None)


def test_a_search_is_recorded_without_what_was_searched_for(intake):
    stored_inquiry()
    find(intake, reverse(LIST), "Rosa")
    event = Event.objects.exclude(actor=None).get()
    assert (event.verb, event.detail, event.fields) == ("searched", "found:1", "")


@pytest.mark.parametrize("query", ["stage__regex=(", "submission_digest__startswith=a", "name=Rosa", "reference=%00"])
def test_only_what_is_offered_can_be_filtered_by(intake, query):
    stored_inquiry()
    assert intake.get(f"{reverse(LIST)}?{query}").status_code in (302, 400)


def test_who_may_change_accounts_cannot_make_themselves_more(client):
    user = staff_user("staff.change_user", "staff.view_user", "auth.change_group")
    client.force_login(user)
    path = reverse("admin:staff_user_change", args=[user.pk])
    client.post(path, {"username": user.username, "is_active": "on", "is_superuser": "on", "user_permissions": [1]})
    user.refresh_from_db()
    assert not user.is_superuser and user.user_permissions.count() == 3
    assert client.get("/admin/auth/group/").status_code == 404


def test_a_forged_session_cookie_is_no_session(client):
    client.cookies["sessionid"] = '"\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'
    assert client.get("/admin/").status_code == 302


def test_what_was_sent_again_with_changes_is_shown(intake):
    inquiry = stored_inquiry()
    changed = Inquiry.objects.get()
    changed.amend(Inquiry(way="me", preferred_language="es", name="Rosa", contact_way="call", phone="+16265550199",
                          answers_digest="x"))  # fmt: skip
    page = intake.get(reverse(CASE, args=[inquiry.pk])).content.decode()
    assert "(626) 555-0199" in page and "(626) 555-0142" in page


def test_one_unreadable_value_spoils_one_cell(intake):
    inquiry = stored_inquiry(phone="+16265550177")
    spoil(inquiry, "name")
    page = intake.get(reverse(LIST)).content.decode()
    assert "cannot be read" in page and inquiry.reference in page
    case = intake.get(reverse(CASE, args=[inquiry.pk])).content.decode()
    assert "cannot be read" in case and "(626) 555-0177" in case


@pytest.mark.parametrize("text", ["Rosa", "peña", "626 555 0142"])
def test_an_inquiry_is_found_by_name_or_phone(intake, text):
    inquiry = stored_inquiry()
    stored_inquiry(name="Someone", phone="+16265550199")
    page = find(intake, reverse(LIST), text).content.decode()
    assert inquiry.reference in page and "Someone" not in page


def test_an_inquiry_is_found_by_its_reference(intake):
    inquiry = stored_inquiry()
    assert inquiry.reference in find(intake, reverse(LIST), inquiry.reference.lower()).content.decode()


def test_nobody_can_add_change_or_delete_an_inquiry(admin_client):
    inquiry = stored_inquiry()
    before = Inquiry.objects.values().get()
    assert admin_client.get(reverse("admin:inquiries_inquiry_add")).status_code == 403
    assert admin_client.post(reverse(CASE, args=[inquiry.pk]), {"name": "x"}).status_code == 403
    assert admin_client.post(reverse("admin:inquiries_inquiry_delete", args=[inquiry.pk])).status_code == 403
    admin_client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": inquiry.pk, "post": "yes"})
    assert Inquiry.objects.values().get() == before


@pytest.mark.parametrize("permissions", [[], ["programs.change_therapy"]])
def test_staff_without_the_permission_see_nothing(client, permissions):
    inquiry = stored_inquiry(name="Zoraida")
    client.force_login(staff_user(*permissions))
    for path in (reverse(LIST), reverse(CASE, args=[inquiry.pk]), reverse("admin:index")):
        response = client.get(path)
        assert "Zoraida" not in response.content.decode() and inquiry.reference not in response.content.decode()
    assert not Event.objects.filter(verb="opened").exists()


def test_anonymous_visitors_are_led_to_the_sign_in(client):
    inquiry = stored_inquiry(name="Zoraida")
    for path in (reverse(LIST), reverse(CASE, args=[inquiry.pk])):
        response = client.get(path)
        assert response.status_code == 302 and "login" in response["Location"]


def test_without_a_mail_server_notices_are_shown_as_not_sent(admin_client, settings):
    settings.HAS_MAIL_SERVER = False
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    page = admin_client.get(reverse("admin:inquiries_outboxnotice_changelist")).content.decode()
    assert "not sent: no mail server" in page


class TestExport:
    def export(self, capsys):
        call_command("export_inquiries")
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    def test_every_inquiry_is_printed_decrypted_oldest_first(self, capsys):
        stored_inquiry(name="First")
        stored_inquiry(name="Second", question="line one\nline two")
        rows = self.export(capsys)
        assert [row["name"] for row in rows] == ["First", "Second"]
        assert rows[1]["question"] == "line one\nline two"
        assert {row["phone"] for row in rows} == {"+16265550142"}

    def test_the_export_is_one_event(self, capsys):
        stored_inquiry()
        stored_inquiry()
        self.export(capsys)
        assert Event.objects.filter(verb="exported").count() == 1

    def test_an_unreadable_value_is_named_and_the_rest_printed(self, capsys):
        inquiry = stored_inquiry()
        spoil(inquiry, "phone")
        stored_inquiry(name="Second")
        rows = self.export(capsys)
        assert rows[0]["unreadable"] == ["phone"] and rows[0]["phone"] is None and rows[0]["name"] == "Rosa Peña"
        assert rows[1]["unreadable"] == []

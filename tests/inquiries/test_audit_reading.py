"""Supervisors read who did what and who looked; that they read it is recorded too."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inquiries.desk.audit_log import VERBS
from inquiries.models import Event, ExportReason
from tests.factories import find, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
AUDIT = "/admin/inquiries/event/"


@pytest.fixture
def reader(client):
    client.force_login(staff_user("inquiries.view_event"))
    return client


def shown(client, **query):
    filters = {name: value for name, value in query.items() if name != "q"}
    answer = find(client, AUDIT, query["q"], **filters) if "q" in query else client.get(AUDIT, filters)
    return list(answer.context["cl"].result_list)


def test_who_looked_at_an_inquiry_is_found_by_its_reference(reader):
    looked_at, other = stored_inquiry(), stored_inquiry()
    ana = staff_user(first_name="Ana")
    looked_at.opened(ana)
    other.opened(ana)
    events = shown(reader, q=looked_at.reference.lower())
    assert {event.inquiry for event in events} == {looked_at}
    assert ("opened", ana) in [(event.verb, event.actor) for event in events]


def test_what_one_person_did_is_found(reader):
    inquiry, ana, dev = stored_inquiry(), staff_user(), staff_user()
    inquiry.opened(ana)
    inquiry.opened(dev)
    assert [event.actor for event in shown(reader, actor__id__exact=ana.pk)] == [ana]


def test_one_kind_of_event_is_found(reader):
    stored_inquiry().opened(staff_user())
    assert {event.verb for event in shown(reader, verb__exact="opened")} == {"opened"}


def test_what_the_sender_or_the_system_did_is_found(reader):
    inquiry = stored_inquiry()
    inquiry.opened(staff_user())
    events = shown(reader, actor__id__exact="nobody")
    assert {event.verb for event in events if event.inquiry} == {"received"}
    assert not [event for event in events if event.actor]


def test_what_was_done_to_an_account_is_found_and_told_in_words(reader):
    ana = staff_user(username="ana", first_name="Ana")
    ana.groups.add(Group.objects.get(name="Supervisor"))
    ana.email = "new@example.com"
    ana.save()
    page = reader.get(AUDIT, {"account__id__exact": ana.pk})
    assert {event.account for event in page.context["cl"].result_list} == {ana}
    words = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
    assert "Gave a role" in words and "Supervisor, at the command line" in words
    assert "Changed an account" in words and "email address" in words and "Ana (ana)" in words
    assert "new@example.com" not in words
    assert Event.objects.filter(verb="audit-read", detail="account").count() == 1


def test_who_did_it_is_called_by_the_user_name_of_that_day(reader):
    ana = staff_user(username="ana", first_name="Ana")
    inquiry = stored_inquiry()
    inquiry.opened(ana)
    ana.username = "zoe"
    ana.save()
    assert "Ana (ana)" in reader.get(AUDIT, {"verb__exact": "opened"}).content.decode()


def test_every_action_stands_in_one_group_of_the_filter():
    grouped = [verb for _group, verbs in VERBS for verb in verbs]
    assert sorted(grouped) == sorted(Event.Verb)


def test_the_filters_are_two_lists_of_one_form_which_keeps_what_was_chosen(reader):
    ana = staff_user(first_name="Ana")
    looked_at = stored_inquiry()
    looked_at.opened(ana)
    asked = {"q": looked_at.reference, "verb__exact": "opened", "actor__id__exact": ana.pk}
    page = find(reader, AUDIT, asked.pop("q"), **asked).content.decode()
    asked["q"] = looked_at.reference
    form = re.search(r'<form id="changelist-search".*?</form>', page, re.S)[0]
    assert form.count("<select") == 3 and "changelist-filter" not in page
    assert '<option value="opened" selected>' in form and f'<option value="{ana.pk}" selected>Ana<' in form
    assert [event.actor for event in shown(reader, **asked)] == [ana]
    everything = {"q": "", "verb__exact": "", "actor__id__exact": ""}  # as the form sends it when nothing is chosen
    assert len(shown(reader, **everything)) >= 3


def test_reading_the_audit_is_recorded(reader):
    reader.get(AUDIT)
    find(reader, AUDIT, "AB24-CD")
    read = Event.objects.filter(verb="audit-read").order_by("pk")
    assert [event.detail for event in read] == ["all", "inquiry"] and all(event.actor for event in read)


def test_no_word_of_a_person_stands_in_it(reader):
    stored_inquiry(name="Zoraida", question="Zoraida asks").opened(staff_user())
    assert "Zoraida" not in reader.get(AUDIT).content.decode()


def test_the_reason_of_an_export_is_read_with_its_event(reader):
    kept = ExportReason.record(staff_user(), "Monthly review", "csv", [])
    page = reader.get(reverse("admin:inquiries_event_change", args=[kept.event_id])).content.decode()
    assert "Monthly review" in page
    assert Event.objects.filter(verb="audit-read", detail="event").exists()


def test_the_audit_is_never_counted_whole(reader):
    for _number in range(3):
        stored_inquiry()
    with CaptureQueriesContext(connection) as captured:
        reader.get(AUDIT)
    assert not [q for q in captured if "COUNT(*)" in q["sql"] and "LIMIT 5000" not in q["sql"]]


@pytest.mark.parametrize("query", ["o=1", "inquiry__name=Rosa", "all="])
def test_it_is_not_sorted_or_filtered_by_what_no_index_knows(reader, query):
    stored_inquiry()
    assert reader.get(f"{AUDIT}?{query}").status_code in (200, 302, 400)


def test_others_do_not_read_it(client):
    assert client.get(AUDIT).status_code == 302
    client.force_login(staff_user("inquiries.view_inquiry", "inquiries.change_inquiry"))
    assert client.get(AUDIT).status_code == 403
    assert not Event.objects.filter(verb="audit-read").exists()


def test_nobody_changes_it(admin_client):
    event = stored_inquiry().events.get()
    path = reverse("admin:inquiries_event_change", args=[event.pk])
    assert admin_client.post(path, {"verb": "opened"}).status_code == 403
    assert admin_client.post(reverse("admin:inquiries_event_delete", args=[event.pk])).status_code == 403
    assert admin_client.get(reverse("admin:inquiries_event_add")).status_code == 403

"""The first page of the desk: the next person, five numbers, charts with tables, health; each by permission."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.desk import charts
from inquiries.models import CanaryRun, Event, EventSeal, Inquiry, OutboxNotice
from tests.factories import staff_in, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def intake(client):
    client.force_login(staff_user("inquiries.view_inquiry", first_name="Ana"))
    return client


def page(client) -> str:
    return " ".join(client.get("/admin/").content.decode().split())


def test_the_next_person_is_shown_with_how_to_reach_them(intake):
    inquiry = stored_inquiry(name="Rosa M.", good_times="afternoon")
    Inquiry.objects.update(due_at=timezone.now() - timedelta(days=2, hours=20, minutes=1))
    text = page(intake)
    for words in ("Next: Rosa M.", "Do not leave a voicemail.", "Speak Spanish.", "Afternoon.",
                  "First contact is 2 days 20 h late", f"Open {inquiry.reference}", "See all 1"):  # fmt: skip
        assert words in text, words


def test_who_is_somebody_else_s_comes_after_who_is_nobody_s(intake):
    held, free = stored_inquiry(name="Held"), stored_inquiry(name="Free")
    held.take(staff_user())
    Inquiry.objects.filter(pk=held.pk).update(due_at=timezone.now() - timedelta(days=5))
    assert "Next: Free" in page(intake)
    free.take(staff_user())
    assert "Next: Held" in page(intake)


def test_when_nobody_waits_it_says_so(intake):
    text = page(intake)
    assert "Nobody is waiting." in text and "Nothing late" in text


def test_each_number_leads_to_its_list(intake):
    stored_inquiry()
    text = page(intake)
    for query in ('inquiry/">Waiting now', "?tab=overdue", "?tab=open&amp;stage=received", "?tab=open&amp;language=es"):
        assert query in text, query


def test_a_list_that_a_number_leads_to_holds_as_many(intake):
    """What no list shows, like who started this month, is no link."""
    for stage in Inquiry.Stage:
        for count in range(2):
            row = stored_inquiry(question=f"{stage} {count}", preferred_language="en" if count else "es")
            Inquiry.objects.filter(pk=row.pk).update(stage=stage, first_tried_at=row.received_at)
    Inquiry.objects.filter(stage="received").update(due_at=timezone.now() - timedelta(hours=1), first_tried_at=None)
    stored_inquiry(question="Robot", screening_reasons="trap fast")
    text = page(intake)
    bars = re.findall(r'<a href="([^"]*)">[^<]*</a></th> <td> <svg.*?<b>(\d+)</b>', text)
    numbers = re.findall(
        r'<h2>(?:<svg.*?</svg> )?<a href="([^"]*/inquiry/(?:\?[^"]*)?)">[^<]*</a></h2> <p class="number">(\d+)<', text
    )
    assert len(bars) == 7 and len(numbers) == 3
    for url, number in (*bars, *numbers):
        shown = intake.get(url.replace("&amp;", "&")).content.decode()
        assert shown.count('scope="row"') == int(number), url


def test_the_chart_is_named_and_stands_as_a_table_too(intake):
    stored_inquiry()
    EventSeal.objects.seal_up_to(Event.objects.latest("pk").pk)
    text = page(intake)
    assert re.search(r'<svg class="weeks"[^>]* role="img" aria-labelledby="weeks weeks-say"', text)
    assert text.count('<rect class="bar"') + text.count('<rect class="running"') >= 12
    assert "1 so far this week" in text and "<td>1 so far</td>" in text


def test_no_style_or_script_stands_in_it(intake):
    stored_inquiry()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)", page(intake))


@pytest.mark.parametrize(
    ("permission", "seen"),
    [
        ("inquiries.view_inquiry", {"Waiting now"}),
        ("inquiries.view_outboxnotice", {"Is everything running?"}),
        ("programs.view_credential", {"Claims about to expire"}),
        ("programs.view_guidepage", {"Waiting for translation"}),
    ],
)
def test_blocks_show_by_permission(client, permission, seen):
    client.force_login(staff_user(permission))
    stored_inquiry(name="Zoraida")
    blocks = {"Waiting now", "Is everything running?", "Claims about to expire", "Waiting for translation"}
    text = page(client)
    assert {block for block in blocks if block in text} == seen
    assert ("Zoraida" in text) == (permission == "inquiries.view_inquiry")


def test_an_editor_finds_the_lists_open_and_what_is_still_missing(client, db):
    client.force_login(staff_in("Content"))
    page = client.get("/admin/").content.decode()
    assert '<details class="today-card today-lists" open>' in page
    assert 'href="/admin/programs/siteprofile/missing/"' in page
    client.force_login(staff_in("Supervisor"))
    assert '<details class="today-card today-lists">' in client.get("/admin/").content.decode()


def test_mail_that_failed_is_told(admin_client, settings):
    settings.HAS_MAIL_SERVER = True
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    OutboxNotice.objects.update(last_error="TimeoutError", attempts=4)
    assert re.search(r"Outbox: \d emails failed", page(admin_client)) and "Tried 4 times." in page(admin_client)


def outbox_line(client) -> tuple[str, str]:
    """Return how the line of the outbox looks, and what it says."""
    found = re.search(
        r'<li class="(is-well|is-ill|is-ill is-late)">(?:(?!<li).)*?outboxnotice/">(.*?)</li>', page(client)
    )
    return found[1], " ".join(re.sub(r"<[^>]+>", " ", found[2]).split())


@pytest.mark.parametrize(
    ("age", "look", "words"),
    [
        (timedelta(minutes=2), "is-well", "Outbox: 1 waiting, the oldest for 2 min"),
        (timedelta(hours=26), "is-ill is-late", "Outbox: 1 waiting, the oldest for 1 day 2 h"),
    ],
)
def test_how_old_the_oldest_unsent_email_is_is_told_and_red_when_it_is_old(admin_client, settings, age, look, words):
    settings.HAS_MAIL_SERVER = True
    assert outbox_line(admin_client) == ("is-well", "No emails waiting")
    staff_user("inquiries.view_inquiry")
    inquiry = stored_inquiry()
    when = timezone.now() - age
    OutboxNotice.objects.exclude(pk=inquiry.notices.first().pk).delete()
    OutboxNotice.objects.update(created_at=when, next_try_at=when)
    seen, said = outbox_line(admin_client)
    assert seen == look and said.startswith(words)
    Inquiry.objects.update(set_aside_at=timezone.now())  # kept back, not late
    assert outbox_line(admin_client) == ("is-well", "No emails waiting")


def test_the_age_is_told_also_when_emails_failed_or_no_server_is_set(admin_client, settings):
    staff_user("inquiries.view_inquiry")
    stored_inquiry()
    OutboxNotice.objects.update(created_at=timezone.now() - timedelta(hours=5), last_error="TimeoutError", attempts=4)
    for settings.HAS_MAIL_SERVER in (True, False):
        look, said = outbox_line(admin_client)
        assert look == "is-ill is-late" and "the oldest for 5 h" in said


def test_without_a_mail_server_that_is_told(admin_client, settings):
    settings.HAS_MAIL_SERVER = False
    assert "no mail server is set" in page(admin_client)


def test_backup_and_test_inquiry_are_shown_only_when_known(admin_client):
    assert "Backup is" not in page(admin_client) and "Test inquiry" not in page(admin_client)
    Event.objects.create(verb=Event.Verb.BACKED_UP, at=timezone.now() - timedelta(hours=6, minutes=1))
    CanaryRun.objects.create(succeeded_at=timezone.now())
    text = page(admin_client)
    assert "Backup is 6 h 1 min old" in text and "Test inquiry went through" in text


def test_the_number_of_queries_does_not_grow(admin_client):
    def count():
        with CaptureQueriesContext(connection) as captured:
            admin_client.get("/admin/")
        return len(captured)

    stored_inquiry(phone="+16265550100")
    few = count()
    for number in range(101, 109):
        stored_inquiry(phone=f"+16265550{number}")
    assert count() == few
    for _number in range(2):  # two of one phone, whose bans are joined
        stored_inquiry()
    few = count()
    for _number in range(8):
        stored_inquiry()
    assert count() == few


@pytest.mark.parametrize(("most", "top"), [(0, 5), (5, 5), (6, 10), (31, 40), (47, 50), (101, 200), (999, 1000)])
def test_the_scale_ends_at_a_round_number(most, top):
    assert charts.scale_top(most) == top


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ([1, 2, 3], "2 last week, the most in 3 weeks. 3 so far this week."),
        ([5, 2, 0], "2 last week. 0 so far this week."),
        ([0, 0, 0], "0 last week. 0 so far this week."),
    ],
)
def test_a_sentence_says_what_the_chart_says(counts, says):
    assert charts.chart_says(counts) == says

"""The list opens on what needs work, shows nothing twice or in vain, and takes the same few queries for any size."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk import list_tabs
from inquiries.desk.list_page import ListPage
from inquiries.models import Event, IndexToken, Inquiry
from tests.factories import find, staff_user, stored_inquiry, unsent_inquiry

pytestmark = pytest.mark.django_db
LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def user():
    return staff_user("inquiries.view_inquiry", "inquiries.change_inquiry", first_name="Ana")


@pytest.fixture
def intake(client, user):
    client.force_login(user)
    return client


def due(inquiry, span, **columns):
    Inquiry.objects.filter(pk=inquiry.pk).update(due_at=timezone.now() + span, **columns)
    return inquiry


def shown(client, **query) -> list[str]:
    return [row.name for row in shown_page(client, query).context["page"].rows]


def shown_page(client, query):
    filters = {name: value for name, value in query.items() if name != "q"}
    return find(client, LIST, query["q"], **filters) if "q" in query else client.get(LIST, filters)


@pytest.fixture
def four(user):
    now, other = timezone.now(), staff_user("inquiries.change_inquiry")
    tried = {"first_tried_at": now}
    due(stored_inquiry(name="Late Later"), timedelta(hours=-1), owner=user, **tried)
    due(stored_inquiry(name="Late First"), timedelta(days=-3), **tried)
    due(stored_inquiry(name="Untried"), timedelta(days=2))
    due(stored_inquiry(name="Planned"), timedelta(days=4), owner=other, **tried)


def test_it_opens_on_what_needs_work_the_longest_overdue_first(intake, four):
    assert shown(intake) == ["Late First", "Late Later", "Untried"]


@pytest.mark.parametrize(
    ("tab", "names"),
    [
        ("mine", ["Late Later"]),
        ("unassigned", ["Late First", "Untried"]),
        ("overdue", ["Late First", "Late Later"]),
        ("open", ["Late First", "Late Later", "Untried", "Planned"]),
        ("aside", []),
        ("closed", []),
    ],
)
def test_each_tab_holds_its_own(intake, four, tab, names):
    assert shown(intake, tab=tab) == names


def test_the_tabs_say_how_many_they_hold(user, four):
    counts = list_tabs.counts(user, timezone.now())
    assert {tab: count.number for tab, count in counts.items() if tab in list_tabs.LABELS} == {
        "needs-work": 3, "mine": 1, "unassigned": 2, "overdue": 2, "today": 2, "open": 4, "aside": 0,
    }  # fmt: skip


def test_beyond_the_bound_counts_are_cut_and_stay_right_below_it(user, four, monkeypatch):
    monkeypatch.setattr(list_tabs, "BOUND", 2)
    counts = list_tabs.counts(user, timezone.now())
    assert (str(counts["open"]), str(counts["needs-work"])) == ("2+", "2+")
    assert (str(counts["mine"]), str(counts["overdue"])) == ("1", "2")


def test_opening_a_case_does_not_take_it_off_the_list(intake, four):
    late = Inquiry.objects.order_by("due_at").first()
    intake.get(reverse("admin:inquiries_inquiry_change", args=[late.pk]))
    assert shown(intake)[0] == "Late First"


def test_what_was_closed_or_set_aside_has_a_list_of_its_own(intake, user):
    closed, aside = stored_inquiry(name="Done"), stored_inquiry(name="Machine")
    closed.opened(user)
    closed.close("answered", "status-page", user)
    aside.set_aside(user)
    assert (shown(intake), shown(intake, tab="closed"), shown(intake, tab="aside")) == ([], ["Done"], ["Machine"])


def test_a_row_says_all_that_is_needed_at_a_glance(intake, user):
    inquiry = stored_inquiry(name="Rosa M.", way="loved-one", good_times="any", topics="cost family")
    due(inquiry, timedelta(days=-2, hours=-20), owner=user, sender_wrote_at=timezone.now())
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=5, hours=3))
    page = " ".join(intake.get(LIST).content.decode().split())
    for words in (
        *("Rosa M.", "Loved one", 'lang="es">Español', 'Call, <b class="no">no voicemail', "Any time", "Cost, family"),
        *("1 Received", ">5 days<", "First contact", "2 days 20 h late", "Ana", "New words"),
    ):
        assert words in page, words
    assert 'class="is-over"' in page


def test_the_latest_answers_are_shown(intake):
    key = SubmissionKey.new()
    stored_inquiry(key, name="Before", contact_way="call")
    unsent_inquiry(name="After", contact_way="text").submit(key)
    page = intake.get(LIST).content.decode()
    assert "After" in page and "Before" not in page and "Text only" in page


def test_the_same_phone_is_flagged_until_somebody_said_it_is_not_the_same_person(intake, user):
    one, other = stored_inquiry(name="One"), stored_inquiry(name="Other")
    stored_inquiry(name="Third", phone="+16265550199")
    rows = intake.get(LIST).context["page"].rows
    assert [str(row.same) for row in rows] == ["Same phone", "Same phone", ""]
    one.not_same(other, user)
    assert not any(row.same for row in intake.get(LIST).context["page"].rows)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"way": "refer"}, ["Doctor"]),
        ({"way": "referral"}, ["Doctor"]),
        ({"way": "contact"}, ["Asker"]),
        ({"language": "en"}, ["Doctor"]),
        ({"topic": "cost"}, ["Asker"]),
        ({"owner": "none", "language": "es"}, ["Asker"]),
        ({"flag": "robot"}, []),
        ({"stage": "assessment"}, []),
        ({"way": "no such way"}, ["Asker", "Doctor"]),
        ({"page": "999999999999"}, []),
    ],
)
def test_filters_combine_and_one_that_is_not_offered_counts_as_none(intake, query, names):
    stored_inquiry(name="Asker", topics="cost")
    stored_inquiry(
        name="Doctor", way="refer", preferred_language="en", contact_way="email-work", phone="", email="d@example.com"
    )
    assert shown(intake, **query) == names


def test_who_wants_a_call_now_is_a_view_of_its_own(user, four):
    stored_inquiry(name="Reader", contact_way="text", phone="+16265550199")
    soon = timezone.localtime().replace(hour=9, minute=0) + timedelta(days=9)
    nine = soon + timedelta(days=(7 - soon.weekday()) % 7)  # of a Monday
    names = [row.name for row in ListPage({"now": "on", "tab": "open"}, user, nine).rows]
    assert "Untried" in names and "Reader" not in names
    assert not ListPage({"now": "on", "tab": "open"}, user, nine.replace(hour=4)).rows


@pytest.mark.parametrize("text", ["Rosa Peña", "pena", "(626) 555-0142", "ROSA@example.com"])
def test_an_inquiry_is_found_in_every_list(intake, user, text):
    found = stored_inquiry(name="Rosa Peña", email="rosa@example.com")
    stored_inquiry(name="Someone", phone="+16265550199")
    found.opened(user)
    found.close("answered", "status-page", user)
    assert shown(intake, q=text, tab="mine") == ["Rosa Peña"]


def test_what_the_index_finds_by_accident_is_not_shown(intake):
    other = stored_inquiry(name="Someone Else")
    wanted = stored_inquiry(name="Rosa Peña", phone="+16265550199")
    for token in IndexToken.objects.filter(inquiry=wanted):
        IndexToken.objects.create(token=token.token, inquiry=other)
    assert shown(intake, q="Rosa") == ["Rosa Peña"]


@pytest.mark.parametrize("reference", [lambda r: r, lambda r: r.lower(), lambda r: r.replace("-", "")])
def test_a_reference_finds_in_any_spelling(intake, reference):
    inquiry = stored_inquiry()
    stored_inquiry(name="Someone")
    assert shown(intake, q=reference(inquiry.reference)) == ["Rosa Peña"]


@pytest.mark.parametrize("text", ["x" * 100_000, "%' OR 1=1 --", "@", "   ", "۱۲۳"])
def test_an_odd_search_is_answered(intake, text):
    assert find(intake, LIST, text).status_code == 200


def test_a_page_holds_25_and_leads_on(intake):
    for number in range(27):
        stored_inquiry(name=f"Person {number}", phone=f"+1626555{number:04d}")
    page = intake.get(LIST).content.decode()
    assert "1 to 25 of 27" in page and "?page=2" in page
    assert "26 to 27 of 27" in intake.get(LIST, {"page": 2}).content.decode()


def queries(client, **query) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(LIST, query)
    assert not any("COUNT(*)" in q["sql"] and "LIMIT" not in q["sql"] for q in captured), "an unbounded count"
    return len(captured)


@pytest.mark.parametrize("query", [{}, {"tab": "closed"}, {"language": "es"}, {"topic": "cost"}, {"q": "Rosa"}])
def test_the_number_of_queries_does_not_grow(intake, query):
    if "q" in query:
        query = {"find": find(intake, LIST, query["q"]).context["page"].form["find"].value()}
    for _number in range(2):  # that share a phone
        stored_inquiry(topics="cost")
    few = queries(intake, **query)
    for _number in range(6):
        stored_inquiry(topics="cost")
    assert queries(intake, **query) == few <= 26


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "Nothing to do now."),
        ({"tab": "mine"}, "You have none."),
        ({"tab": "aside"}, "Nothing was set aside."),
        ({"way": "me"}, "No inquiry fits."),
        ({"q": "nobody"}, "No inquiry fits."),
    ],
)
def test_an_empty_list_says_why(intake, query, words):
    assert words in shown_page(intake, query).content.decode()


def test_an_empty_list_says_when_the_next_one_is_due(intake):
    due(stored_inquiry(), timedelta(days=3), first_tried_at=timezone.now())
    assert "Next due: " in intake.get(LIST).content.decode()


def test_an_unknown_parameter_is_dropped_and_the_rest_stands(intake):
    response = intake.get(LIST, {"tab": "mine", "utm_source": "x"})
    assert response.status_code == 302 and response["Location"] == f"{LIST}?tab=mine"


class TestBulk:
    @pytest.fixture(autouse=True)
    def people(self, user):
        self.free, self.other = stored_inquiry(name="Free"), stored_inquiry(name="Held")
        self.colleague = staff_user("inquiries.change_inquiry", first_name="Marisol")
        self.other.take(self.colleague)

    def post(self, client, verb, *inquiries, **more):
        keys = [f"{inquiry.pk}:{inquiry.version}" for inquiry in inquiries]
        return client.post(LIST, {"verb": verb, "chosen": keys, **more}, follow=True)

    def test_first_a_page_lists_what_changes_and_what_does_not(self, intake):
        response = self.post(intake, "take", self.free, self.other)
        page = response.content.decode()
        assert [item.row.name for item in response.context["changing"]] == ["Free"]
        assert "Marisol has it already." in page and "Take: 1 inquiry" in " ".join(page.split())
        assert not Event.objects.filter(verb="taken", actor__first_name="Ana").exists()

    def test_then_it_changes_what_was_confirmed(self, intake, user):
        self.post(intake, "take", self.free, self.other, confirmed="yes")
        assert list(Inquiry.objects.order_by("pk").values_list("owner", flat=True)) == [user.pk, self.colleague.pk]

    def test_what_a_colleague_changed_meanwhile_is_left_alone_and_told(self, intake):
        shown_at = Inquiry.objects.get(pk=self.free.pk)
        self.free.note("A word.", self.colleague)
        page = self.post(intake, "take", shown_at, confirmed="yes").content.decode()
        assert Inquiry.objects.get(pk=self.free.pk).owner is None and f"{self.free.reference}: " in page

    def test_to_set_aside_leaves_out_who_was_contacted(self, intake, user):
        self.other.log_try("no-answer", user, next_action="", due_at=None)
        self.post(intake, "set-aside", self.free, self.other, confirmed="yes")
        assert [row.set_aside_at is None for row in Inquiry.objects.order_by("pk")] == [False, True]

    def test_handing_over_needs_the_right_to_assign(self, intake):
        assert self.post(intake, "hand-over", self.free).status_code == 403

    def test_a_supervisor_hands_over_to_whom_they_choose(self, client):
        client.force_login(staff_user("inquiries.view_inquiry", "inquiries.assign_inquiry"))
        assert "Choose whom" in self.post(client, "hand-over", self.free, confirmed="yes", to="").content.decode()
        self.post(client, "hand-over", self.free, confirmed="yes", to=self.colleague.pk)
        assert Inquiry.objects.get(pk=self.free.pk).owner == self.colleague

    @pytest.mark.parametrize("verb", ["close", "delete_selected", "", "opened"])
    def test_nothing_but_the_three_verbs_is_done_to_several(self, intake, verb):
        before = list(Inquiry.objects.values())
        assert self.post(intake, verb, self.free, confirmed="yes").status_code == 403
        assert list(Inquiry.objects.values()) == before

    @pytest.mark.parametrize("key", ["0:1", "x", "-1:1", "9" * 30, "99999999999999999999:1", ":", "1;2:1"])
    def test_what_is_no_inquiry_changes_nothing(self, intake, key):
        before = list(Inquiry.objects.values())
        page = intake.post(LIST, {"verb": "take", "chosen": [key], "confirmed": "yes"}, follow=True).content.decode()
        assert "Nothing was chosen" in page and list(Inquiry.objects.values()) == before

    def test_what_is_closed_or_withdrawn_is_not_touched(self, intake, user):
        self.free.opened(user)
        self.free.close("answered", "status-page", user)
        self.post(intake, "take", self.free, confirmed="yes")
        assert Inquiry.objects.get(pk=self.free.pk).owner is None

    def test_who_may_only_look_is_offered_no_verb(self, client):
        client.force_login(staff_user("inquiries.view_inquiry"))
        assert "With the chosen" not in client.get(LIST).content.decode()
        assert self.post(client, "take", self.free, confirmed="yes").status_code == 403


def test_a_row_that_does_not_open_leaves_the_others(intake):
    spoiled = stored_inquiry(name="Spoiled")
    stored_inquiry(name="Whole")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inquiries_inquiry SET contact_way = 'v1:test:AAAA' WHERE id = %s", [spoiled.pk])
    page = intake.get(LIST).content.decode()
    assert "Whole" in page and "cannot be read" in page


def test_anonymous_and_others_see_no_list(client):
    assert client.get(LIST).status_code == 302
    client.force_login(staff_user("programs.view_guidepage"))
    assert client.get(LIST).status_code == 403
    assert get_user_model().objects.exists()

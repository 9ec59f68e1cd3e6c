"""Whatever shows a person leaves an event: each address of the desk is walked, and what it decrypts is compared."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries.crypto import looks
from inquiries.crypto.fields import OpeningAttribute
from inquiries.crypto.tokens import SubmissionKey
from inquiries.desk.actions import VERBS
from inquiries.desk.export_views import FORMS
from inquiries.desk.list_tabs import LABELS
from inquiries.models import Event, Inquiry, joined_plans
from iop_site.staff import roles
from tests.factories import find, staff_in, staff_user, stored_inquiry
from tests.iop_site.test_access_matrix import address, desk_names

pytestmark = pytest.mark.django_db
LIST, TODAY = "/admin/inquiries/inquiry/", "/admin/"
OF_A_LIST = {"listed", "searched", "exported"}
ENDS_THE_SESSION = {"logout", "password_change", "sign_out_elsewhere"}


@pytest.fixture
def opened(monkeypatch):
    """The ids of the inquiries of which a sealed cell was opened, counted below all that the product does with it.

    Not those opened to work out what one request forbids another: nobody is shown them. That a ban which is shown is
    recorded is tried in tests/inquiries/test_joined_bans.py.
    """
    read, plain, work_out = set(), OpeningAttribute.__get__, joined_plans.bans_on

    def counting(attribute, instance, cls=None):
        was = instance.__dict__.get(attribute.field.attname) if instance else None
        value = plain(attribute, instance, cls)
        if was and value is not was:
            read.add(instance.pk if isinstance(instance, Inquiry) else getattr(instance, "inquiry_id", None))
        return value

    def working_out(shared):
        before, own = set(read), {one.pk for one in shared.inquiries}
        bans = work_out(shared)
        read.intersection_update(before | own)
        return bans

    monkeypatch.setattr(OpeningAttribute, "__get__", counting)
    monkeypatch.setattr(joined_plans, "bans_on", working_out)
    return read


@pytest.fixture
def ana():
    return staff_in(roles.SUPERVISOR, first_name="Ana")


@pytest.fixture
def desk(client, ana):
    client.force_login(ana)
    return client


@pytest.fixture
def rosa(guide):
    """One person, and a second with her phone."""
    stored_inquiry(name="Rosa Benitez", topics="cost")
    return stored_inquiry(name="Rosa Alvarez", topics="cost", good_times="any")


def untold(opened, since: int, actor) -> set[int]:
    """Which of the opened inquiries no event after ``since`` tells of."""
    events = Event.objects.filter(pk__gt=since, actor=actor)
    if any(event.verb in OF_A_LIST and event.inquiry_id is None for event in events):
        return set()
    return opened - {event.inquiry_id for event in events} - {None}


def latest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first()


def asked_in_turn(rosa):
    """Every address with GET and an empty POST, and the posts that show several people or a form with errors."""
    for name in sorted(desk_names(), key=lambda name: name in ENDS_THE_SESSION):
        for method in ("get", "post"):
            yield f"{method} {name}", method, address(name), {}
    for verb in ("take", "hand-over", "set-aside"):
        yield f"choose {verb}", "post", LIST, {"verb": verb, "chosen": [str(pk) for pk in ids()]}
    for verb in VERBS:
        path = reverse(f"admin:inquiries_inquiry_{verb.name.replace('-', '_')}", args=[rosa.pk])
        yield f"stale {verb.name}", "post", path, {"version": "0", "note": "x", "fill": "1"}


def ids() -> list[int]:
    return list(Inquiry.objects.values_list("pk", flat=True))


@pytest.mark.long
def test_every_address_that_opens_a_cell_leaves_an_event_of_each_person(desk, ana, rosa, opened):
    seen, forgotten = set(), {}
    for what, method, path, data in asked_in_turn(rosa):
        desk.force_login(ana)
        opened.clear()
        since = latest()
        answer = getattr(desk, method)(path, data)
        shown = {pk for pk in opened if what.split()[1] not in ("index", "inquiries_inquiry_change")} | {
            one.pk for one in Inquiry.objects.all() if one.name in answer.content.decode()
        }
        seen |= {what} if shown else set()
        if left := untold(shown, since, ana):
            forgotten[what] = left
    assert forgotten == {}
    assert {"get index", "get inquiries_inquiry_changelist", "get inquiries_inquiry_sheet", "choose take"} <= seen
    assert {f"get inquiries_inquiry_{verb.name.replace('-', '_')}" for verb in VERBS} <= seen


def body_of(answer) -> str:
    """A file that is streamed is read to its end: it decrypts as it goes."""
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def asked_with_choices(rosa):
    """The views that decrypt more, or less, by what is chosen on them."""
    for tab in LABELS:
        yield f"list {tab}", "get", LIST, {"tab": tab}
    for choice in ({"topic": "cost"}, {"now": "True"}, {"flag": "held"}):
        yield f"list {choice}", "get", LIST, choice
    for form in FORMS:
        chosen = {"reason": "A review", "form": form, "notice": "name", "lists": "all"}
        yield f"export {form}", "post", f"{LIST}export/", chosen
    for method in ("get", "post"):
        yield f"month {method}", method, f"{LIST}month/", {"outside": "on"}
    for page in ("sheet", "appointment", *(verb.name for verb in VERBS)):
        yield page, "get", f"{LIST}{rosa.pk}/{page}/", {}
    yield "audit", "get", "/admin/inquiries/event/", {"since": "2020-01-01", "until": "2099-01-01"}


def decrypted_and_not_seen(desk, ana, rosa, opened) -> tuple[set[str], dict]:
    """Which views decrypted anything, and those of them that left somebody without an event."""
    decrypting, forgotten = set(), {}
    for what, method, path, data in asked_with_choices(rosa):
        opened.clear()
        since = latest()
        body_of(getattr(desk, method)(path, data))
        decrypting |= {what} if opened else set()
        if left := untold(opened, since, ana):
            forgotten[what] = left
    return decrypting, forgotten


def test_whatever_a_view_decrypts_is_seen_in_the_events(desk, ana, rosa, opened):
    rosa.set_next("assess", timezone.now() + timedelta(days=1), ana)
    decrypting, forgotten = decrypted_and_not_seen(desk, ana, rosa, opened)
    assert forgotten == {}
    assert {"list open", "list {'topic': 'cost'}", "export csv", "export json", "sheet", "try", "note"} <= decrypting
    assert not {"month get", "month post", "appointment", "export weeks", "audit"} & decrypting


@pytest.mark.long
def test_what_a_view_decrypts_and_no_event_tells_is_found(desk, ana, rosa, opened, monkeypatch):
    monkeypatch.setattr(Event, "tell_looks", lambda *_look, **_of: None)
    _decrypting, forgotten = decrypted_and_not_seen(desk, ana, rosa, opened)
    assert {"note", "close"} <= set(forgotten) and "sheet" not in forgotten


@pytest.mark.parametrize("verb", ["note", "try", "close"])
def test_the_page_of_a_verb_is_one_look_each_time(desk, ana, rosa, verb):
    for _time in range(2):
        desk.get(f"{LIST}{rosa.pk}/{verb}/")
    seen = Event.objects.filter(actor=ana, inquiry=rosa)
    first = "claimed" if verb == "try" else "seen"  # the event of the claim tells the look, too
    assert [(event.verb, event.detail) for event in seen] == [("seen", verb), (first, verb)]


def test_a_verb_that_is_done_is_one_event_and_not_two(desk, ana, rosa):
    desk.post(f"{LIST}{rosa.pk}/note/", {"note": "Called.", "version": str(rosa.version)})
    assert [event.verb for event in Event.objects.filter(actor=ana)] == ["noted"]


def test_the_list_and_a_search_stay_one_event(desk, ana, rosa):
    desk.get(LIST)
    find(desk, LIST, "Rosa")
    desk.get(LIST, {"topic": "cost"})
    assert [event.verb for event in Event.objects.filter(actor=ana)] == ["listed", "searched", "listed"]


def test_a_case_tells_of_those_who_could_be_the_same_person(desk, ana, rosa):
    desk.get(f"{LIST}{rosa.pk}/change/")
    told = {event.inquiry.name: (event.verb, event.detail) for event in Event.objects.filter(actor=ana)}
    assert told == {"Rosa Alvarez": ("opened", ""), "Rosa Benitez": ("seen", "beside")}


def test_who_could_be_the_same_person_is_told_of_also_after_changed_answers(desk, ana, rosa):
    key = SubmissionKey.new()
    stored_inquiry(key, name="Rosa Castillo")
    changed = stored_inquiry(key, name="Rosa Dominguez")
    page = desk.get(f"{LIST}{rosa.pk}/change/").content.decode()
    assert "Rosa Dominguez" in page
    assert Event.objects.filter(actor=ana, inquiry=changed, verb="seen", detail="beside").count() == 1


def test_the_first_page_tells_of_those_it_names_and_of_nobody_that_it_counts(desk, ana, rosa):
    for number in range(3):
        stored_inquiry(name=f"Counted {number}", phone=f"+1626555{number:04d}", good_times="any")
    page = desk.get(TODAY).content.decode()
    told = Event.objects.filter(actor=ana, verb="seen", detail="today")
    assert {event.inquiry.name for event in told} == {one.name for one in Inquiry.objects.all() if one.name in page}
    assert 0 < len(told) < 3


def test_very_many_that_were_chosen_are_one_event(desk, ana, rosa, monkeypatch):
    monkeypatch.setattr(looks, "MOST_NAMED", 1)
    desk.post(LIST, {"verb": "take", "chosen": [str(pk) for pk in ids()]})
    event = Event.objects.get(actor=ana)
    assert (event.verb, event.detail, event.inquiry) == ("seen", "several:2", None)


@pytest.mark.parametrize("verb", ["note", "close"])
def test_however_many_share_their_phone_the_person_whose_page_it_is_is_told_of(desk, ana, rosa, verb, monkeypatch):
    monkeypatch.setattr(looks, "MOST_NAMED", 1)
    stored_inquiry(name="Rosa Castillo", contact_way="text")
    desk.get(f"{LIST}{rosa.pk}/{verb}/")
    seen = [(event.detail, event.inquiry) for event in Event.objects.filter(actor=ana, verb="seen").order_by("pk")]
    assert seen == [(verb, rosa), (f"{verb}:1", None)]


def test_what_cannot_be_recorded_is_not_shown(desk, rosa, monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("away")

    monkeypatch.setattr(Event.objects, "bulk_create", away)
    answer = desk.get(f"{LIST}{rosa.pk}/note/")
    assert answer.status_code == 503 and "Rosa" not in answer.content.decode()


def test_looks_stand_in_the_audit_and_not_in_the_timeline(desk, ana, rosa):
    desk.get(f"{LIST}{rosa.pk}/note/")
    words = "Saw the name or an answer"
    assert words not in desk.get(f"{LIST}{rosa.pk}/change/").content.decode()
    assert words in find(desk, "/admin/inquiries/event/", rosa.reference).content.decode()


def test_a_look_makes_the_page_of_no_colleague_stale(desk, rosa):
    other = Client()
    other.force_login(staff_in(roles.SUPERVISOR))
    other.get(f"{LIST}{rosa.pk}/note/")
    answer = desk.post(f"{LIST}{rosa.pk}/note/", {"note": "Called.", "version": str(rosa.version)})
    assert answer.status_code == 302


def test_who_is_refused_sees_nothing_and_leaves_no_look(client, rosa):
    client.force_login(staff_user("inquiries.view_inquiry"))
    assert client.get(f"{LIST}{rosa.pk}/note/").status_code == 403
    assert not Event.objects.filter(verb="seen").exists()

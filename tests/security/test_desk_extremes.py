"""Keys, days and hours at the ends of what a calendar or a column can hold are answered, and never by a fault."""

from datetime import datetime, timedelta

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone

from inquiries.desk.actions import VERBS
from inquiries.models import ClosedDay, Inquiry, InvalidTransition, MessageTemplate, WeeklyHours
from inquiries.models.verbs import LONGEST_PAUSE
from tests.addresses import HOLE, with_holes
from tests.factories import staff_in, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
DAYS = ["9999-12-31", "0001-01-01", "10000-01-01", "2026-02-30", "-1", "9" * 400, "١٢٣", "12/31/9999", "2100-01-01"]
TIMES = ["23:59", "00:00", "23:59:59.999999", "24:00", "-1", "9" * 400]
KEYS = ["99999999999999999999", "9223372036854775808", "9" * 400, "%00"]
PLANNED = ("try", "next", "move-on", "reopen")
TOO_FAR = "Choose a day within 90 days from today"


@pytest.fixture
def chief(client, guide):
    MessageTemplate.objects.create(title="Made up", body_en="Made up", body_es="Inventado")
    user = staff_user(is_superuser=True)
    client.force_login(user)
    return user


def in_hand(name) -> Inquiry:
    inquiry = stored_inquiry()
    if name == "reopen":
        inquiry.opened(staff_user())
        inquiry.close("answered", "status-page", staff_user(), note="Made up")
    return Inquiry.objects.get(pk=inquiry.pk)


def post(client, name, inquiry, **data):
    path = reverse(f"admin:inquiries_inquiry_{name.replace('-', '_')}", args=[inquiry.pk])
    common = {"version": inquiry.version, "result": "spoke", "next_action": "assess", "when": "other"}
    return client.post(path, common | data)


@pytest.mark.long
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", PLANNED)
def test_no_day_of_a_next_action_brings_a_fault_and_the_words_are_kept(client, chief, name, day):
    inquiry = in_hand(name)
    before = Inquiry.objects.values().get(pk=inquiry.pk)
    for at in TIMES:
        answer = post(client, name, inquiry, other_day=day, other_time=at, day=day, time=at, note="Kept words")
        assert answer.status_code == 200, (day, at)
        assert name == "next" or "Kept words" in answer.content.decode()
    for when in (f"{day}T23:59", f"{day}T00:00", day):
        assert post(client, name, inquiry, when=when, day=day, time="23:59").status_code == 200
    assert Inquiry.objects.values().get(pk=inquiry.pk) == before


@pytest.mark.parametrize("name", PLANNED)
def test_nobody_is_put_out_of_sight_for_longer_than_a_quarter_of_a_year(client, chief, name):
    inquiry, today = in_hand(name), timezone.localdate()
    before = Inquiry.objects.values().get(pk=inquiry.pk)
    over = today + LONGEST_PAUSE + timedelta(days=1)
    for data in ({"other_day": over, "other_time": "23:59"}, {"when": f"{over}T23:59"}):
        answer = post(client, name, inquiry, note="Kept words", **data)
        assert answer.status_code == 200 and TOO_FAR in answer.content.decode()
    assert Inquiry.objects.values().get(pk=inquiry.pk) == before
    last = today + LONGEST_PAUSE
    assert post(client, name, inquiry, other_day=last, other_time="23:59").status_code == 302
    assert timezone.localtime(Inquiry.objects.get(pk=inquiry.pk).due_at).date() == last


@pytest.mark.parametrize("due_at", [datetime(9990, 1, 1, tzinfo=timezone.get_default_timezone()), None])
def test_the_model_refuses_it_also_where_no_form_asks(chief, due_at):
    due_at = due_at or timezone.now() + LONGEST_PAUSE + timedelta(days=1)
    with pytest.raises(InvalidTransition, match="within 90 days"):
        stored_inquiry().set_next("wait", due_at, chief)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("verb", [verb.name for verb in VERBS if verb.name not in PLANNED])
def test_no_number_or_day_in_any_other_verb_brings_a_fault(client, chief, verb, day):
    inquiry = stored_inquiry()
    for version in ("9" * 24, "-1", "9" * 4400, day):
        data = {"to": "9" * 24, "other": day, "told": "call", "outcome": "same-person", "note": "x", "body": day}
        assert post(client, verb, inquiry, **data | {"version": version}).status_code < 500


def dated_lists():
    """Yield each admin whose form asks for a day or an hour; the hours of the week are one table."""
    for model in admin.site._registry:
        fields = [field for field in model._meta.fields if type(field) in (models.DateField, models.TimeField)]
        if fields and model is not WeeklyHours:
            yield pytest.param(model, [field.name for field in fields], id=model._meta.label_lower)


@pytest.mark.parametrize(("model", "names"), dated_lists())
def test_no_day_or_hour_that_is_set_for_everybody_brings_a_fault(client, chief, model, names):
    name, row = f"admin:{model._meta.app_label}_{model._meta.model_name}", model._default_manager.first()
    paths = [reverse(f"{name}_add"), *([reverse(f"{name}_change", args=[row.pk])] if row else [])]
    for number, value in enumerate([*DAYS, *TIMES]):
        data = dict.fromkeys(names, value) | {
            "title_en": "Made up",
            "title_es": "Inventado",
            "key": f"made-up-{number}",
            "seen": "",
        }
        data |= {"sections-TOTAL_FORMS": "0", "sections-INITIAL_FORMS": "0", "name": "Made up", "_save": "1"}
        assert all(client.post(path, data).status_code < 500 for path in paths), value
    assert_all_stands(client, reverse(f"{name}_changelist"))


@pytest.mark.parametrize("opens", [*DAYS, *TIMES])
def test_no_hours_of_the_week_bring_a_fault(client, chief, opens):
    path = reverse("admin:inquiries_weeklyhours_changelist")
    for closes in ("23:59:59.999999", opens):
        hours = {
            "open_1": "on",
            "opens_1": opens,
            "closes_1": closes,
            "open_2": "on",
            "opens_2": "9:00",
            "closes_2": "9:01",
        }
        assert client.post(path, hours).status_code < 500
    assert_all_stands(client, path)


def assert_all_stands(client, *paths):
    for path in (*paths, reverse("admin:index"), "/", "/ask/me/", "/es/admin/"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2100-01-01", "1999-12-31"])
def test_a_closed_day_is_one_that_the_center_may_live_to_see(client, chief, day):
    answer = client.post(reverse("admin:inquiries_closedday_add"), {"day": day, "name": "Made up"})
    assert "Choose a day between the years 2000 and 2099" in answer.content.decode()
    assert not ClosedDay.objects.exists()


def keyed() -> list[str]:
    """Return every address of the English desk that takes something."""
    return [address for address in with_holes() if address.startswith("/admin/") and HOLE.search(address)]


@pytest.mark.long
@pytest.mark.parametrize("key", KEYS)
def test_no_key_in_an_address_of_the_desk_brings_a_fault(client, chief, key):
    asked = keyed()
    assert len(asked) > 100
    for address in asked:
        path = HOLE.sub(lambda _hole: key, address)
        assert client.get(path).status_code < 500, path
        assert client.post(path, {"post": "yes", "version": key}).status_code < 500, path


@pytest.mark.parametrize("key", ["abc", "9" * 24, str(2**63), "-1", "9" * 4400])
def test_no_key_of_a_role_brings_a_fault(client, chief, key):
    path = reverse("admin:staff_user_change", args=[staff_in("Intake").pk])
    assert client.post(path, {"username": "made-up", "groups": [key]}).status_code == 200

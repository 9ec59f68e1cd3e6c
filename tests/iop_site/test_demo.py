"""The demo fills a database of its own and refuses every other."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from inquiries.models import EventSeal, Inquiry, MessageTemplate, WeeklyHours
from iop_site.management.commands import fill_demo
from iop_site.ops import demo_data
from iop_site.staff.models import User
from tests.factories import stored_inquiry

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def demo_place(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "demo"
    settings.DATA_DIR.mkdir()
    monkeypatch.setattr(fill_demo, "HOW_MANY", 60)
    name = str(settings.DATA_DIR / "db.sqlite3")
    database = settings.DATABASES["default"]
    monkeypatch.setitem(database, "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(database, "NAME", name)
    return settings.DATA_DIR


def test_it_shows_every_state_and_a_password_for_each_of_three(demo_place, capsys):
    call_command("fill_demo")
    said = capsys.readouterr().out
    assert Inquiry.objects.count() == 60
    assert all(f"  {name}  " in said for name in ("ana", "marisol", "dev")) and User.objects.count() == 3
    assert set(Inquiry.objects.values_list("stage", flat=True)) >= {"received", "contacting", "assessment"}
    assert Inquiry.objects.open().exists() and Inquiry.objects.closed().exists()
    assert list(EventSeal.objects.verify()) == []


def test_a_second_time_nothing_is_added_and_no_password_shown(demo_place, capsys):
    call_command("fill_demo")
    capsys.readouterr()
    call_command("fill_demo")
    assert "filled before" in capsys.readouterr().out and Inquiry.objects.count() == 60


def test_a_database_that_holds_something_is_left_alone(demo_place):
    stored_inquiry()
    with pytest.raises(CommandError, match="holds something already"):
        call_command("fill_demo")
    assert Inquiry.objects.count() == 1 and not User.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda settings: setattr(settings, "DATA_DIR", settings.DATA_DIR.parent),
        lambda settings: settings.DATABASES["default"].update(NAME="/srv/iop/db.sqlite3"),
        lambda settings: settings.DATABASES["default"].update(ENGINE="django.db.backends.postgresql"),
    ],
)
def test_any_other_place_is_refused(demo_place, settings, change):
    change(settings)
    with pytest.raises(CommandError, match="not the database of the demo"):
        call_command("fill_demo")
    assert not Inquiry.objects.exists()


def test_nobody_of_the_demo_can_be_reached(demo_place):
    call_command("fill_demo")
    for inquiry in Inquiry.objects.all():
        assert not inquiry.phone or inquiry.phone[5:10] == "55501"
        assert not inquiry.email or inquiry.email.endswith("@example.com")
    assert set(demo_data.STAFF) == {"ana", "marisol", "dev"}


def test_what_is_due_is_due_while_the_center_works(demo_place):
    call_command("fill_demo")
    planned = Inquiry.objects.filter(due_at__isnull=False)
    calendar = WeeklyHours.objects.calendar(timezone.now())
    assert planned.exclude(first_tried_at=None).exists()
    for inquiry in planned:
        opens, closes = calendar.hours_of(timezone.localtime(inquiry.due_at).date())
        assert opens <= inquiry.due_at <= closes, inquiry.due_at
        assert inquiry.first_tried_at is None or inquiry.due_at.minute % 15 == 0


def test_messages_can_be_started_from_in_both_languages(demo_place):
    call_command("fill_demo")
    templates = MessageTemplate.objects.filter(is_offered=True)
    assert len(templates) >= 3
    for template in templates:
        template.full_clean()
        assert template.body_en != template.body_es and "{name}" in template.body_en and "{name}" in template.body_es

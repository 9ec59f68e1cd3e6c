"""An assessment goes into a calendar as a time and a place: whoever reads the calendar learns nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inquiries.desk import appointments
from inquiries.models import Event, Inquiry
from programs.models import SiteProfile
from tests.factories import staff_in, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
ADDRESS = "1 Made Up Road, Suite 5;\nDuarte, CA 91010"


@pytest.fixture
def ana():
    return staff_in("Intake", first_name="Ana")


@pytest.fixture
def desk(client, ana):
    client.force_login(ana)
    return client


@pytest.fixture
def planned(ana):
    inquiry = stored_inquiry()
    inquiry.set_next("assess", timezone.now() + timedelta(days=2), ana)
    return inquiry


@pytest.fixture
def address():
    SiteProfile.objects.update_or_create(key="center", defaults={"address": ADDRESS, "is_published": True})


def path(inquiry) -> str:
    return f"/admin/inquiries/inquiry/{inquiry.pk}/appointment/"


def lines(text: str) -> dict[str, str]:
    rows = text.replace("\r\n ", "").split("\r\n")
    return dict(row.split(":", 1) for row in rows if row)


def test_it_holds_the_time_the_place_and_one_word(desk, planned, address):
    answer = desk.get(path(planned))
    found = lines(answer.content.decode())
    assert set(found) == {
        "BEGIN", "VERSION", "PRODID", "UID", "DTSTAMP", "DTSTART", "SUMMARY", "LOCATION", "END",
    }  # fmt: skip
    assert found["SUMMARY"] == "Appointment"
    assert found["DTSTART"] == planned.due_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    assert found["LOCATION"] == r"1 Made Up Road\, Suite 5\;\, Duarte\, CA 91010"
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Content-Disposition"] == 'attachment; filename="appointment.ics"'


def test_nothing_of_the_person_the_inquiry_or_the_center_s_name_stands_in_it(desk, planned, address):
    text = desk.get(path(planned)).content.decode()
    told = (
        "Rosa",
        "Peña",
        "555-01",
        "6265550",
        planned.reference,
        planned.uid.hex,
        str(planned.uid),
        "Ana",
        "iop",
        "Dedicato",
    )
    assert [word for word in told if word.lower() in text.lower()] == []


def test_while_no_address_is_known_it_holds_the_time_alone(desk, planned):
    assert "LOCATION" not in desk.get(path(planned)).content.decode()


def test_two_files_of_one_appointment_cannot_be_told_to_be_one(desk, planned):
    first, second = (lines(desk.get(path(planned)).content.decode())["UID"] for _time in range(2))
    assert first != second


def test_that_it_left_the_desk_is_recorded(desk, planned, ana):
    desk.get(path(planned))
    event = Event.objects.get(verb="exported")
    assert (event.actor, event.inquiry_id, event.detail) == (ana, planned.pk, "appointment")


@pytest.mark.parametrize("change", [{"next_action": "wait"}, {"closed_at": timezone.now()}])
def test_there_is_none_unless_an_assessment_is_planned(desk, planned, change):
    Inquiry.objects.filter(pk=planned.pk).update(**change)
    assert desk.get(path(planned)).status_code == 404
    assert "appointment/" not in desk.get(f"/admin/inquiries/inquiry/{planned.pk}/change/").content.decode()
    assert not Event.objects.filter(verb="exported").exists()


def test_the_case_leads_to_it(desk, planned):
    assert path(planned) in desk.get(f"/admin/inquiries/inquiry/{planned.pk}/change/").content.decode()


def test_who_may_not_see_the_inquiry_gets_none(client, planned):
    client.force_login(staff_user())
    assert client.get(path(planned)).status_code == 403


def test_long_lines_are_folded_by_octets_and_no_letter_is_cut():
    at = datetime(2026, 6, 5, 16, tzinfo=UTC)
    text = appointments.calendar_file(at, "Ñandú " * 40, at)
    rows = text.split("\r\n")
    assert max(len(row.encode()) for row in rows) <= 75
    assert lines(text)["LOCATION"].count("Ñandú") == 40

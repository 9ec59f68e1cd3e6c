"""The time of an assessment as a file for a calendar. Calendars are shared, and shown on locked screens: it tells when
and where, and the word Appointment, nothing else."""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from inquiries.desk.pages import DeskPages
from inquiries.models import Event, Inquiry

LONGEST_LINE = 75  # octets, by RFC 5545; what is longer goes on behind a blank


def is_planned(inquiry: Inquiry) -> bool:
    return inquiry.is_in_work and inquiry.action_due == Inquiry.NextAction.ASSESS


class AppointmentFile(DeskPages):
    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "inquiries_inquiry_appointment"
        return [path("<path:object_id>/appointment/", wrap(self.appointment_view), name=name), *super().get_urls()]

    def appointment_view(self, request, object_id):
        inquiry = self.shown(request, object_id)
        if not is_planned(inquiry):
            raise Http404
        place = import_string(settings.APPOINTMENT_PLACE)()
        text = calendar_file(inquiry.due_at, place, timezone.now())
        Event.objects.create(inquiry=inquiry, verb=Event.Verb.EXPORTED, actor=request.user, detail="appointment")
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
        return response


def calendar_file(starts_at: datetime, place: str, now: datetime) -> str:
    summary = _("Appointment")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//appointment//EN",
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid4()}",
        f"DTSTAMP:{moment(now)}",
        f"DTSTART:{moment(starts_at)}",
        f"SUMMARY:{escaped(summary)}",
        *([f"LOCATION:{escaped(place)}"] if place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    one_line = ", ".join(line.strip() for line in text.splitlines() if line.strip())
    return one_line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def folded(line: str) -> str:
    rows, row = [], ""
    for letter in line:
        if len(f"{row}{letter}".encode()) > LONGEST_LINE:
            rows.append(row)
            row = " "
        row += letter
    return "\r\n".join([*rows, row])

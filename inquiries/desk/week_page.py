"""The hours of the week as one table that is saved as a whole: a day that somebody adds closes no other."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.desk.date_inputs import TimeInput
from inquiries.models import ClosedDay, WeeklyHours, set_week


class WeekForm(forms.Form):
    """``hours`` are those in force; ``cleaned_data["hours"]`` the new ones, without the days that are not open."""

    def __init__(self, *args, hours, **options):
        super().__init__(*args, label_suffix="", **options)
        for day, name in WeeklyHours.Weekday.choices:
            opens_at, closes_at = hours.get(day, (None, None))
            self.fields[f"open_{day}"] = forms.BooleanField(label=name, required=False, initial=day in hours)
            self.fields[f"opens_{day}"] = time_field(_("%(day)s, opens") % {"day": name}, opens_at)
            self.fields[f"closes_{day}"] = time_field(_("%(day)s, closes") % {"day": name}, closes_at)

    @property
    def days(self) -> list[tuple]:
        return [tuple(self[f"{part}_{day}"] for part in ("open", "opens", "closes")) for day in WeeklyHours.Weekday]

    def clean(self):
        cleaned = super().clean()
        open_days = [day for day in WeeklyHours.Weekday.values if cleaned.get(f"open_{day}")]
        for day in open_days:
            self.check_day(day, cleaned.get(f"opens_{day}"), cleaned.get(f"closes_{day}"))
        if not open_days:
            raise forms.ValidationError(_("Leave at least one day open"))
        hours = {day: (cleaned.get(f"opens_{day}"), cleaned.get(f"closes_{day}")) for day in open_days}
        return cleaned | {"hours": hours}

    def check_day(self, day: int, opens_at, closes_at):
        for name, at in ((f"opens_{day}", opens_at), (f"closes_{day}", closes_at)):
            if at is None and name not in self.errors:
                self.add_error(name, _("Say when, or take the tick of the day away"))
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error(f"closes_{day}", _("The day must close after it opens."))


def time_field(label: str, initial):
    return forms.TimeField(label=label, required=False, initial=initial, widget=TimeInput())


class WeekPage:
    """For the admin of ``WeeklyHours``, whose rows have no pages of their own."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="inquiries_weeklyhours_changelist")]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if not self.has_change_permission(request):
            raise PermissionDenied
        hours, is_set = WeeklyHours.objects.in_force()
        form = WeekForm(request.POST if request.method == "POST" else None, hours=hours)
        if request.method == "POST" and form.is_valid():
            self.save(request, form.cleaned_data["hours"], {} if not is_set else hours)
            return HttpResponseRedirect(request.path)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": self.opts.verbose_name_plural}
        closed = ClosedDay.objects.filter(day__gte=timezone.localdate())[:3]
        context |= {"form": form, "is_set": is_set, "closed": closed, **(extra_context or {})}
        return TemplateResponse(request, "admin/inquiries/week.html", context)

    def save(self, request, hours, stored):
        if hours != stored:
            with transaction.atomic():
                set_week(hours)
                self.log_change(request, WeeklyHours(), "")
        messages.success(request, _("The weekly hours are saved."))

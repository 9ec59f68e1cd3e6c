from collections.abc import Mapping
from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries import business_hours
from inquiries.business_hours import DEFAULT_HOURS, Calendar


class WeeklyHoursQuerySet(models.QuerySet):
    def calendar(self, since) -> Calendar:
        """From the moment ``since`` on. While no hours are set, the center works Monday to Friday from 9 to 5."""
        hours, _is_set = self.in_force()
        closed = ClosedDay.objects.filter(day__gte=timezone.localtime(since).date())
        return Calendar(hours, frozenset(closed.values_list("day", flat=True)))

    def in_force(self) -> tuple[dict, bool]:
        """The hours of each weekday, and whether somebody set them."""
        hours = {day: (opens, closes) for day, opens, closes in self.values_list("weekday", "opens_at", "closes_at")}
        return hours or DEFAULT_HOURS, bool(hours)

    def replace(self, hours: Mapping[int, tuple[time, time]]):
        """Make this the whole week. What follows the hours is moved by ``moved_days.set_week``."""
        rows = [WeeklyHours(weekday=day, opens_at=opens, closes_at=closes) for day, (opens, closes) in hours.items()]
        changed = {"unique_fields": ["weekday"], "update_fields": ["opens_at", "closes_at"]}
        self.bulk_create(rows, update_conflicts=True, **changed)
        self.exclude(weekday__in=hours).delete()

    def first_contact_due(self, received_at, how_soon=""):
        return business_hours.first_contact_due(received_at, self.calendar(received_at), how_soon)


class WeeklyHours(models.Model):
    """In local time. A weekday without a row is closed once any row is there, so all are set at once: ``set_week``."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday, unique=True)
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"))

    objects = WeeklyHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours of a weekday")
        verbose_name_plural = _("weekly hours")
        ordering = ["weekday"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="inquiries_weeklyhours_order",
                violation_error_message=_("The day must close after it opens."),
            )
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


class ClosedDay(models.Model):
    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.name}".strip()

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries import business_hours
from inquiries.business_hours import DEFAULT_HOURS, Calendar


class WeeklyHoursQuerySet(models.QuerySet):
    def calendar(self, since) -> Calendar:
        """From the moment ``since`` on. While no hours are set, the center works Monday to Friday from 9 to 5."""
        hours = {day: (opens, closes) for day, opens, closes in self.values_list("weekday", "opens_at", "closes_at")}
        closed = ClosedDay.objects.filter(day__gte=timezone.localtime(since).date())
        return Calendar(hours or DEFAULT_HOURS, frozenset(closed.values_list("day", flat=True)))

    def first_contact_due(self, received_at, how_soon=""):
        return business_hours.first_contact_due(received_at, self.calendar(received_at), how_soon)


class WeeklyHours(models.Model):
    """In local time. A weekday without a row is closed, once any row is there."""

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

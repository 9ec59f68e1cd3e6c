from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT_FOR = timedelta(days=90)
RETRY_AFTER = timedelta(minutes=15)
MAY_BE_LATE = timedelta(hours=1)


class CanaryRunQuerySet(models.QuerySet):
    def last_success(self):
        return self.exclude(succeeded_at=None).aggregate(at=models.Max("succeeded_at"))["at"]

    def is_late(self, now) -> bool:
        if not settings.CANARY_EVERY_HOURS:
            return False
        limit = now - timedelta(hours=settings.CANARY_EVERY_HOURS) - MAY_BE_LATE
        return not self.filter(succeeded_at__gte=limit).exists()

    def is_due(self, now) -> bool:
        if not settings.CANARY_EVERY_HOURS:
            return False
        every = timedelta(hours=settings.CANARY_EVERY_HOURS)
        # What stands in the future was written before the clock was set right.
        recent = models.Q(started_at__gt=now - RETRY_AFTER) | models.Q(succeeded_at__gt=now - every)
        return not self.filter(recent, started_at__lte=now).exists()

    def forget(self, now):
        self.filter(started_at__lt=now - KEPT_FOR).delete()


class CanaryRun(models.Model):
    class Step(models.TextChoices):
        FORM = "form"
        MAIL = "mail"
        STATUS = "status"
        ERASING = "erasing"

    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    succeeded_at = models.DateTimeField(null=True, blank=True, db_index=True)
    step = models.CharField(max_length=8, choices=Step, default=Step.FORM, help_text="The last step it began.")
    error = models.CharField(max_length=80, blank=True, help_text="Class of what went wrong.")

    objects = CanaryRunQuerySet.as_manager()

    def __str__(self):
        return f"test of {self.started_at:%Y-%m-%d %H:%M}"

    def mark_succeeded(self, now):
        self.succeeded_at = now
        self.save(update_fields=["succeeded_at", "step"])

    def mark_failed(self, error: Exception):
        self.error = type(error).__name__[:80]
        self.save(update_fields=["error", "step"])

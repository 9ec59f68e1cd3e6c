import json

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RevisionQuerySet(models.QuerySet):
    def of(self, row):
        return self.filter(model=row._meta.model_name, key=row.key)

    def drafts(self):
        return self.filter(action=Revision.Action.DRAFT)

    def published(self):
        return self.exclude(action=Revision.Action.DRAFT)

    def record(self, row, action, by, at, values: dict):
        data = json.dumps(values, ensure_ascii=False, sort_keys=True)
        return self.create(model=row._meta.model_name, key=row.key, action=action, by=by, at=at, data=data)

    def catch_up(self, row, values: dict, at):
        """Record what changed a row past this desk (the shipped guide, a command), so that nobody is named for it."""
        latest = self.of(row).published().first()
        if latest is None or latest.values != values:
            self.record(row, Revision.Action.LOADED, None, at, values)


class Revision(models.Model):
    """At most one is the draft of a row, and holds only what differs from it; every other is history, never changed."""

    class Action(models.TextChoices):
        DRAFT = "draft", _("Saved a draft")
        LOADED = "loaded", _("As it came, before a change here")
        PUBLISHED = "published", _("Published")
        RESTORED = "restored", _("Restored an earlier version")
        CONFIRMED = "confirmed", _("Said that the Spanish is right")
        REVIEWED = "reviewed", _("Reviewed")
        MOVED = "moved", _("Moved in the list")
        DELETED = "deleted", _("Deleted")

    model = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    action = models.CharField(max_length=9, choices=Action)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    data = models.TextField(default="{}")  # JSON; see ShippedRow.digests

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()  # whoever may see or change a row may see or make its revisions
        indexes = [models.Index(fields=["model", "key", "-at"], name="programs_revision_of_row")]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "key"], condition=models.Q(action="draft"), name="programs_revision_one_draft"
            ),
        ]

    def __str__(self):
        return f"{self.model} {self.key}: {self.action}"

    @property
    def values(self) -> dict:
        return json.loads(self.data)

    @property
    def who(self) -> str:
        return self.by.get_short_name() if self.by else ""

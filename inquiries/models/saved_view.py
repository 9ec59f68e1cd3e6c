import contextlib
import uuid

from django.conf import settings
from django.db import DatabaseError, models
from django.utils.translation import gettext_lazy as _

from inquiries.crypto.fields import EncryptedTextField
from inquiries.crypto.keyring import opened
from inquiries.crypto.padding import LINE

MOST_VIEWS = 12  # of one person; more would push the list off the screen
LONGEST_TITLE = 40


class SavedViewQuerySet(models.QuerySet):
    def in_clear(self):
        return self.filter(label__isnull=True)

    def seal_names(self):
        """No process of an earlier release may run any more."""
        for view in self.in_clear():
            view.uid = uuid.uuid4()
            view.label = view.name
            with contextlib.suppress(DatabaseError):  # its owner just deleted it
                view.save(force_update=True)


class SavedView(models.Model):
    """Never holds what was searched for. The name is sealed as ``label``: people name a view by whom they look for;
    ``name`` is a number, or, of an earlier release until ``seal_names``, the name in clear."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, null=True, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=40)
    label = EncryptedTextField(room=LINE, null=True, editable=False)
    query = models.CharField(max_length=200, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="inquiries_savedview_once",
                violation_error_message=_("You have a view of this name already."),
            )
        ]

    def __str__(self):
        return f"saved view {self.pk}"

    def save(self, *args, **kwargs):
        if self.label is not None:
            self.name = self.uid.hex
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        return opened(lambda: self.name if self.label is None else self.label, otherwise=f"#{self.pk}")

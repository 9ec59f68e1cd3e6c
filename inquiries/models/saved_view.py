from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_VIEWS = 12  # of one person; more would push the list off the screen


class SavedView(models.Model):
    """One combination of tab and filters, of one member of staff. Never holds what was searched for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        default_permissions = ()
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="inquiries_savedview_once",
                violation_error_message=_("You have a view of this name already."),
            )
        ]

    def __str__(self):
        return self.name

"""How what a person sent is erased: by the sender at once, or when it was kept long enough."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """When the personal columns of an inquiry were emptied. The shell and its events stay as the trace."""

    withdrawn_at = models.DateTimeField(_("taken back by the sender"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    held_at = models.DateTimeField(
        _("held"), null=True, blank=True, help_text=_("Kept beyond the usual time; the reason is a text.")
    )

    class Meta:
        abstract = True

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """One member of staff. Accounts are switched off, never deleted: the events they caused point to them."""

    wants_inquiry_notices = models.BooleanField(
        _("email me about new inquiries"),
        default=True,
        help_text=_("The email holds only a reference and a link to this desk."),
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

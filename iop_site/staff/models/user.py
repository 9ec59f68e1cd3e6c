from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models import Event
from iop_site.staff import mail

GIVEN_LASTS = timedelta(days=7)  # OWASP ASVS 5.0, 6.4.1: a first password ends after a short time, or once it was used


class User(AbstractUser):
    """One member of staff. Accounts are switched off, never deleted: the events they caused point to them."""

    wants_inquiry_notices = models.BooleanField(
        _("email me about new inquiries"),
        default=True,
        help_text=_("The email holds only a reference and a link to this desk."),
    )

    must_choose_password = models.BooleanField(
        _("chooses a password of their own at the next sign-in"), default=False, db_default=False, editable=False
    )
    password_given_at = models.DateTimeField(_("password given"), null=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def save(self, *args, **kwargs):
        """Store the account. A new password ends every session of its owner, and the owner is told."""
        is_new_password = self._password is not None and not self._state.adding
        if is_new_password and self.must_choose_password:  # `manage.py changepassword` too begins the time anew
            self.password_given_at = timezone.now()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new_password:
                self.sessions.all().delete()
                mail.tell(self, mail.PASSWORD_CHANGED)

    def record_new_password(self, actor):
        """Note in the audit trail that ``actor`` gave this account a new password."""
        Event.objects.create(verb=Event.Verb.CHANGED, actor=actor, fields="password", detail=f"user-{self.pk}")

    def note_given_password(self):
        """Have the owner of a password that somebody else typed choose another, within ``GIVEN_LASTS``."""
        self.must_choose_password = True
        self.password_given_at = timezone.now()

    @property
    def given_until(self):
        """When the password that somebody else gave stops to open the desk; None if the owner chose their own."""
        return self.password_given_at + GIVEN_LASTS if self.must_choose_password and self.password_given_at else None

    @property
    def has_lapsed(self) -> bool:
        """Whether a password that somebody else gave was not used in time."""
        return self.given_until is not None and self.given_until <= timezone.now()

    @property
    def authenticator(self):
        """The phone that gives this account its numbers, or None before there is one."""
        return self.authenticators.filter(confirmed=True).first()

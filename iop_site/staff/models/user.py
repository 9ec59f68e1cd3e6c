from datetime import timedelta

from django.contrib.auth.models import AbstractUser, UserManager as DjangoUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries import mailboxes
from iop_site.staff import account_mail
from iop_site.staff.models import trace

GIVEN_LASTS = timedelta(days=7)  # OWASP ASVS 5.0, 6.4.1: a first password ends after a short time, or once it was used


class UserManager(DjangoUserManager.from_queryset(trace.UserQuerySet)):
    use_in_migrations = False  # they change tables, of which some release may not have events yet


class User(AbstractUser):
    """Accounts are switched off, never deleted: events point to them. Each change of one is an event: ``trace``."""

    wants_inquiry_notices = models.BooleanField(
        _("email me about new inquiries"),
        default=True,
        help_text=_("The email holds only a reference and a link to this desk."),
    )
    must_choose_password = models.BooleanField(
        _("chooses a password of their own at the next sign-in"), default=False, db_default=False, editable=False
    )
    password_given_at = models.DateTimeField(_("password given"), null=True, editable=False)

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def clean(self):
        super().clean()
        if self.email and not mailboxes.is_plain(self.email):
            raise ValidationError({"email": _("Enter a full email address, like name@example.com")})

    def save(self, *args, update_fields=None, **kwargs):
        """A new password ends every session, and the user is told; one that a sign-in only hashes anew is not new."""
        if update_fields is not None and trace.HOUSEKEEPING.issuperset(update_fields):
            super().save(*args, update_fields=update_fields, **kwargs)
            return
        is_new, is_new_password = self._state.adding, self._password is not None and not self._state.adding
        if is_new_password and self.must_choose_password:  # `manage.py changepassword` too begins the time anew
            self.password_given_at = timezone.now()
        is_hashed_anew = self._password is None and update_fields is not None and set(update_fields) == {"password"}
        with transaction.atomic():
            before = None if is_new else User.objects.select_for_update().filter(pk=self.pk).first()
            super().save(*args, update_fields=update_fields, **kwargs)
            if before is None:
                trace.record(trace.Verb.ACCOUNT_MADE, self, fields="is_superuser" if self.is_superuser else "")
            elif not is_hashed_anew:
                trace.record_changes(before, self, update_fields)
            if is_new_password:
                self.sessions.all().delete()
                account_mail.notify(self, account_mail.PASSWORD_CHANGED)

    def get_short_name(self) -> str:
        return super().get_short_name() or self.username

    def note_given_password(self):
        self.must_choose_password = True
        self.password_given_at = timezone.now()

    @property
    def given_until(self):
        return self.password_given_at + GIVEN_LASTS if self.must_choose_password and self.password_given_at else None

    @property
    def has_lapsed(self) -> bool:
        return self.given_until is not None and self.given_until <= timezone.now()

    @property
    def authenticator(self):
        return self.authenticators.filter(confirmed=True).first()

"""Which mails about inquiries reach whom: each member of staff chooses under "My account"."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def readers():
    """Who may see inquiries, and can be mailed."""
    may_see = get_user_model().objects.with_perm(
        "inquiries.view_inquiry", backend="django.contrib.auth.backends.ModelBackend"
    )
    return may_see.filter(is_staff=True).exclude(email="")


def wants(topic: str) -> Q:
    return ~Q(**{f"mail_choices__{topic}": False})


class MailChoicesQuerySet(models.QuerySet):
    def claim_digest(self, user, day) -> bool:
        """Whether the digest of ``day`` is still owed to ``user``; it is not any more once this was asked."""
        self.get_or_create(user=user)
        owed = self.filter(Q(digest_on=None) | Q(digest_on__lt=day), user=user, digest=True)
        return owed.update(digest_on=day) == 1

    def give_digest_back(self, user):
        self.filter(user=user).update(digest_on=None)


class MailChoices(models.Model):
    """Whoever has no row gets each of these mails. Those about all inquiries are ``User.wants_inquiry_notices``."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choices")
    handed_over = models.BooleanField(_("A colleague hands an inquiry over to me"), default=True, db_default=True)
    new_words = models.BooleanField(_("New words of the sender of one of mine"), default=True, db_default=True)
    overdue = models.BooleanField(_("One of mine is overdue"), default=True, db_default=True)
    digest = models.BooleanField(
        _("Each working morning: how much is new, due, overdue and mine"), default=True, db_default=True
    )
    digest_on = models.DateField(null=True, editable=False, help_text="The last day whose digest was sent.")

    objects = MailChoicesQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"mail choices of user {self.user_id}"

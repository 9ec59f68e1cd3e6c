from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone

from iop_site.staff import letter_codes

LIFE = timedelta(hours=24)
LENGTH = 20  # letters
USE = "set-up code"


class SetUpCode(models.Model):
    """There is at most one, and none once there is staff."""

    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self):
        return f"set-up code until {self.expires_at:%Y-%m-%d %H:%M}"

    @classmethod
    def renew(cls) -> str:
        code = letter_codes.new(LENGTH)
        with transaction.atomic():
            cls.objects.all().delete()
            cls.objects.create(digest=letter_codes.digest(USE, code), expires_at=timezone.now() + LIFE)
        return code

    @classmethod
    def is_open(cls) -> bool:
        return not is_staffed() and cls.objects.filter(expires_at__gt=timezone.now()).exists()

    @classmethod
    def is_right(cls, code: str) -> bool:
        return cls.objects.filter(digest=letter_codes.digest(USE, code), expires_at__gt=timezone.now()).exists()

    @classmethod
    def redeem(cls, code: str, make_account):
        """Return the account that ``make_account`` makes, or None if the code was used meanwhile."""
        with transaction.atomic():
            now = timezone.now()
            used, _rows = cls.objects.filter(digest=letter_codes.digest(USE, code), expires_at__gt=now).delete()
            return make_account() if used == 1 and not is_staffed() else None


def is_staffed() -> bool:
    return get_user_model().objects.filter(is_staff=True, is_active=True).exists()

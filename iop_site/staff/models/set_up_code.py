"""The first account: made on the site by whoever holds the code that the first start printed."""

import re
import secrets
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone

from inquiries.crypto import keyring
from inquiries.typed_digits import in_ascii

LIFE = timedelta(hours=24)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 5, 4  # 100 random bits


class SetUpCode(models.Model):
    """The one-time code of the first account, as a keyed hash. There is at most one, and none once there is staff."""

    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self):
        return f"set-up code until {self.expires_at:%Y-%m-%d %H:%M}"

    @classmethod
    def renew(cls) -> str:
        """Replace the code, valid for 24 hours, and return it in clear for the one who starts the site."""
        code = "-".join("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(GROUPS))
        with transaction.atomic():
            cls.objects.all().delete()
            cls.objects.create(digest=digest_of(code), expires_at=timezone.now() + LIFE)
        return code

    @classmethod
    def is_open(cls) -> bool:
        return not is_staffed() and cls.objects.filter(expires_at__gt=timezone.now()).exists()

    @classmethod
    def is_right(cls, code: str) -> bool:
        return cls.objects.filter(digest=digest_of(code), expires_at__gt=timezone.now()).exists()

    @classmethod
    def redeem(cls, code: str, make_account):
        """Use up ``code`` and return the account that ``make_account`` makes, or None if it was used meanwhile."""
        with transaction.atomic():
            now = timezone.now()
            used, _rows = cls.objects.filter(digest=digest_of(code), expires_at__gt=now).delete()
            return make_account() if used == 1 and not is_staffed() else None


def is_staffed() -> bool:
    return get_user_model().objects.filter(is_staff=True, is_active=True).exists()


def digest_of(code: str) -> str:
    letters = re.sub(r"[^A-Z0-9]", "", in_ascii(code).upper())
    return keyring.current().digest("set-up code", letters.encode()).hex()

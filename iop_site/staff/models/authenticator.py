import math
import re
import secrets
import time
import uuid
from base64 import b32encode
from datetime import timedelta
from urllib.parse import quote

from django.db import models, transaction
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from inquiries.crypto.fields import EncryptedTextField
from inquiries.models import Event
from iop_site.staff import account_mail, acting, letter_codes

SECRET_BYTES = 20  # RFC 4226, section 4
TIME_STEP = 30  # seconds; RFC 6238, section 5.2
DIGITS = 6
TOLERANCE = 1  # steps before and after now
ISSUER = "Dedicato intake desk"
MOST_FAILURES_COUNTED = 11  # the wait doubles from one second; this is where it stops, at 17 minutes
NOTIFY_EVERY = timedelta(days=1)
CODE_COUNT = 10
CODE_LENGTH = 8


class Authenticator(ThrottlingMixin, Device):
    """The phone of one account (RFC 6238). Not confirmed, it is being set up and opens nothing."""

    user = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="authenticators")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret = EncryptedTextField()
    last_step = models.BigIntegerField(default=-1, help_text="Time step of the last number used.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    owner_told_at = models.DateTimeField(null=True, editable=False, help_text="Of wrong numbers, last.")

    class Meta:
        verbose_name = _("second step")
        verbose_name_plural = _("second steps")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(confirmed=True), name="staff_authenticator_one_per_user"
            )
        ]

    @classmethod
    def begin(cls, user) -> "Authenticator":
        with transaction.atomic():
            cls.objects.filter(user=user, confirmed=False).delete()
            return cls.objects.create(user=user, confirmed=False, secret=secrets.token_hex(SECRET_BYTES))

    def get_throttle_factor(self) -> int:
        return 1  # second

    def throttle_increment(self, commit=True):
        super().throttle_increment(commit=False)
        self.throttling_failure_count = min(self.throttling_failure_count, MOST_FAILURES_COUNTED)
        self._save_throttle()

    def throttle_reset(self, commit=True):
        super().throttle_reset(commit=False)
        self._save_throttle()

    def _save_throttle(self):
        self.save(update_fields=["throttling_failure_timestamp", "throttling_failure_count"])

    @property
    def seconds_to_wait(self) -> int:
        is_allowed, why = self.verify_is_allowed()
        return 0 if is_allowed else math.ceil((why["locked_until"] - timezone.now()).total_seconds())

    @property
    def is_waiting(self) -> bool:
        return self.seconds_to_wait > 0

    @property
    def key(self) -> str:
        return b32encode(bytes.fromhex(self.secret)).decode()

    @property
    def otpauth_uri(self) -> str:
        label = quote(f"{ISSUER}:{self.user.get_username()}", safe="")
        values = {"secret": self.key, "issuer": ISSUER, "algorithm": "SHA1", "digits": DIGITS, "period": TIME_STEP}
        return f"otpauth://totp/{label}?{urlencode(values).replace('+', '%20')}"

    def verify_token(self, token: str) -> bool:
        """Whether ``token`` is a number of now; it is used up by asking."""
        return self._attempt(lambda: self._spend_number(token))

    def verify_recovery_code(self, code: str) -> bool:
        return self._attempt(lambda: self._spend_code(code))

    def verify_either(self, typed: str) -> bool:
        is_number = len(typed) == DIGITS and typed.isdecimal()
        return self.verify_token(typed) if is_number else self.verify_recovery_code(typed)

    def _attempt(self, use) -> bool:
        # The row is locked, so that two tries at the same instant cannot both pass the wait.
        with transaction.atomic():
            locked = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if locked is None or locked.is_waiting:
                return False
            is_right = use()
            locked.throttle_reset() if is_right else locked._record_failure()
            return is_right

    def _record_failure(self):
        # Who got here knew the password: so the user is told, once a day.
        self.throttle_increment()
        Event.objects.create(verb=Event.Verb.SIGN_IN_FAILED, actor=self.user, detail="second-step")
        if self.confirmed and not (self.owner_told_at and timezone.now() - self.owner_told_at < NOTIFY_EVERY):
            self.owner_told_at = timezone.now()
            self.save(update_fields=["owner_told_at"])
            account_mail.notify(self.user, account_mail.WRONG_NUMBER)

    def _spend_number(self, token: str) -> bool:
        digits = re.sub(r"\s", "", token)
        if not re.fullmatch(rf"\d{{{DIGITS}}}", digits, re.ASCII):
            return False
        totp = TOTP(bytes.fromhex(self.secret), step=TIME_STEP, digits=DIGITS)
        totp.time = time.time()
        if not totp.verify(int(digits), TOLERANCE):
            return False
        step = totp.t()
        used = type(self).objects.filter(pk=self.pk, last_step__lt=step).update(last_step=step)
        return used == 1

    def _spend_code(self, code: str) -> bool:
        deleted, _rows = self.codes.filter(digest=self._digest(code)).delete()
        if deleted:
            account_mail.notify(self.user, account_mail.CODE_USED)
        return deleted == 1

    def confirm(self, token: str) -> list[str] | None:
        if not self.verify_token(token):
            return None
        with transaction.atomic():
            with acting.by(lambda: self.user, "replaced"):
                type(self).objects.filter(user=self.user).exclude(pk=self.pk).delete()
            type(self).objects.filter(pk=self.pk).update(confirmed=True, confirmed_at=timezone.now())
            made = self._make_codes()
            Event.objects.create(verb=Event.Verb.DEVICE_ADDED, actor=self.user, account=self.user)
            account_mail.notify(self.user, account_mail.DEVICE_ADDED)
        self.refresh_from_db()
        return made

    def renew_codes(self) -> list[str]:
        with transaction.atomic():
            made = self._make_codes()
            changed = {"verb": Event.Verb.ACCOUNT_CHANGED, "fields": "recovery-codes"}
            Event.objects.create(actor=self.user, account=self.user, **changed)
            account_mail.notify(self.user, account_mail.CODES_MADE)
        return made

    def _make_codes(self) -> list[str]:
        self.codes.all().delete()
        made = [letter_codes.new(CODE_LENGTH) for _number in range(CODE_COUNT)]
        RecoveryCode.objects.bulk_create(RecoveryCode(authenticator=self, digest=self._digest(code)) for code in made)
        return made

    def _digest(self, code: str) -> str:
        return letter_codes.digest("recovery code", code, f"{self.uid}|")

    @classmethod
    def remove_all(cls, user) -> bool:
        with transaction.atomic():
            count, _rows = cls.objects.filter(user=user).delete()
            user.sessions.all().delete()
            if count:
                account_mail.notify(user, account_mail.DEVICE_REMOVED)
        return count > 0


class RecoveryCode(models.Model):
    """Only the keyed hash of a code is kept; using it deletes the row."""

    authenticator = models.ForeignKey(Authenticator, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authenticator", "digest"], name="staff_recoverycode_once"),
        ]

    def __str__(self):
        return f"recovery code {self.pk}"

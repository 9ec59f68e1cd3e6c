"""The proof, kept in the database, of which keys it depends on."""

import hmac
import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, models

from inquiries.crypto import keyring

logger = logging.getLogger(__name__)
KNOWN_TEXT = "this database opens with this key"


class KeysDoNotFit(ImproperlyConfigured):
    """The message is one sentence for the operator."""


class KeyCheckQuerySet(models.QuerySet):
    def verify(self):
        for check in self:
            check.verify()
        ring = keyring.current()
        ring.is_verified, ring.pads = True, any(check.is_padded for check in self)

    def verify_once(self):
        """Nothing is stored under keys unproven."""
        if not keyring.current().is_verified:
            self.verify()
            self.adopt()

    def adopt(self):
        """Where none was ever added nothing was sealed either, so that no older process can be at work here."""
        ring = keyring.current()
        ring.pads = ring.pads or not self.filter(purpose=KeyCheck.Purpose.FIELD).exists()
        self.get_or_create(
            purpose=KeyCheck.Purpose.FIELD, key_id=ring.active_key_id, defaults={"sealed": KeyCheck.seal_known_text()}
        )
        self.get_or_create(purpose=KeyCheck.Purpose.INDEX, key_id="", defaults={"sealed": index_check_value()})

    def begin_padding(self) -> bool:
        """Seal in a format that only this release and later ones read; False when it was so before. A process learns it
        at its start, where one of an earlier release stops: the check value does not open for it."""
        ring = keyring.current()
        is_new, ring.pads = not ring.pads, True
        for check in self.filter(purpose=KeyCheck.Purpose.FIELD, key_id=ring.active_key_id):
            if not check.is_padded:
                check.sealed = KeyCheck.seal_known_text()
                check.save(update_fields=["sealed"])
        return is_new

    def verify_at_start(self):
        """A database that is away does not keep the guide from being shown."""
        try:
            self.verify_once()
        except DatabaseError as error:
            logger.error("keys not verified yet: the database does not answer (%s)", type(error).__name__)


class KeyCheck(models.Model):
    """Without it, a lost key file would be replaced by a fresh key, and all that was stored before be unreadable. The
    format of its value says in which format texts are sealed here."""

    class Purpose(models.TextChoices):
        FIELD = "field"
        INDEX = "index"

    purpose = models.CharField(max_length=5, choices=Purpose)
    key_id = models.CharField(max_length=16, blank=True)
    sealed = models.CharField(max_length=200)

    objects = KeyCheckQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "key_id"], name="inquiries_keycheck_one_per_key")]

    def __str__(self):
        return f"{self.purpose} {self.key_id}".strip()

    @property
    def is_padded(self) -> bool:
        return keyring.is_padded(self.sealed)

    @staticmethod
    def seal_known_text() -> str:
        ring = keyring.current()
        return ring.seal(KNOWN_TEXT, f"keycheck|{ring.active_key_id}")

    def verify(self):
        if self.purpose == self.Purpose.INDEX:
            self._verify_index_key()
        else:
            self._verify_field_key()

    def _verify_index_key(self):
        if not keyring.current().index_key:
            raise KeysDoNotFit(
                "INDEX_KEY is missing, and this database was filled with one: restore it from where keys are kept."
            )
        if not hmac.compare_digest(index_check_value(), self.sealed):
            raise KeysDoNotFit("INDEX_KEY is not the key that this database was filled with.")

    def _verify_field_key(self):
        ring = keyring.current()
        if self.key_id not in ring.ciphers:
            raise KeysDoNotFit(
                f"FIELD_KEYS lacks the key {self.key_id!r} that this database was filled with: "
                "restore it from where keys are kept."
            )
        try:
            ring.open(self.sealed, f"keycheck|{self.key_id}")
        except keyring.SealError:
            raise KeysDoNotFit(
                f"The key {self.key_id!r} in FIELD_KEYS is not the key that this database was filled with."
            ) from None


def index_check_value() -> str:
    return keyring.current().digest("check", KNOWN_TEXT.encode()).hex()

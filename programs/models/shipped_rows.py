import hashlib

from django.db import models


def digest(value) -> str:
    """Return the hash under which a shipped value is remembered; a column never filled equals an empty text."""
    return hashlib.sha256(repr("" if value is None else value).encode()).hexdigest()[:32]


class ShippedRow(models.Model):
    """A field is loaded anew only while it equals what was shipped last; a row that is gone was deleted by staff."""

    model = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    digests = models.TextField(default="{}")  # JSON; a JSONField's check needs a schema that SQLite trusts

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="programs_shippedrow_once")]

    def __str__(self):
        return f"{self.model} {self.key}"

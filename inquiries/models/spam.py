from datetime import timedelta

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.crypto import keyring

KEPT_FOR = timedelta(days=1)


class SpamSignal(models.TextChoices):
    """One alone marks an inquiry; together they set it aside. LIMIT and COPY only mark: many may write from a shelter,
    and a receipt that does not come would tell that somebody else wrote the same."""

    TRAP = "trap", _("filled the hidden box")
    FAST = "fast", _("sent within seconds")
    LIMIT = "limit", _("many from one network")
    MANY = "many", _("very many from one network")
    LINK = "link", _("holds a link")
    LINKS = "links", _("holds several links")
    COPY = "copy", _("same question as another")

    @property
    def score(self) -> int:
        return {"trap": 2, "fast": 2, "many": 2, "links": 2, "link": 1}.get(self.value, 0)


SET_ASIDE_FROM = 3  # no reason alone: a confused person fills the trap, a shelter or a carrier shares one network


def is_spam(reasons: str) -> bool:
    return sum(SpamSignal(code).score for code in reasons.split()) >= SET_ASIDE_FROM


class NetworkCountQuerySet(models.QuerySet):
    def add(self, network: str, now=None, **counted) -> int:
        """Return how many that makes. ``counted`` are options of ``bucket``; receipts are counted by address."""
        columns = bucket(network, now or timezone.now(), **counted)
        row, is_new = self.get_or_create(**columns)
        if is_new:
            self.forget(columns["hour"])
        with transaction.atomic():  # the number read is the one written, not that of a form counted meanwhile
            self.filter(pk=row.pk).update(count=F("count") + 1)
            return self.values_list("count", flat=True).get(pk=row.pk)

    def current(self, network: str, now=None, **counted) -> int:
        columns = bucket(network, now or timezone.now(), **counted)
        return self.filter(**columns).values_list("count", flat=True).first() or 0

    def take_back(self, network: str, now=None, **counted):
        self.filter(**bucket(network, now or timezone.now(), **counted), count__gt=0).update(count=F("count") - 1)

    def forget(self, now):
        self.filter(hour__lt=now - KEPT_FOR).delete()


class NetworkCount(models.Model):
    network = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = NetworkCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "hour"], name="inquiries_networkcount_once")]

    def __str__(self):
        return f"{self.count} in the hour of {self.hour:%Y-%m-%d %H:%M}"


def bucket(network: str, now, *, what: str = "limiter", minutes: int = 60) -> dict:
    """The columns of a count of ``what``, in the part of the day, so many minutes long, that ``now`` is in."""
    begun = (now.hour * 60 + now.minute) // minutes * minutes
    start = now.replace(hour=begun // 60, minute=begun % 60, second=0, microsecond=0)
    return {"network": network_digest(network, start.date().isoformat(), what), "hour": start}


def network_digest(network: str, day: str, what: str = "limiter") -> str:
    return keyring.current().digest(f"{what} {day}", network.encode()).hex()

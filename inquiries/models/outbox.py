import random
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.events import Event
from inquiries.models.mail_choices import readers, wants

LEASE = timedelta(minutes=5)
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1.25, 5, 30, 120, 360)]
SHORTEST = 0.8  # of a delay: chance spreads the next tries, so that no mail server meets all of them at once
FAILED_AFTER = timedelta(days=1)
MOST_TRIES = 32  # about a week
REFUSED = "AddressRefused"  # as an error: the address does not exist, which no further try would mend
MANY = 10  # notices to one person that go together
MOST_TOGETHER = 100


class OutboxNoticeQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(sent_at=None, next_try_at__lte=now).filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def of_people(self):
        """Until what is set aside is brought back, nobody is mailed."""
        return self.filter(inquiry__set_aside_at=None)

    def owed(self):
        """Notices that should still go out; one whose address was refused is told on the page of the case instead."""
        return self.filter(sent_at=None).exclude(last_error=REFUSED)

    def failed(self, now):
        return self.owed().filter(created_at__lte=now - FAILED_AFTER).exclude(last_error="")

    def claim(self, pk: int, now) -> bool:
        return self.due(now).filter(pk=pk).update(claimed_until=now + LEASE, attempts=F("attempts") + 1) == 1

    def claim_others(self, notice, now) -> list["OutboxNotice"]:
        """What else is due for the same member of staff, if that is MANY; else nothing."""
        due = self.due(now).of_people().filter(user=notice.user_id).order_by("next_try_at")
        waiting = list(due.values_list("pk", flat=True)[:MOST_TOGETHER])
        claimed = [pk for pk in waiting if self.claim(pk, now)] if len(waiting) >= MANY else []
        return list(self.select_related("inquiry").filter(pk__in=claimed))

    def give_back(self, notices):
        held = self.filter(pk__in=[notice.pk for notice in notices], sent_at=None)
        held.update(claimed_until=None, attempts=F("attempts") - 1)


def kind_choices():
    """By a name, so that a new kind needs no migration."""
    return OutboxNotice.Kind.choices


class OutboxNotice(models.Model):
    """Holds no address and no text: both are looked up when it is sent, so an erased inquiry or a switched-off account
    is never written to. A lease is claimed by a counted update: a crash repeats one notice at most."""

    class Kind(models.TextChoices):
        STAFF_NEW_INQUIRY = "staff_new_inquiry", _("new inquiry, to staff")
        STAFF_AMENDED = "staff_amended", _("sent again with changes, to staff")
        STAFF_ADDED = "staff_added", _("something added, to staff")
        STAFF_WITHDRAWN = "staff_withdrawn", _("taken back, to staff")
        STAFF_HANDED_OVER = "staff_handed_over", _("handed over, to its new owner")
        STAFF_OVERDUE = "staff_overdue", _("overdue, to its owner")
        SENDER_RECEIPT = "sender_receipt", _("receipt, to the sender")
        SENDER_MESSAGE = "sender_message", _("a message waits, to the sender")
        CANARY = "canary", _("of the site's own test, to nobody")

    TO_SENDER = (Kind.SENDER_RECEIPT, Kind.SENDER_MESSAGE)
    TO_OWNER = (Kind.STAFF_HANDED_OVER, Kind.STAFF_OVERDUE)
    # What its owner chooses for these kinds; others get some of them by ``wants_inquiry_notices``.
    OWNERS_TOPICS = {
        Kind.STAFF_HANDED_OVER: "handed_over",
        Kind.STAFF_OVERDUE: "overdue",
        Kind.STAFF_ADDED: "new_words",
        Kind.STAFF_AMENDED: "new_words",
    }

    kind = models.CharField(_("kind"), max_length=24, choices=kind_choices)
    inquiry = models.ForeignKey(
        "inquiries.Inquiry", on_delete=models.CASCADE, related_name="notices", verbose_name=_("inquiry")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    next_try_at = models.DateTimeField(
        _("next try"), default=timezone.now, null=True, help_text=_("Empty once it was given up.")
    )
    claimed_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(
        _("last error"), max_length=80, blank=True, help_text=_("Class of the error, never the server's words.")
    )

    objects = OutboxNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="inquiries_outbox_due")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    @classmethod
    def for_new(cls, inquiry) -> list["OutboxNotice"]:
        if inquiry.is_canary:
            return [cls(kind=cls.Kind.CANARY, inquiry=inquiry)]
        return cls.to_staff(cls.Kind.STAFF_NEW_INQUIRY, inquiry) + cls.to_sender(cls.Kind.SENDER_RECEIPT, inquiry)

    @classmethod
    def to_staff(cls, kind, inquiry) -> list["OutboxNotice"]:
        staff = [] if inquiry.is_canary else staff_to_notify(kind, inquiry)
        return [cls(kind=kind, inquiry=inquiry, user=user) for user in staff]

    @classmethod
    def to_sender(cls, kind, inquiry) -> list["OutboxNotice"]:
        return [cls(kind=kind, inquiry=inquiry)] if inquiry.is_email_chosen else []

    @property
    def is_to_sender(self) -> bool:
        return self.kind in self.TO_SENDER

    def state(self, now=None) -> str:
        if self.sent_at:
            return _("sent")
        if self.inquiry.set_aside_at:
            return _("kept back: the inquiry is set aside")
        if not settings.HAS_MAIL_SERVER:
            return _("not sent: no mail server")
        if self.attempts == 0:
            return _("waiting to be sent")
        if self.last_error == REFUSED:
            return _("refused: the mail server knows no such address")
        words = {"error": self.last_error or "–", "count": self.attempts}
        if self.is_failed(now or timezone.now()):
            return _("failed: %(error)s, tries: %(count)s") % words
        return _("not sent yet: %(error)s, tries: %(count)s") % words

    def is_failed(self, now) -> bool:
        return not self.sent_at and self.last_error not in ("", REFUSED) and now - self.created_at >= FAILED_AFTER

    def retry(self, actor, now=None) -> bool:
        """False when it was sent, or a worker has it in hand."""
        now = now or timezone.now()
        is_free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        with transaction.atomic():
            waiting = OutboxNotice.objects.filter(is_free, pk=self.pk, sent_at=None)
            if not waiting.update(next_try_at=now, claimed_until=None):
                return False
            self.inquiry.record(Event.Verb.RETRIED, actor)
        return True

    def mark_sent(self, now):
        self.sent_at, self.claimed_until, self.last_error = now, None, ""
        self.save(update_fields=["sent_at", "claimed_until", "last_error"])

    def put_off(self, minutes: int, now):
        """Until the next part of the hour, so many minutes long, begins; that was no try."""
        begun = now.replace(minute=now.minute // minutes * minutes, second=0, microsecond=0)
        self.next_try_at, self.claimed_until = begun + timedelta(minutes=minutes), None
        self.attempts -= 1
        self.save(update_fields=["next_try_at", "claimed_until", "attempts"])

    def mark_refused(self, now):
        """Give the notice up, as its address does not exist, and have staff see it on the page of the case."""
        self.last_error, self.claimed_until, self.next_try_at = REFUSED, None, None
        with transaction.atomic():
            self.save(update_fields=["last_error", "next_try_at", "claimed_until"])
            self.inquiry.address_refused(now)

    def mark_failed(self, error: Exception, now):
        """Try later, after longer each time, from a minute to six hours; after the last it waits for staff."""
        delay = RETRY_AFTER[min(self.attempts, len(RETRY_AFTER)) - 1] * random.uniform(SHORTEST, 1)  # noqa: S311
        self.last_error, self.claimed_until = type(error).__name__[:80], None
        self.next_try_at = now + delay if self.attempts < MOST_TRIES else None
        self.save(update_fields=["last_error", "next_try_at", "claimed_until"])


def staff_to_notify(kind, inquiry):
    """An owner is told of what is theirs by their own choices, others by theirs about all inquiries."""
    topic = OutboxNotice.OWNERS_TOPICS.get(kind)
    if topic is None:
        return readers().filter(wants_inquiry_notices=True)
    told = Q(pk=inquiry.owner_id) & wants(topic)
    if kind not in OutboxNotice.TO_OWNER:
        told |= ~Q(pk=inquiry.owner_id) & Q(wants_inquiry_notices=True)
    return readers().filter(told)

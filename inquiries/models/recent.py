"""What was sent in the last day, as keyed hashes: it tells a repeat, and the same words sent in many names."""

import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone

from inquiries import receipts

REPEAT_WITHIN = timedelta(days=1)
COPY_FROM = 40  # characters; a shorter question may well be asked by two people


class RecentAnswersQuerySet(models.QuerySet):
    def in_force(self, now):
        """Rows of the last day whose inquiry is still open and whole."""
        return self.filter(
            at__gt=now - REPEAT_WITHIN,
            inquiry__withdrawn_at=None,
            inquiry__erased_at=None,
            inquiry__closed_at=None,
        )

    def take(self, inquiry, now=None, *, may_be_taken=False):
        """Say that ``inquiry`` holds its answers now; raise IntegrityError when another one does.

        The unique digest is what makes two sends at the same instant one inquiry: the second waits for the first.
        With ``may_be_taken`` the other one keeps them, and nothing is raised.
        """
        now = now or timezone.now()
        same = self.filter(answers_digest=inquiry.answers_digest)
        same.exclude(pk__in=self.in_force(now).values("pk")).delete()
        row = RecentAnswers(
            inquiry_id=inquiry.pk,
            answers_digest=inquiry.answers_digest,
            question_digest=question_digest(inquiry.question) or secrets.token_hex(32),  # none would tell a short one
            at=now,
        )
        self.bulk_create([row], ignore_conflicts=may_be_taken)

    def has_copy_of(self, question: str, submission_digest: str, now=None) -> bool:
        """Whether another form of the last day holds the same long question."""
        digest = question_digest(question)
        if not digest:
            return False
        others = self.filter(question_digest=digest, at__gt=(now or timezone.now()) - REPEAT_WITHIN)
        return others.exclude(inquiry__submission_digest=submission_digest).exists()

    def forget(self, now):
        """Drop what is older than a day."""
        self.filter(at__lte=now - REPEAT_WITHIN).delete()


class RecentAnswers(models.Model):
    """The latest answers of one inquiry of the last day. A row goes after a day, or with what the person sent."""

    inquiry = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="recent_answers")
    answers_digest = models.CharField(max_length=64, unique=True)
    question_digest = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects = RecentAnswersQuerySet.as_manager()

    def __str__(self):
        return f"answers of inquiry {self.inquiry_id}"


def question_digest(question: str) -> str:
    """Return the keyed hash of a long question, whatever its case and blanks; an empty text for a short one."""
    words = " ".join(question.casefold().split())
    return receipts.answers_digest({"copy of": words}) if len(words) >= COPY_FROM else ""

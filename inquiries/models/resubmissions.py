"""The long questions of the last day, as keyed hashes: they tell the same words sent in many names."""

import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone

from inquiries.crypto import tokens

REMEMBERED = timedelta(days=1)
COPY_FROM = 40  # characters; a shorter question may well be asked by two people


class RecentAnswersQuerySet(models.QuerySet):
    def remember(self, inquiry, of=None):
        """In place of what ``of`` asked. A short one leaves a chance value: the row must not tell how long it is."""
        if of is not None:
            self.filter(inquiry=of).delete()
        digest = question_digest(inquiry.question) or secrets.token_hex(32)
        self.create(inquiry_id=(of or inquiry).pk, question_digest=digest, at=timezone.now())

    def has_copy_of(self, question: str, submission_digest: str, now=None) -> bool:
        digest = question_digest(question)
        if not digest:
            return False
        others = self.filter(question_digest=digest, at__gt=(now or timezone.now()) - REMEMBERED)
        return others.exclude(inquiry__submission_digest=submission_digest).exists()

    def forget(self, now):
        self.filter(at__lte=now - REMEMBERED).delete()


class RecentAnswers(models.Model):
    inquiry = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="recent_answers")
    # Only processes of the release before write it: they took the same answers under another key for one inquiry.
    answers_digest = models.CharField(max_length=64, blank=True, default="")
    question_digest = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects = RecentAnswersQuerySet.as_manager()

    def __str__(self):
        return f"question of inquiry {self.inquiry_id}"


def question_digest(question: str) -> str:
    words = " ".join(question.casefold().split())
    return tokens.answers_digest({"copy of": words}) if len(words) >= COPY_FROM else ""

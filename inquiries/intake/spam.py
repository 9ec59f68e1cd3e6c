"""Suspicion marks an inquiry; it never drops one."""

import re

from inquiries.crypto import tokens
from inquiries.intake import rate_limits
from inquiries.models import Inquiry, RecentAnswers, SpamSignal

FASTEST = 4  # seconds in which a person can read two pages
# An address that was pasted is one link, whatever stands in it. Markup, which only robots write, is one more.
LINK = re.compile(r"(?:https?://|\bwww\.)\S*|\[url\b|<a\b", re.IGNORECASE)


def spam_signals(inquiry: Inquiry, key: tokens.SubmissionKey, token: str, count: int) -> list[SpamSignal]:
    links = sum(len(LINK.findall(getattr(inquiry, name))) for name in Inquiry.typed())
    found = {
        SpamSignal.FAST: tokens.is_signed_within(token, FASTEST),
        SpamSignal.LIMIT: rate_limits.is_over_limit(count) and not rate_limits.is_many(count),
        SpamSignal.MANY: rate_limits.is_many(count),
        SpamSignal.LINK: links == 1,
        SpamSignal.LINKS: links > 1,
        SpamSignal.COPY: RecentAnswers.objects.has_copy_of(inquiry.question, key.digest),
    }
    return [signal for signal, is_there in found.items() if is_there]

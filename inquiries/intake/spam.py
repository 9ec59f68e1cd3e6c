"""What tells robots from people. Suspicion marks an inquiry; it never drops one."""

import re

from inquiries.crypto import tokens
from inquiries.intake import rate_limits
from inquiries.models import Doubt, Inquiry, RecentAnswers

FASTEST = 4  # seconds in which a person can read two pages
LINK = re.compile(r"https?://|\bwww\.|\[url|<a\b", re.IGNORECASE)


def doubts(inquiry: Inquiry, key: tokens.SubmissionKey, token: str, count: int) -> list[Doubt]:
    """Return the reasons to doubt that a person sent ``inquiry``, as far as time, network and words tell."""
    links = sum(len(LINK.findall(getattr(inquiry, name))) for name in Inquiry.typed())
    found = {
        Doubt.FAST: tokens.is_signed_within(token, FASTEST),
        Doubt.LIMIT: rate_limits.is_over_limit(count) and not rate_limits.is_many(count),
        Doubt.MANY: rate_limits.is_many(count),
        Doubt.LINK: links == 1,
        Doubt.LINKS: links > 1,
        Doubt.COPY: RecentAnswers.objects.has_copy_of(inquiry.question, key.digest),
    }
    return [doubt for doubt, is_there in found.items() if is_there]

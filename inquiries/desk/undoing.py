"""The message after a verb, with the button that takes it back, for whoever may do the verb."""

import re

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.desk.actions import CHANGE, VERBS
from inquiries.desk.timeline import undone_words
from inquiries.models import LastChange

RIGHTS = {verb.method: verb.right for verb in VERBS}
TAG = re.compile(r"undo-([0-9]+)-([0-9]+)")  # of a message: the inquiry and its version, as it lies in the session


def may_undo(user, last: LastChange) -> bool:
    return user.has_perms([CHANGE, RIGHTS[last.verb]])


def undoable(inquiry, user, now) -> LastChange | None:
    last = LastChange.objects.of(inquiry, now)
    return last if last and may_undo(user, last) else None


def tell_done(request, verb, returned, words, *inquiries):
    """``words`` with an Undo for the one of ``inquiries`` that ``verb`` changed."""
    if verb.method == "undo":
        words = _("Undone: %(what)s") % {"what": undone_words(returned.events)}
    lasts = [undoable(one, request.user, timezone.now()) for one in inquiries]
    tags = [f"undo-{last.inquiry_id}-{last.version}" for last in lasts if last and last.verb == verb.method]
    messages.success(request, words, extra_tags="".join(tags[:1]))


def told_in(message) -> tuple[int, int] | None:
    """(inquiry, version) that the Undo of a message takes back."""
    found = TAG.fullmatch(message.extra_tags or "")
    return (int(found[1]), int(found[2])) if found else None

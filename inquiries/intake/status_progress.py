"""Where a request is, in the words that its sender sees. Nothing else is told."""

from dataclasses import dataclass

from django.utils.translation import gettext as _, gettext_lazy

from inquiries.models import Inquiry
from inquiries.promises import is_over

Stage, NextAction, Outcome = Inquiry.Stage, Inquiry.NextAction, Inquiry.Outcome

STEPS = {
    Stage.RECEIVED: gettext_lazy("We have it"),
    Stage.CONTACTING: gettext_lazy("We are contacting you"),
    Stage.ASSESSMENT: gettext_lazy("First meeting"),
    Stage.PAPERWORK: gettext_lazy("Paperwork"),
    Stage.STARTED: gettext_lazy("Start"),
}
WRITING = gettext_lazy("We are writing to you here")
ANSWERED = gettext_lazy("Answered")
TOLD = {
    Outcome.STARTED: gettext_lazy("You have started. We wish you well."),
    Outcome.ANSWERED: gettext_lazy("We have answered your question."),
    Outcome.REFERRED_ON: gettext_lazy("Another place can help you better. If you do not know which one, ask below."),
    Outcome.NOT_NOW: gettext_lazy("You told us that you do not want this now. You can come back at any time."),
    Outcome.UNREACHED: gettext_lazy("We tried to reach you several times and could not."),
    Outcome.NOT_A_FIT: gettext_lazy("You need another kind of help than we can give."),
}
WHOLE = (Outcome.STARTED, Outcome.ANSWERED)  # outcomes that are the last step


@dataclass
class Step:
    name: str
    is_done: bool
    is_now: bool


def steps(inquiry: Inquiry) -> list[Step]:
    stages, names = list(STEPS), list(STEPS.values())
    place = stages.index(inquiry.stage)
    # By the sender's own choice alone: what another request forbids is never seen here.
    if inquiry.reach_way == Inquiry.ContactWay.STATUS_PAGE:
        names[stages.index(Stage.CONTACTING)] = WRITING
    if is_plain_question(inquiry):
        names = [*names[:2], ANSWERED]
    if inquiry.closed_at and inquiry.outcome in WHOLE:
        place = len(names)
    return [
        Step(name, is_done=number < place, is_now=number == place and not is_over(inquiry))
        for number, name in enumerate(names)
    ]


def is_plain_question(inquiry: Inquiry) -> bool:
    return inquiry.way == Inquiry.Way.QUESTION and inquiry.stage in (Stage.RECEIVED, Stage.CONTACTING)


def who_acts(inquiry: Inquiry) -> str:
    """While staff wait in the paperwork, they wait for a referral or an insurer. New words always wait for staff."""
    if inquiry.needs_new_address and not inquiry.sender_wrote_at:
        return _("Now: you")
    if inquiry.next_action == NextAction.WAIT and not inquiry.sender_wrote_at:
        return _("Now: someone else") if inquiry.stage == Stage.PAPERWORK else _("Now: you")
    return _("Now: our team")


def did_not_work(inquiry: Inquiry) -> str:
    """Return what the sender reads when the number or the address did not work, until they wrote again."""
    if is_over(inquiry) or inquiry.failed_try is None:
        return ""
    is_email = inquiry.reach_way in Inquiry.EMAIL_WAYS
    return (
        _("The email did not arrive. Write the right address below.")
        if is_email
        else _("The number did not work. Write the right one below.")
    )


def told_here(inquiry: Inquiry) -> str:
    """Return how a request ended, if this page is how its sender is told."""
    return str(TOLD.get(inquiry.outcome, "")) if inquiry.told == Inquiry.Told.STATUS_PAGE else ""

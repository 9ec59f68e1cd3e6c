"""Where an inquiry stands at the desk: who acts next, by when, and how it ended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inquiries import business_hours
from inquiries.models.events import account_key
from inquiries.models.office_hours import WeeklyHours


class Triage(models.Model):
    """Columns change only through ``Transitions.change``; ``version`` rises each time: a stale page is refused."""

    class Stage(models.TextChoices):
        RECEIVED = "received", _("Received")
        CONTACTING = "contacting", _("Contacting")
        ASSESSMENT = "assessment", _("Assessment")
        PAPERWORK = "paperwork", _("Referral, insurance")
        STARTED = "started", _("Started")

    class NextAction(models.TextChoices):
        FIRST_CONTACT = "first-contact", _("First contact")
        CONTACT_AGAIN = "contact-again", _("Contact again")
        ASSESS = "assess", _("Do the assessment")
        PAPERWORK = "paperwork", _("Settle referral and insurance")
        START = "start", _("Start the program")
        WAIT = "wait", _("Wait for their answer")
        ANSWER = "answer", _("Answer their new words")
        NEW_ADDRESS = "new-address", _("Get an email address that works")  # never planned: address_refused_at tells it

    class Outcome(models.TextChoices):
        STARTED = "started", _("Started a program")
        ANSWERED = "answered", _("Question answered")
        REFERRED_ON = "referred-on", _("Referred to another program")
        NOT_NOW = "not-now", _("Does not want it now")
        UNREACHED = "unreached", _("Could not reach them")
        NOT_A_FIT = "not-a-fit", _("Needs another kind of care")
        SAME_PERSON = "same-person", _("Same person as another inquiry")
        REPEAT = "repeat", _("Same request as another inquiry")
        NOT_REAL = "not-real", _("Not a real inquiry")
        WITHDRAWN = "withdrawn", _("Taken back by the sender")

    # How work ends because another inquiry goes on: of that its sender, who may be somebody else, must see nothing.
    UNSEEN_ENDS = (Outcome.SAME_PERSON, Outcome.REPEAT)

    class Told(models.TextChoices):
        CALL = "call", _("On a call")
        TEXT = "text", _("By text message")
        EMAIL = "email", _("By email")
        STATUS_PAGE = "status-page", _("On their status page")
        NOT_TOLD = "not-told", _("Not told")

    class TryResult(models.TextChoices):
        """A code in the event, not a column."""

        SPOKE = "spoke", _("We spoke")
        NO_ANSWER = "no-answer", _("No answer")
        SOMEONE_ELSE = "someone-else", _("Someone else answered")
        CALL_LATER = "call-later", _("Asked us to call later")
        DEAD_NUMBER = "dead-number", _("The number does not work")
        WROTE = "wrote", _("We wrote")
        NOT_DELIVERED = "not-delivered", _("It did not arrive")

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.RECEIVED)
    next_action = models.CharField(
        _("next action"), max_length=13, choices=NextAction, default=NextAction.FIRST_CONTACT, blank=True
    )
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("Empty when closed, withdrawn or set aside.")
    )
    owner = account_key(_("owner"))
    claimed_by = account_key(_("in hand of"), db_index=False)  # for a few minutes: see Claims
    claimed_at = models.DateTimeField(_("in hand since"), null=True, blank=True)
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    first_tried_at = models.DateTimeField(_("first contact try"), null=True, blank=True)
    first_reached_at = models.DateTimeField(_("first reached"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("contact tries"), default=0)
    referral_settled_at = models.DateTimeField(_("referral settled"), null=True, blank=True)
    insurance_settled_at = models.DateTimeField(_("insurance settled"), null=True, blank=True)
    sender_wrote_at = models.DateTimeField(
        _("new words from the sender"), null=True, blank=True, help_text=_("Empty once staff answered.")
    )
    address_refused_at = models.DateTimeField(
        _("email address refused"), null=True, blank=True, help_text=_("Empty once the sender wrote again.")
    )
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)
    planned_due_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When it was due before it was set aside: that holds again if it comes back.",
    )
    left_aside_at = models.DateTimeField(
        null=True, editable=False, help_text="When somebody looked at it last and left it set aside."
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=11, choices=Outcome, blank=True)
    told = models.CharField(_("how the person was told"), max_length=11, choices=Told, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back by the sender"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    held_at = models.DateTimeField(
        _("kept longer since"), null=True, blank=True, help_text=_("Kept beyond the usual time; the reason is a text.")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(due_at=None, closed_at=None, set_aside_at=None, withdrawn_at=None, erased_at=None),
                name="inquiries_inquiry_open_is_due",
            )
        ]
        indexes = [
            # Few are due, whatever was closed in all the years: what the lists of them are narrowed by stands in the
            # index itself, so that no filter and no count reads a row to leave it out again.
            models.Index(
                fields=[
                    "due_at",
                    "id",
                    "closed_at",
                    "set_aside_at",
                    "withdrawn_at",
                    "erased_at",
                    "is_canary",
                    "first_tried_at",
                    "owner",
                    "stage",
                    "way",
                    "kind",
                    "preferred_language",
                    "sender_wrote_at",
                    "held_at",
                    "screening_reasons",
                ],
                condition=Q(due_at__isnull=False),
                name="inquiries_inquiry_due",
            ),  # fmt: skip
            models.Index(
                fields=["owner", "due_at", "id"], condition=Q(due_at__isnull=False), name="inquiries_inquiry_owner_due"
            ),
            models.Index(
                fields=["-closed_at", "-id"], condition=Q(closed_at__isnull=False), name="inquiries_inquiry_closed"
            ),
            models.Index(
                fields=["set_aside_at", "id", "is_canary", "withdrawn_at", "erased_at"],
                condition=Q(set_aside_at__isnull=False, closed_at=None),
                name="inquiries_inquiry_undecided",
            ),
            models.Index(
                fields=["left_aside_at", "id"],
                condition=Q(left_aside_at__isnull=False, closed_at=None),
                name="inquiries_inquiry_left_aside",
            ),
        ]

    def decide_by(self):
        return business_hours.decision_due(self.set_aside_at, WeeklyHours.objects.calendar(self.set_aside_at))

    @property
    def is_in_work(self) -> bool:
        return bool(self.due_at) and not self.closed_at and not self.set_aside_at

    @property
    def is_undecided(self) -> bool:
        return bool(self.set_aside_at) and not self.closed_at

    @property
    def must_be_answered(self) -> bool:
        """Whether nothing was planned since new words came."""
        return bool(self.sender_wrote_at and self.due_at) and self.due_at <= self.sender_wrote_at

    @property
    def needs_new_address(self) -> bool:
        """Whether the mail server refused the address, and nothing was planned since."""
        return bool(self.address_refused_at and self.due_at) and self.due_at <= self.address_refused_at

    @property
    def action_due(self) -> "Triage.NextAction | str":
        """A first contact answers new words too, so it stays the first contact."""
        is_first = self.next_action == self.NextAction.FIRST_CONTACT and not self.tries
        if self.needs_new_address and not self.must_be_answered:
            return self.NextAction.NEW_ADDRESS
        return self.NextAction.ANSWER if self.must_be_answered and not is_first else self.next_action

    @property
    def action_by_tries(self) -> "Triage.NextAction":
        return self.NextAction.CONTACT_AGAIN if self.tries else self.NextAction.FIRST_CONTACT

    @classmethod
    def triage_fields(cls) -> list[str]:
        return [field.attname for field in Triage._meta.local_fields]

    @property
    def is_settled(self) -> bool:
        return bool(self.referral_settled_at and self.insurance_settled_at)

    @classmethod
    def stage_after(cls, stage: str) -> "Triage.Stage | None":
        steps = list(cls.Stage)
        place = steps.index(stage) + 1
        return steps[place] if place < len(steps) else None

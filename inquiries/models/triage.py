"""Where an inquiry stands at the desk: who acts next, by when, and how it ended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Triage(models.Model):
    """The state that staff work on. Every open inquiry has a due time, so that none can be forgotten.

    Columns change only in the methods of this class: each is an update from the states it may leave, counted, with its
    event, in one transaction. ``version`` rises with every change, so that a stale page is refused.
    """

    class Stage(models.TextChoices):
        RECEIVED = "received", _("Received")
        CONTACTING = "contacting", _("Contacting")
        ASSESSMENT = "assessment", _("Assessment")
        PAPERWORK = "paperwork", _("Referral and insurance")
        STARTED = "started", _("Started")

    class NextAction(models.TextChoices):
        FIRST_CONTACT = "first-contact", _("First contact")
        CONTACT_AGAIN = "contact-again", _("Contact again")
        ASSESS = "assess", _("Do the assessment")
        PAPERWORK = "paperwork", _("Settle referral and insurance")
        START = "start", _("Start the program")
        WAIT = "wait", _("Wait for their answer")
        ANSWER = "answer", _("Answer their new words")

    class Outcome(models.TextChoices):
        STARTED = "started", _("Started a program")
        ANSWERED = "answered", _("Question answered")
        REFERRED_ON = "referred-on", _("Referred to another program")
        NOT_NOW = "not-now", _("Does not want it now")
        UNREACHED = "unreached", _("Could not reach them")
        NOT_A_FIT = "not-a-fit", _("Not the right kind of care")
        SAME_PERSON = "same-person", _("Same person as another inquiry")
        WITHDRAWN = "withdrawn", _("Taken back by the sender")

    class Told(models.TextChoices):
        CALL = "call", _("On a call")
        TEXT = "text", _("By text message")
        EMAIL = "email", _("By email")
        STATUS_PAGE = "status-page", _("On their status page")
        NOT_TOLD = "not-told", _("Not told")

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.RECEIVED)
    next_action = models.CharField(
        _("next action"), max_length=13, choices=NextAction, default=NextAction.FIRST_CONTACT, blank=True
    )
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("Empty when closed, withdrawn or set aside.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    first_tried_at = models.DateTimeField(_("first contact try"), null=True, blank=True)
    first_reached_at = models.DateTimeField(_("first reached"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("contact tries"), default=0)
    referral_settled_at = models.DateTimeField(_("referral settled"), null=True, blank=True)
    insurance_settled_at = models.DateTimeField(_("insurance settled"), null=True, blank=True)
    sender_wrote_at = models.DateTimeField(
        _("new words from the sender"), null=True, blank=True, help_text=_("Empty once staff answered.")
    )
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=11, choices=Outcome, blank=True)
    told = models.CharField(_("how the person was told"), max_length=11, choices=Told, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

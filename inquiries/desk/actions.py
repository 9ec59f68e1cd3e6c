"""The verbs as the desk offers them: which form asks, which model method changes, and where one stands then."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from inquiries.desk import action_forms as forms
from inquiries.desk.correction import CorrectForm
from inquiries.models.joined_plans import CALL, EMAIL, TEXT

CHANGE, ASSIGN, HOLD = "inquiries.change_inquiry", "inquiries.assign_inquiry", "inquiries.hold_inquiry"
IN_BAR = "bar"
IN_MORE = "more"
IN_REACH = "reach"


def kwargs_of(*names: str) -> Callable:
    return lambda data: {name: data[name] for name in names if name in data}  # some forms leave out the voicemail


version_kwargs = kwargs_of("version")
plan_kwargs = kwargs_of("next_action", "due_at", "note", "version")
try_kwargs = kwargs_of("result", "left_voicemail", "at", "next_action", "due_at", "note", "version")


@dataclass(frozen=True)
class Verb:
    """``arguments`` reads those of the model's ``method`` off the form; ``then`` is the verb whose page comes next."""

    name: str
    label: str
    method: str  # of the model, and its name in NEEDS
    form: type = forms.VerbForm
    icon: str = ""
    place: str = ""
    button: str = ""
    arguments: Callable = version_kwargs
    heading: str = ""
    text: str = ""
    then: str = ""
    halfway: str = ""  # said instead of ``done`` while referral or insurance is still open; what comes next stays then
    done: str = ""
    right: str = CHANGE
    template: str = "verb.html"
    means: str = ""  # the way of contact that the person must allow for it
    tells: str = ""  # the template that shows, once, what the method returned
    is_plain: bool = False  # done by its button, without a page in between
    is_owners: bool = False  # whoever owns the inquiry needs no ``right`` for it

    def when(self, inquiry) -> bool:
        return inquiry.can(self.method) and (not self.means or inquiry.may(self.means))

    def is_allowed(self, inquiry, user) -> bool:
        is_own = self.is_owners and inquiry.owner_id == user.pk
        return user.has_perm(CHANGE) and (is_own or user.has_perm(self.right))

    def call(self, inquiry, user, data):
        return getattr(inquiry, self.method)(actor=user, **self.arguments(data))


def claiming(name: str, label, icon: str, means: str) -> Verb:
    how = lambda data: {"how": means, "anyway": data["anyway"]}  # noqa: E731 - as in the table below
    return Verb(name, label, "claim", forms.ClaimForm, icon, IN_REACH, arguments=how, means=means, then="try",
                done=_("Colleagues see that this person is in your hand, for 15 minutes."), template="verb_claim.html",
                is_plain=True)  # fmt: skip


VERBS = [
    claiming("calling", _("I am calling now"), "phone", CALL),
    claiming("texting", _("I am texting now"), "message-square", TEXT),
    claiming("writing", _("I am writing an email now"), "mail", EMAIL),
    Verb("let-go", _("Let go"), "let_go", icon="x", is_plain=True, done=_("It is out of your hand.")),
    Verb("undo", _("Undo"), "undo", icon="history", is_plain=True,
         text=_("The last change is taken back, if it was made less than ten minutes ago.")),
    Verb("try", _("Log a contact try"), "log_try", forms.ContactAttemptForm, "phone", IN_BAR, _("Save the try"),
         try_kwargs, done=_("The try is logged."), template="verb_try.html"),
    Verb("take", _("Take"), "take", icon="hand", place=IN_BAR, is_plain=True,
         text=_("It becomes yours."), done=_("It is yours now.")),
    Verb("next", _("Set next action"), "set_next", forms.NextForm, "calendar", IN_BAR, _("Save the next action"),
         kwargs_of("next_action", "due_at", "version"), done=_("The next action is set.")),
    Verb("move-on", _("Move on"), "move_on", forms.PlannedForm, "arrow-right", IN_BAR, "", plan_kwargs,
         done=_("Moved on."), template="verb_move_on.html"),
    Verb("close", _("Close"), "close", forms.CloseForm, "circle-check", IN_BAR, _("Close this inquiry"),
         kwargs_of("outcome", "told", "note", "other", "version"), _("Close this inquiry"),
         _("It leaves the list of work. You can reopen it."), done=_("The inquiry is closed."),
         template="verb_close.html"),
    Verb("reopen", _("Reopen"), "reopen", forms.PlannedForm, "arrow-left", IN_BAR, _("Reopen this inquiry"),
         plan_kwargs, _("Reopen this inquiry"), done=_("The inquiry is open again.")),
    Verb("bring-back", _("Not a robot"), "bring_back", icon="arrow-left", place=IN_BAR, is_plain=True,
         text=_("It goes back to the list of work."), then="next", done=_("It is back on the list. What comes next?")),
    Verb("not-real", _("It is a robot"), "not_real", icon="x", place=IN_BAR, is_plain=True,
         text=_("It is closed as not real, and nobody is told. You can reopen it."), done=_("Closed as not real.")),
    Verb("answered", _("New words are answered"), "mark_answered", icon="check", place=IN_BAR, is_plain=True,
         done=_("Marked as answered. What comes next?"), then="next",
         text=_("The mark “New words from the sender” is taken away.")),
    Verb("read-words", _("I have read the new words"), "read_words", icon="eye", is_plain=True,
         done=_("Now the plan is shown.")),
    Verb("message", _("Write to the sender"), "write_message", forms.MessageForm, "message-square", IN_MORE,
         _("Send this message"), lambda data: {"text": data["body"], "version": data["version"]}, then="next",
         done=_("The message is on their status page."), template="verb_message.html"),
    Verb("correct", _("Correct what is known"), "correct", CorrectForm, "pencil", IN_MORE, _("Save the correction"),
         kwargs_of("answers", "reason", "sets", "version"), template="verb_correct.html",
         text=_("What they said first stays readable. What they say later goes before it."),
         done=_("It is corrected.")),
    Verb("new-code", _("Give a new code"), "give_new_code", forms.CallForm, "phone", IN_MORE, _("Show a new code"),
         heading=_("Give a new code"), text=_("For whoever lost the private code. The old one stops at once."),
         means=CALL, tells="code_given.html", template="verb_call.html"),
    Verb("take-back", _("Take back for the person"), "take_back", forms.CallForm, "x", IN_MORE,
         _("Erase this request"), heading=_("Take the request back for the person"),
         text=_("This erases what they sent. It cannot be undone."), done=_("The request is erased."),
         means=CALL, template="verb_call.html"),
    Verb("hand-over", _("Hand over"), "hand_over", forms.HandOverForm, "users-round", IN_MORE, "",
         kwargs_of("to", "note", "version"), done=_("Handed over."), right=ASSIGN,
         is_owners=True),
    Verb("link", _("Link an inquiry"), "link", forms.LinkForm, "link", IN_MORE, _("Link them"),
         kwargs_of("other", "version"), done=_("Linked.")),
    Verb("not-same", _("Not the same"), "not_same", forms.LinkForm, button=_("Not the same"),
         arguments=kwargs_of("other", "version"), done=_("It is not suggested again.")),
    Verb("same-request", _("Same request"), "same_request", forms.LinkForm, arguments=kwargs_of("other", "version"),
         text=_("The newer one is closed for staff only. Its sender sees no change."),
         done=_("The newer one is closed. Its sender sees no change.")),
    Verb("hold", _("Keep longer"), "hold", forms.HoldForm, "clock", IN_MORE, _("Keep it longer"),
         lambda data: {"reason": data["note"], "version": data["version"]}, _("Keep this inquiry longer"),
         _("Its personal data is kept beyond the usual time."), done=_("It is kept longer."), right=HOLD),
    Verb("release", _("Stop keeping it longer"), "release", icon="clock", place=IN_MORE,
         text=_("Its personal data is erased when the usual time is over."),
         done=_("It is erased when the usual time is over."), right=HOLD),
    Verb("set-aside", _("Set aside (robot)"), "set_aside", icon="x", place=IN_MORE,
         text=_("It leaves the list of work, and nobody is told. You can bring it back."), done=_("Set aside.")),
    Verb("note", _("Add a note"), "note", forms.NoteForm, button=_("Add note"),
         arguments=lambda data: {"text": data["note"]}, done=_("The note is kept.")),
    Verb("referral", _("Referral is settled"), "settle_referral", is_plain=True,
         done=_("Referral settled. What comes next?"), then="next",
         halfway=_("Referral settled. Insurance is still open.")),
    Verb("insurance", _("Insurance is settled"), "settle_insurance", is_plain=True,
         done=_("Insurance settled. What comes next?"), then="next",
         halfway=_("Insurance settled. Referral is still open.")),
]  # fmt: skip
BY_NAME = {verb.name: verb for verb in VERBS}


def offered(inquiry, user, place: str) -> list[Verb]:
    here = (verb for verb in VERBS if verb.place == place and verb.when(inquiry))
    return [verb for verb in here if verb.is_allowed(inquiry, user)]

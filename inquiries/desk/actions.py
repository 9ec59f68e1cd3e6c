"""The verbs as the desk offers them: which form asks, which model method changes, and where one stands then."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from inquiries.desk import action_forms as forms
from inquiries.models import Inquiry, InvalidTransition

CHANGE, ASSIGN = "inquiries.change_inquiry", "inquiries.assign_inquiry"
IN_BAR = "bar"
IN_MORE = "more"


def is_open(inquiry) -> bool:
    return inquiry.is_in_work


def is_kept(inquiry) -> bool:
    return not inquiry.erased_at


def is_aside(inquiry) -> bool:
    return inquiry.is_undecided and is_kept(inquiry)


@dataclass(frozen=True)
class Verb:
    """One verb. ``call(inquiry, user, data)`` changes the model; ``then`` names the verb whose page comes next."""

    name: str
    label: str
    call: Callable
    form: type = forms.VerbForm
    icon: str = ""
    place: str = ""
    button: str = ""
    heading: str = ""
    text: str = ""
    then: str = ""
    halfway: str = ""  # said instead of ``done`` while referral or insurance is still open; what comes next stays then
    done: str = ""
    right: str = CHANGE
    when: Callable = is_open
    is_plain: bool = False  # done by its button, without a page in between


def version_kwargs(data) -> dict:
    return {"version": data["version"]}


def plan_kwargs(data) -> dict:
    return {"next_action": data["next_action"], "due_at": data["due_at"], "note": data["note"], **version_kwargs(data)}


def log_try(inquiry, user, data):
    voicemail = data.get("left_voicemail", False)
    inquiry.log_try(data["result"], user, left_voicemail=voicemail, at=data["at"], **plan_kwargs(data))


def close(inquiry, user, data):
    note, other = data["note"], data["other"]
    inquiry.close(data["outcome"], data["told"], user, note=note, other=other, **version_kwargs(data))


def raise_if_unchanged(was_done: bool):
    """The methods that say False changed nothing."""
    if not was_done:
        raise InvalidTransition(_("A colleague did this already, or the inquiry was erased."))


def paperwork_open_for(name):
    return lambda inquiry: is_open(inquiry) and inquiry.stage == "paperwork" and not getattr(inquiry, name)


VERBS = [
    Verb("try", _("Log a contact try"), log_try, forms.ContactAttemptForm, "phone", IN_BAR, _("Save the try"),
         done=_("The try is logged.")),
    Verb("take", _("Take"), lambda i, u, d: i.take(u, **version_kwargs(d)), icon="hand", place=IN_BAR, is_plain=True,
         text=_("It becomes yours."), done=_("It is yours now. What comes next?"), then="next",
         when=lambda i: is_open(i) and not i.owner_id),
    Verb("next", _("Set next action"),
         lambda i, u, d: i.set_next(d["next_action"], d["due_at"], u, **version_kwargs(d)),
         forms.NextForm, "calendar", IN_BAR, _("Save the next action"), done=_("The next action is set.")),
    Verb("move-on", _("Move on"), lambda i, u, d: i.move_on(u, **plan_kwargs(d)), forms.PlannedForm, "arrow-right",
         IN_BAR,
         done=_("Moved on."), when=lambda i: is_open(i) and Inquiry.stage_after(i.stage) is not None),
    Verb("close", _("Close"), close, forms.CloseForm, "circle-check", IN_BAR, _("Close this inquiry"),
         _("Close this inquiry"), _("It leaves the list of work. You can reopen it."),
         done=_("The inquiry is closed.")),
    Verb("reopen", _("Reopen"),
         lambda i, u, d: i.reopen(u, d["next_action"], d["due_at"], note=d["note"], **version_kwargs(d)),
         forms.PlannedForm, "arrow-left", IN_BAR, _("Reopen this inquiry"),
         _("Reopen this inquiry"), done=_("The inquiry is open again."),
         when=lambda i: bool(i.closed_at) and is_kept(i) and not i.withdrawn_at),
    Verb("bring-back", _("Not a robot"), lambda i, u, d: i.bring_back(u, **version_kwargs(d)), icon="arrow-left",
         place=IN_BAR, is_plain=True, text=_("It goes back to the list of work."), then="next",
         done=_("It is back on the list. What comes next?"), when=is_aside),
    Verb("not-real", _("It is a robot"), lambda i, u, d: i.not_real(u, **version_kwargs(d)), icon="x", place=IN_BAR,
         is_plain=True, text=_("It is closed as not real, and nobody is told. You can reopen it."),
         done=_("Closed as not real."), when=lambda i: is_aside(i) and bool(i.opened_at)),
    Verb("answered", _("New words are answered"), lambda i, u, d: i.mark_answered(u, **version_kwargs(d)), icon="check",
         place=IN_BAR, is_plain=True, done=_("Marked as answered. What comes next?"), then="next",
         text=_("The mark “New words from the sender” is taken away."),
         when=lambda i: bool(i.sender_wrote_at) and is_kept(i)),
    Verb("message", _("Write to the sender"), lambda i, u, d: raise_if_unchanged(i.write_message(d["body"], u)),
         forms.MessageForm,
         "message-square", IN_MORE, _("Send this message"), then="next", done=_("The message is on their status page."),
         when=is_kept),
    Verb("hand-over", _("Hand over"), lambda i, u, d: i.hand_over(d["to"], u, note=d["note"], **version_kwargs(d)),
         forms.HandOverForm, "users-round", IN_MORE, done=_("Handed over."), right=ASSIGN),
    Verb("link", _("Link an inquiry"), lambda i, u, d: i.link(d["other"], u, **version_kwargs(d)), forms.LinkForm,
         "link", IN_MORE, _("Link them"), done=_("Linked."), when=is_kept),
    Verb("not-same", _("Not the same"), lambda i, u, d: i.not_same(d["other"], u, **version_kwargs(d)), forms.LinkForm,
         button=_("Not the same"), done=_("It is not suggested again."), when=is_kept),
    Verb("same-request", _("Same request"), lambda i, u, d: i.same_request(d["other"], u, **version_kwargs(d)),
         forms.LinkForm, text=_("The newer one is closed for staff only. Its sender sees no change."),
         done=_("The newer one is closed. Its sender sees no change."), when=is_open),
    Verb("hold", _("Hold"), lambda i, u, d: raise_if_unchanged(i.hold(d["note"], u)), forms.HoldForm, "clock", IN_MORE,
         _("Hold this inquiry"), _("Hold this inquiry"),
         text=_("Its personal data is kept beyond the usual time."), done=_("The inquiry is held."),
         when=lambda i: is_kept(i) and not i.held_at),
    Verb("release", _("Release the hold"), lambda i, u, d: raise_if_unchanged(i.release(u)), icon="clock",
         place=IN_MORE, text=_("Its personal data is erased when the usual time is over."),
         done=_("The hold is released."),
         when=lambda i: bool(i.held_at)),
    Verb("set-aside", _("Set aside (robot)"), lambda i, u, d: i.set_aside(u, **version_kwargs(d)), icon="x",
         place=IN_MORE, text=_("It leaves the list of work, and nobody is told. You can bring it back."),
         done=_("Set aside.")),
    Verb("note", _("Add a note"), lambda i, u, d: i.note(d["note"], u), forms.NoteForm, button=_("Add note"),
         done=_("The note is kept."), when=is_kept),
    Verb("referral", _("Referral is settled"), lambda i, u, d: i.settle_referral(u, **version_kwargs(d)), is_plain=True,
         done=_("Referral settled. What comes next?"), then="next",
         halfway=_("Referral settled. Insurance is still open."), when=paperwork_open_for("referral_settled_at")),
    Verb("insurance", _("Insurance is settled"), lambda i, u, d: i.settle_insurance(u, **version_kwargs(d)),
         is_plain=True, done=_("Insurance settled. What comes next?"), then="next",
         halfway=_("Insurance settled. Referral is still open."), when=paperwork_open_for("insurance_settled_at")),
]  # fmt: skip
BY_NAME = {verb.name: verb for verb in VERBS}


def offered(inquiry, user, place: str) -> list[Verb]:
    """Return the verbs that fit the state of the inquiry and the rights of ``user``."""
    return [
        v for v in VERBS if v.place == place and v.when(inquiry) and user.has_perm(CHANGE) and user.has_perm(v.right)
    ]

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from inquiries.contact_plans import Plan, local_moment
from inquiries.desk.date_inputs import DayField, TimeInput
from inquiries.desk.display import clock, day_in_words
from inquiries.desk.people import short_name, staff_who_work
from inquiries.models import Inquiry, MessageTemplate, WeeklyHours
from inquiries.models.message_templates import says_nothing_private
from inquiries.models.search import as_reference
from inquiries.models.verbs import LONGEST_PAUSE, VOICEMAIL_TOO, is_too_far

OTHER = "other"
NOTE_LABEL = gettext_lazy("Note (optional)")
NOTE_HINT = gettext_lazy("What the next colleague must know. No diagnosis, no substance.")
RESULT_HINTS = {
    "spoke": gettext_lazy("The person answered and could talk"),
    "no-answer": gettext_lazy("It rang, no one picked up"),
    "someone-else": gettext_lazy("You gave only your first name"),
    "call-later": gettext_lazy("Say when below"),
    "dead-number": gettext_lazy("Wrong number or out of service. Their status page asks for the right one"),
}
CALL_RESULTS = ("spoke", "no-answer", "someone-else", "call-later", "dead-number")
WRITE_RESULTS = ("wrote", "spoke", "not-delivered")


def radios(label, error, choices=(), **options):
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": error}, **options
    )


def note_field(label=NOTE_LABEL, hint=NOTE_HINT, **options):
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=hint, max_length=4000, widget=area, **{"required": False} | options)


def time_field(label):
    return forms.TimeField(label=label, required=False, widget=TimeInput())


class VerbForm(forms.Form):
    """``version`` is the one that its page was shown at, so that a stale one is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, inquiry: Inquiry, user, now=None, **options):
        self.inquiry, self.user, self.now = inquiry, user, now or timezone.now()
        self.plan = Plan.of(inquiry)
        options["initial"] = {"version": inquiry.version} | options.get("initial", {})
        super().__init__(*args, label_suffix="", **options)
        for field in self.fields.values():
            if isinstance(field.widget, (forms.TextInput, forms.Textarea)):
                field.widget.attrs["autocomplete"] = "off"  # what is typed about a person stays in no browser

    def show_again_at(self, version: int):
        self.data = self.data.copy()
        self.data["version"] = version

    def moment_of(self, day_name: str, time_name: str):
        day, at = self.cleaned_data.get(day_name), self.cleaned_data.get(time_name)
        return local_moment(day, at) if day and at else None


class ClaimForm(VerbForm):
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def ask_again(self):
        self.data = self.data.copy()
        self.data["anyway"] = "on"


class NextForm(VerbForm):
    next_action = radios(gettext_lazy("What"), gettext_lazy("Choose what comes next"))
    when = radios(gettext_lazy("When"), gettext_lazy("Choose when"))
    other_day = DayField(label=gettext_lazy("Day, if other"), required=False)
    other_time = time_field(gettext_lazy("Time, if other"))
    actions = ("contact-again", "assess", "paperwork", "start", "wait", "answer")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["next_action"].choices = [(code, Inquiry.NextAction(code).label) for code in self.actions]
        calendar = WeeklyHours.objects.calendar(self.now)
        times = self.plan.ready_times(self.now, calendar)
        if not all(self.plan.is_good_now(moment, calendar) for moment in times):
            self.fields["when"].help_text = _("Their good time is outside our hours. These are as near as we are here.")
        ready = [self.ready_choice(moment) for moment in times]
        posted = self.data.get("when", "") if self.is_bound else ""
        if posted not in ("", OTHER, *dict(ready)) and read_moment(posted):
            ready.append(self.ready_choice(read_moment(posted)))  # the page was shown on another day
        self.fields["when"].choices = [*ready, (OTHER, _("Other, chosen below"))]

    def ready_choice(self, moment):
        day = timezone.localtime(moment).date()
        words = f"{day_in_words(day, timezone.localtime(self.now).date())}, {clock(moment)}"
        return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}", words

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("when") == OTHER:
            due_at = self.moment_of("other_day", "other_time")
            if due_at is None and not {"other_day", "other_time"} & set(self.errors):
                self.add_error("other_day", _("Choose a day and a time"))
        else:
            due_at = read_moment(cleaned.get("when", ""))
        asked = "other_day" if cleaned.get("when") == OTHER else "when"
        if due_at and due_at <= timezone.now():
            self.add_error(asked, _("Choose a time in the future"))
        if due_at and is_too_far(due_at, timezone.now()):
            self.add_error(asked, _("Choose a day within %(days)d days from today") % {"days": LONGEST_PAUSE.days})
        return cleaned | {"due_at": due_at}


def read_moment(text: str):
    try:
        local = datetime.strptime(text, "%Y-%m-%dT%H:%M")
    except ValueError:
        return None
    return local_moment(local.date(), local.time())


class PlannedForm(NextForm):
    note = note_field()
    field_order = ["note", "next_action", "when", "other_day", "other_time"]


class ContactAttemptForm(NextForm):
    result = radios(gettext_lazy("What happened on the call?"), gettext_lazy("Choose what happened on the call"))
    left_voicemail = forms.BooleanField(label=gettext_lazy("I left a voicemail"), required=False)
    day = DayField(label=gettext_lazy("Day"), required=False)
    time = time_field(gettext_lazy("Time"))
    note = note_field()
    actions = ("contact-again", "assess", "wait")
    field_order = ["result", "left_voicemail", "day", "time", "note", "next_action", "when", "other_day", "other_time"]

    def __init__(self, *args, **options):
        local = timezone.localtime(options.get("now") or timezone.now())
        options["initial"] = {"day": local.date(), "time": local.time()} | options.get("initial", {})
        super().__init__(*args, **options)
        # Ready for what happens most often, that no one answers: one press more saves it.
        soonest, _words = self.fields["when"].choices[0]
        self.initial |= {"next_action": Inquiry.NextAction.CONTACT_AGAIN} | (
            {"when": soonest} if soonest != OTHER else {}
        )
        self.is_planned = not self.is_bound or not {"move_on", "close"} & set(self.data)
        if not self.is_planned:
            self.fields["next_action"].required = self.fields["when"].required = False
        results = CALL_RESULTS if self.inquiry.may_call else WRITE_RESULTS
        self.fields["result"].choices = [(code, Inquiry.TryResult(code).label) for code in results]
        self.fields["result"].hints = RESULT_HINTS if self.inquiry.may_call else {}
        if not self.inquiry.may_call:
            self.fields["result"].label = _("What happened?")
            self.fields["result"].error_messages["required"] = _("Choose what happened")
        if not self.inquiry.may_leave_voicemail:
            del self.fields["left_voicemail"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("left_voicemail") and cleaned.get("result") not in (None, Inquiry.TryResult.NO_ANSWER):
            self.add_error("left_voicemail", VOICEMAIL_TOO)
        at = self.moment_of("day", "time")
        # The fields hold whole minutes: the minute that runs is now.
        cleaned["at"] = None if at is None or 0 <= (timezone.now() - at).total_seconds() < 120 else at
        if at and at > timezone.now():
            self.add_error("day", _("The try cannot be in the future"))
        if at and cleaned["at"] and at < self.inquiry.received_at:
            self.add_error("day", _("The try cannot be before the inquiry came in"))
        if not self.is_planned and not (cleaned.get("next_action") and cleaned.get("due_at")):
            cleaned |= {"next_action": None, "due_at": None}
        return cleaned


class CloseForm(VerbForm):
    outcome = radios(gettext_lazy("How did it end?"), gettext_lazy("Choose how it ended"))
    other = forms.CharField(
        label=gettext_lazy("Other reference"),
        required=False,
        max_length=16,
        help_text=gettext_lazy("Needed for “Same person as another inquiry”, like KF37-RD."),
    )
    told = radios(
        gettext_lazy("How was the person told?"),
        gettext_lazy("Choose how the person was told"),
        help_text=gettext_lazy("Only ways this person allowed are listed."),
    )
    note = note_field(
        gettext_lazy("Note"),
        gettext_lazy("Needed for “Not told” and “Not a real inquiry”. No diagnosis, no substance."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        by_itself = (Inquiry.Outcome.WITHDRAWN, Inquiry.Outcome.REPEAT)
        outcomes = [choice for choice in Inquiry.Outcome.choices if choice[0] not in by_itself]
        self.fields["outcome"].choices = outcomes
        self.fields["told"].choices = [(told.value, told.label) for told in self.inquiry.allowed_told]

    def clean(self):
        cleaned = super().clean()
        outcome, told = cleaned.get("outcome"), cleaned.get("told")
        if (told == Inquiry.Told.NOT_TOLD or outcome == Inquiry.Outcome.NOT_REAL) and not cleaned.get("note"):
            self.add_error("note", _("Say why in the note"))
        if outcome == Inquiry.Outcome.UNREACHED and not self.inquiry.is_tried_enough():
            self.add_error("outcome", _("“Could not reach them” needs more contact tries, on more than one day"))
        is_same = outcome == Inquiry.Outcome.SAME_PERSON
        cleaned["other"] = find_other(self, "other") if is_same else None
        if refusal := self.inquiry.why_not_told(told, cleaned["other"]):
            self.add_error("told", refusal)
        return cleaned


class LinkForm(VerbForm):
    other = forms.CharField(
        label=gettext_lazy("Other reference"),
        max_length=16,
        help_text=gettext_lazy("Like KF37-RD."),
        error_messages={"required": gettext_lazy("Type the other reference")},
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("other"):
            cleaned["other"] = find_other(self, "other")
        return cleaned


def find_other(form, name: str) -> Inquiry | None:
    reference = as_reference(form.cleaned_data.get(name) or "")
    other = Inquiry.objects.filter(reference=reference).exclude(pk=form.inquiry.pk).first()
    if other is None:
        form.add_error(name, _("No other inquiry has this reference"))
    return other


class HandOverForm(VerbForm):
    to = radios(gettext_lazy("To whom?"), gettext_lazy("Choose to whom"))
    note = note_field()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.people = {str(user.pk): user for user in staff_who_work()}
        if self.inquiry.owner_id:
            self.people.pop(str(self.inquiry.owner_id), None)
        choices = [(pk, short_name(user)) for pk, user in self.people.items()]
        nobody = _("Nobody yet: I give it back") if self.inquiry.owner_id == self.user.pk else _("Nobody yet")
        self.fields["to"].choices = [*choices, *([("nobody", nobody)] if self.inquiry.owner_id else [])]

    def clean_to(self):
        return self.people.get(self.cleaned_data["to"])


class NoteForm(VerbForm):
    note = note_field(
        gettext_lazy("Add a note"),
        gettext_lazy("No diagnosis, no substance. Only staff see it."),
        required=True,
        error_messages={"required": gettext_lazy("Write the note first")},
    )


class HoldForm(VerbForm):
    note = note_field(
        gettext_lazy("Why is it kept longer?"),
        gettext_lazy("Only staff see it. No diagnosis, no substance."),
        required=True,
        error_messages={"required": gettext_lazy("Say why it is kept longer")},
    )


class CallForm(VerbForm):
    """What is said to the person alone, in a call that staff placed."""

    is_our_call = forms.BooleanField(
        label=gettext_lazy("I called the number of this plan, and I am speaking with the person now."),
        error_messages={"required": gettext_lazy("Call the number of this plan first. Tick the box while you speak")},
    )


class MessageForm(VerbForm):
    body = forms.CharField(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy("Others may read it over their shoulder: no diagnosis, no substance, no program name."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[says_nothing_private],
        error_messages={"required": gettext_lazy("Write the message first")},
    )

    def __init__(self, *args, template: MessageTemplate | None = None, **options):
        inquiry, language = options["inquiry"], options["inquiry"].written_in
        if template:
            values = {"name": inquiry.latest("name"), "reference": inquiry.reference}
            options["initial"] = {"body": template.filled(language, **values)}
        super().__init__(*args, **options)
        self.fields["body"].widget.attrs["lang"] = "es" if language == "es" else "en"

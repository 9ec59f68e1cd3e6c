"""The form in its four ways. It stores nothing. Only what the chosen way of contact needs is read and kept; what was
typed beside it is dropped, and the check page says so."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from inquiries import contact_plans, mailboxes, text_cleaning
from inquiries.models import Inquiry, SpamSignal
from inquiries.questions import kinds as questions
from inquiries.questions.contact import ReadsContact

ContactWay = Inquiry.ContactWay

UP_TO = _("You can leave out private details. You can write up to 1,000 characters.")
DROPPED_LANGUAGE = _("You also typed the name of a language. We do not need it, so we will not keep it.")
AGREEMENT = {
    "label": _("I agree that Dedicato Treatment Center may contact me in the way I chose."),
    "error_messages": {"required": _("Check the box if you agree that we may contact you")},
}
AGREE_UNCONTACTED = _("Check the box if you agree that we may answer you on your status page")
WITH_A_CODE = _("You get a private code. If you lose it, we cannot give you another.")
NAME_ATTRS = {"spellcheck": "false", "dir": "auto", "enterkeyhint": "next"}
NAME_ERRORS = {"required": _("Enter a name we can use"), "long": _("Name must be 80 characters or fewer")}


class AskForm(ReadsContact):
    use_required_attribute = False
    way = None
    # Robots fill every box. No browser fills one of this name, and people do not see it.
    trap = "remark"
    title = _("Ask us to contact you")
    intro_extra = ""
    note = ""
    folded = ()  # what may be left out, and is shown when somebody asks for it

    agree = questions.Agreement(**AGREEMENT)
    remark = forms.Field(
        label=_("Leave this box empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([*self.asked, *(name for name in self.folded if name in self.fields)])

    @classmethod
    def filled(cls, data) -> "AskForm":
        fields = cls.base_fields.items()
        return cls(initial={name: field.widget.value_from_datadict(data, {}, name) for name, field in fields})

    @property
    def asked(self) -> list[str]:
        return [name for name in self.fields if name not in (*self.folded, "agree", self.trap)]

    @property
    def fold(self) -> list[forms.BoundField]:
        return [self[name] for name in self.folded]

    @property
    def is_unfolded(self) -> bool:
        """Whether something stands in the fold, or is wrong there."""
        return any(field.errors or field.value() for field in self.fold)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            *self.asked,
            HTML('{% include "forms/fold.html" %}'),
            HTML('{% include "inquiries/_privacy.html" %}'),
            "agree",
            Field(self.trap, template="forms/trap.html"),
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        if cleaned["contact_way"] == ContactWay.STATUS_PAGE and self.has_error("agree"):
            self.errors["agree"] = self.error_class([AGREE_UNCONTACTED])
        return cleaned

    @property
    def plan(self) -> str:
        return contact_plans.PLANS[self.cleaned_data["contact_way"]]

    @property
    def is_uncontacted(self) -> bool:
        """Whether the person looks for the answer with the private code, and nobody contacts them; of a valid form."""
        return self.cleaned_data["contact_way"] == ContactWay.STATUS_PAGE

    @property
    def plan_icon(self) -> str:
        return contact_plans.ICONS[self.cleaned_data["contact_way"]]

    @property
    def dropped(self) -> str:
        """What was typed and is not kept, in words; of a valid form."""
        said = {"other_language": DROPPED_LANGUAGE}
        said |= dict.fromkeys(("phone", "email"), contact_plans.NOT_NEEDED[self.cleaned_data["contact_way"]])
        unkept = [name for name in said if name in self.fields and not self.cleaned_data[name]]
        told = dict.fromkeys(said[name] for name in unkept if not text_cleaning.is_blank(self.data.get(name, "")))
        return " ".join(map(str, told))

    @property
    def email_meant(self) -> str:
        """The address that was likely meant in place of the one typed, or an empty text; of a valid form."""
        return mailboxes.near_miss(self.cleaned_data["email"])

    def with_email_meant(self) -> "AskForm":
        """Return the same answers with ``email_meant``; of a valid form, sent again if there is none."""
        return self.with_answer("email", self.email_meant or self.data.get("email", ""))

    def with_answer(self, name: str, answer: str) -> "AskForm":
        """Return a form, read and cleaned, that differs from this one in one answer."""
        data = self.data.copy()
        data[name] = answer
        form = type(self)(data)
        form.is_valid()
        return form

    def summary(self) -> list[dict]:
        return [self._row(name) for name in self.fields if self.is_kept(name) and self.cleaned_data[name]]

    def is_kept(self, name: str) -> bool:
        return name not in (self.trap, "first") and not isinstance(self.fields.get(name), questions.Agreement)

    def _row(self, name: str) -> dict:
        field, answer = self.fields[name], self.cleaned_data[name]
        languages, first = getattr(field.widget, "languages", {}), self[name].subwidgets[0]
        return {
            "question": field.label,
            "answer": field.in_words(answer),
            "language": languages.get(answer),
            "control": first.id_for_label if self[name].use_fieldset else self[name].id_for_label,
        }

    def typed(self) -> list[tuple[str, str]]:
        return [(name, value) for name in self.fields for value in self._sent(name) if value]

    def _sent(self, name: str) -> list[str]:
        values = self.data.getlist(name)
        return values if isinstance(self.fields[name], questions.AnyOf) else values[-1:]

    def inquiry(self, *reasons: str) -> Inquiry:
        trapped = () if text_cleaning.is_blank(self.cleaned_data.get(self.trap) or "") else (SpamSignal.TRAP,)
        return Inquiry(
            way=self.way,
            page_language=get_language(),
            screening_reasons=" ".join((*trapped, *reasons)),
            **{name: value for name, value in self.cleaned_data.items() if self.is_kept(name)},
        )


class PersonForm(AskForm):
    agree = questions.Agreement(
        uncontacted=_("I agree that Dedicato Treatment Center may answer me on my status page."), **AGREEMENT
    )
    name = questions.Words(
        longest=80,
        label=_("What should we call you?"),
        help_text=_("A first name or nickname is fine."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name", **NAME_ATTRS}),
        error_messages=NAME_ERRORS,
    )
    contact_way = questions.OneOf(
        label=_("What is a safe way to reach you?"),
        help_text=_(
            "A voicemail or a text gives only a first name and a number. An email that we send by itself gives only "
            "your reference. We do not say what it is about."
        ),
        choices=[
            (ContactWay.CALL_VOICEMAIL, _("Call me. A voicemail is OK")),
            (ContactWay.CALL, _("Call me. Do not leave a voicemail")),
            (ContactWay.TEXT, _("Text me")),
            (ContactWay.EMAIL, _("Email me")),
            (ContactWay.STATUS_PAGE, _("Do not contact me. I will look here with my code")),
        ],
        widget=questions.Tiles(hints={ContactWay.STATUS_PAGE: WITH_A_CODE}),
        error=_("Choose a safe way to reach you"),
    )
    phone = questions.Phone(
        label=_("Phone number"),
        help_text=_("For a call or a text. If you can, use a phone that only you answer."),
        error_messages={"required": _("Enter a phone number so we can call or text you")},
    )
    email = questions.Email(
        label=_("Email"),
        help_text=_("Only if you chose email. If you can, use one that only you read."),
        error_messages={"required": _("Enter an email address so we can write to you")},
    )
    preferred_language = questions.PreferredLanguage(label=_("Which language do you prefer?"))
    other_language = questions.OtherLanguage()


class MeForm(PersonForm):
    way = Inquiry.Way.ME
    folded = ("good_times", "topics", "given_reference")

    question = questions.OpenQuestion(label=_("Is there anything you want to ask?"), help_text=UP_TO, required=False)
    good_times = questions.GoodTimes()
    topics = questions.Topics()
    given_reference = questions.GivenReference()


class LovedOneForm(PersonForm):
    """For someone close, who is neither named nor contacted."""

    way = Inquiry.Way.LOVED_ONE
    title = _("Get help for a family member or friend")
    field_order = ["name", "person_knows"]
    folded = ("good_times", "topics", "relationship")
    intro_extra = _("We will contact you, not the person you are worried about. You do not need to give us their name.")

    person_knows = questions.ShortOneOf(
        label=_("Does this person know you are asking?"),
        help_text=_("Either way, we will contact only you."),
        choices=Inquiry.PersonKnows.choices,
        error=_("Choose “Yes”, “No” or “Not sure”"),
    )
    question = questions.OpenQuestion(
        label=_("Is there anything you want to ask?"),
        help_text=_("You can leave out this person's name and private details. You can write up to 1,000 characters."),
        required=False,
    )
    good_times = questions.GoodTimes()
    topics = questions.Topics(of_another=True)
    relationship = questions.Relationship()


class QuestionForm(PersonForm):
    way = Inquiry.Way.QUESTION
    title = _("Ask a question")

    question = questions.OpenQuestion(label=_("What do you want to ask?"), help_text=UP_TO)


class ReferForm(AskForm):
    """For a professional, who is reached at work and says nothing about the client."""

    way = Inquiry.Way.REFER
    title = _("Refer a client or patient")
    keeps_both = True
    folded = ("good_times", "preferred_language", "other_language", "topics", "role", "client_reference")
    note = _("Do not send your client's name, records or diagnosis here. We will contact you to take the referral.")

    name = questions.Words(
        longest=80,
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", **NAME_ATTRS}),
        error_messages=NAME_ERRORS,
    )
    organization = questions.Words(
        longest=80,
        label=_("Organization"),
        widget=forms.TextInput(attrs={"autocomplete": "organization", **NAME_ATTRS}),
        error_messages={
            "required": _("Enter the name of your organization"),
            "long": _("Organization must be 80 characters or fewer"),
        },
    )
    phone = questions.Phone(
        label=_("Work phone"),
        help_text=_("Give a work phone, a work email, or both."),
        error_messages={"required": _("Enter a work phone or a work email")},
    )
    email = questions.Email(label=_("Work email"), error_messages={"required": _("Enter a work phone or a work email")})
    client_knows = questions.Agreement(
        label=_("My client knows about this request"),
        error_messages={"required": _("Check the box if your client knows")},
    )
    how_soon = questions.HowSoon()
    question = questions.OpenQuestion(label=_("Is there anything you want to ask?"), help_text=UP_TO, required=False)
    good_times = questions.GoodTimes()
    preferred_language = questions.PreferredLanguage(label=_("Which language does your client prefer?"), required=False)
    other_language = questions.OtherLanguage()
    topics = questions.Topics(of_another=True)
    role = questions.Words(
        longest=80,
        label=_("Your role"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", **NAME_ATTRS}),
        error_messages={"long": _("Your role must be 80 characters or fewer")},
    )
    client_reference = questions.Words(
        longest=40,
        label=_("Your own reference for this client"),
        help_text=_("Not their name"),
        required=False,
        widget=forms.TextInput(attrs=questions.UNKNOWN_TO_BROWSERS),
        error_messages={"long": _("Your own reference for this client must be 40 characters or fewer")},
    )
    # Which of the two comes first: the check page asks it of whoever gave both.
    first = forms.Field(required=False, widget=forms.HiddenInput())

    def chosen_way(self, cleaned):
        has_phone, has_email = (not text_cleaning.is_blank(cleaned.get(name, "")) for name in ("phone", "email"))
        is_email_first = has_email and (not has_phone or cleaned.get("first") == "email")
        return ContactWay.EMAIL_WORK if is_email_first else ContactWay.CALL_WORK

    @property
    def comes_second(self) -> str:
        """Which of phone and email is for when the other does not work; empty when one was given; of a valid form."""
        given = [name for name in ("phone", "email") if self.cleaned_data[name]]
        return (
            "phone"
            if len(given) == 2 and self.cleaned_data["contact_way"] == ContactWay.EMAIL_WORK
            else ("email" if len(given) == 2 else "")
        )

"""The form in its four ways. It stores nothing. Only what the chosen way of contact needs is read and kept; what was
typed beside it is dropped, and the check page says so."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from inquiries import contact_plans, mailboxes, phone_numbers, questions, text_cleaning
from inquiries.models import Inquiry, SpamSignal

ContactWay = Inquiry.ContactWay

TELL_LATER = _("You can leave out private details. We can talk about them later.")
AGREEMENT = {
    "label": _("I agree that Dedicato Treatment Center may contact me in the way I chose."),
    "error_messages": {"required": _("Check the box if you agree that we may contact you")},
}
AGREE_UNCONTACTED = _("Check the box if you agree that we may answer you on your status page")
WITH_A_CODE = _(
    "You get a private code when you send. We answer on the page it opens. If you lose it, we cannot give you another."
)
NAME_ERRORS = {"required": _("Enter a name we can use"), "long": _("Name must be 80 characters or fewer")}


class AskForm(forms.Form):
    use_required_attribute = False
    way = None
    # Robots fill every box. No browser fills one of this name, and people do not see it.
    trap = "remark"
    intro_extra = ""
    note = ""

    agree = questions.Agreement(**AGREEMENT)
    remark = forms.Field(
        label=_("Leave this box empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in ("agree", self.trap)])

    @classmethod
    def filled(cls, data) -> "AskForm":
        fields = cls.base_fields.items()
        return cls(initial={name: field.widget.value_from_datadict(data, {}, name) for name, field in fields})

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            *(name for name in self.fields if name not in ("agree", self.trap)),
            HTML('{% include "inquiries/_privacy.html" %}'),
            "agree",
            Field(self.trap, template="forms/trap.html"),
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        cleaned["contact_way"] = self.chosen_way(cleaned)
        way = cleaned["contact_way"]
        for name in ("phone", "email"):
            typed, cleaned[name] = cleaned.get(name, ""), ""
            # Before a way is chosen, a number may be missing but not wrong.
            if name == contact_plans.NEEDED.get(way) or (not way and not text_cleaning.is_blank(typed)):
                self._read(name, typed)
        if way == ContactWay.STATUS_PAGE and self.has_error("agree"):
            self.errors["agree"] = self.error_class([AGREE_UNCONTACTED])
        return cleaned

    def _read(self, name: str, typed: str):
        try:
            self.cleaned_data[name] = self.fields[name].read(typed)
            if self.cleaned_data["contact_way"] == ContactWay.TEXT:
                phone_numbers.check_for_texts(self.cleaned_data[name])
        except forms.ValidationError as error:
            self.add_error(name, error)

    def chosen_way(self, cleaned: dict) -> str:
        return cleaned.get("contact_way", "")

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
        way = self.cleaned_data["contact_way"]
        unneeded = {"phone", "email"} - {contact_plans.NEEDED.get(way)}
        is_dropped = any(not text_cleaning.is_blank(self.data.get(name, "")) for name in unneeded)
        return contact_plans.NOT_NEEDED[way] if is_dropped else ""

    @property
    def email_meant(self) -> str:
        """The address that was likely meant in place of the one typed, or an empty text; of a valid form."""
        return mailboxes.near_miss(self.cleaned_data["email"])

    def with_email_meant(self) -> "AskForm":
        """Return the same answers with ``email_meant``; of a valid form, sent again if there is none."""
        data = self.data.copy()
        data["email"] = self.email_meant or data.get("email", "")
        return type(self)(data)

    def summary(self) -> list[dict]:
        return [self._row(name) for name in self.fields if self.is_kept(name) and self.cleaned_data[name]]

    def is_kept(self, name: str) -> bool:
        return name != self.trap and not isinstance(self.fields.get(name), questions.Agreement)

    def _row(self, name: str) -> dict:
        field, answer = self.fields[name], self.cleaned_data[name]
        languages = getattr(field.widget, "languages", {})
        return {"question": field.label, "answer": field.in_words(answer), "language": languages.get(answer)}

    def typed(self) -> list[tuple[str, str]]:
        return [(name, value) for name in self.fields for value in self._sent(name) if value]

    def _sent(self, name: str) -> list[str]:
        values = self.data.getlist(name)
        return values if isinstance(self.fields[name], questions.AnyOf) else values[-1:]

    def inquiry(self, *reasons: str) -> Inquiry:
        trapped = () if text_cleaning.is_blank(self.cleaned_data[self.trap] or "") else (SpamSignal.TRAP,)
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
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "spellcheck": "false"}),
        error_messages=NAME_ERRORS,
    )
    contact_way = questions.OneOf(
        label=_("What is a safe way to reach you?"),
        help_text=_(
            "In a voicemail or a text, we give only a first name and a number. Emails that we send by themselves hold "
            "only your reference. We do not say what it is about."
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
        help_text=_("We need this for a call or text. If you can, use a phone that only you answer."),
        error_messages={"required": _("Enter a phone number so we can call or text you")},
    )
    email = questions.Email(
        label=_("Email"),
        help_text=_("We need this only if you chose email."),
        error_messages={"required": _("Enter an email address so we can write to you")},
    )
    preferred_language = questions.PreferredLanguage(label=_("Which language do you prefer?"))


class MeForm(PersonForm):
    way = Inquiry.Way.ME

    good_times = questions.GoodTimes()
    topics = questions.Topics()
    question = questions.OpenQuestion(
        label=_("Is there anything you want to ask?"), help_text=TELL_LATER, required=False
    )


class LovedOneForm(PersonForm):
    """For someone close, who is neither named nor contacted."""

    way = Inquiry.Way.LOVED_ONE
    field_order = ["name", "relationship", "person_knows"]
    intro_extra = _("We will contact you, not the person you are worried about. You do not need to give us their name.")

    relationship = questions.OneOf(
        label=_("How do you know this person?"), choices=Inquiry.Relationship.choices, required=False
    )
    person_knows = questions.OneOf(
        label=_("Does this person know you are asking?"),
        help_text=_("Either way, we will contact only you."),
        choices=Inquiry.PersonKnows.choices,
        error=_("Choose “Yes”, “No” or “Not sure”"),
    )
    good_times = questions.GoodTimes()
    topics = questions.Topics()
    question = questions.OpenQuestion(
        label=_("Is there anything you want to ask?"),
        help_text=_("You can leave out this person's name and private details. We can talk about them later."),
        required=False,
    )


class QuestionForm(PersonForm):
    way = Inquiry.Way.QUESTION

    question = questions.OpenQuestion(label=_("What do you want to ask?"), help_text=TELL_LATER)


class ReferForm(AskForm):
    """For a professional, who is reached at work and says nothing about the client."""

    way = Inquiry.Way.REFER
    note = _("Do not send your client's name, records or diagnosis here. We will call you to take the referral.")

    name = questions.Words(
        longest=80,
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages=NAME_ERRORS,
    )
    organization = questions.Words(
        longest=80,
        label=_("Organization"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={
            "required": _("Enter the name of your organization"),
            "long": _("Organization must be 80 characters or fewer"),
        },
    )
    role = questions.Words(
        longest=80,
        label=_("Your role"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"long": _("Your role must be 80 characters or fewer")},
    )
    phone = questions.Phone(
        label=_("Work phone"),
        help_text=_("Give a work phone or a work email."),
        error_messages={"required": _("Enter a work phone or a work email")},
    )
    email = questions.Email(label=_("Work email"), error_messages={"required": _("Enter a work phone or a work email")})
    client_reference = questions.Words(
        longest=40,
        label=_("Your own reference for this client"),
        help_text=_("Not their name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"long": _("Your own reference for this client must be 40 characters or fewer")},
    )
    preferred_language = questions.PreferredLanguage(label=_("Which language does your client prefer?"), required=False)
    good_times = questions.GoodTimes()
    topics = questions.Topics()
    question = questions.OpenQuestion(
        label=_("Is there anything you want to ask?"), help_text=TELL_LATER, required=False
    )
    client_knows = questions.Agreement(
        label=_("My client knows about this request"),
        error_messages={"required": _("Check the box if your client knows")},
    )

    def chosen_way(self, cleaned):
        has_phone, has_email = (not text_cleaning.is_blank(cleaned.get(name, "")) for name in ("phone", "email"))
        return ContactWay.EMAIL_WORK if has_email and not has_phone else ContactWay.CALL_WORK

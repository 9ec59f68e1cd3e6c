"""What is known of a person, to be put right: the fields hold the latest answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries import phone_numbers
from inquiries.crypto.keyring import opened
from inquiries.desk.action_forms import VerbForm, note_field
from inquiries.desk.display import label_of
from inquiries.models import Inquiry
from inquiries.questions import kinds
from inquiries.questions.contact import ReadsContact
from inquiries.questions.forms import PersonForm

AT_WORK = (Inquiry.ContactWay.CALL_WORK, Inquiry.ContactWay.EMAIL_WORK)


class CorrectForm(ReadsContact, VerbForm):
    """What the chosen way of contact does not need is not kept, as on the form."""

    KNOWN = (
        "name", "contact_way", "phone", "email", "preferred_language", "other_language", "good_times", "topics",
    )  # fmt: skip
    SEVERAL = ("good_times", "topics")

    sets = forms.IntegerField(widget=forms.HiddenInput)
    name = kinds.Words(longest=80, error_messages=PersonForm.base_fields["name"].error_messages)
    contact_way = kinds.OneOf(error=_("Choose how to reach this person"))
    phone = kinds.Phone(error_messages={"required": _("Enter the phone number that this way needs")})
    email = kinds.Email(error_messages={"required": _("Enter the email address that this way needs")})
    preferred_language = kinds.PreferredLanguage(required=False)
    other_language = kinds.OtherLanguage()
    good_times = kinds.GoodTimes()
    topics = kinds.Topics()
    reason = note_field(
        _("How do you know?"),
        _("For example: “Said on the phone”. Only staff see it. No diagnosis, no substance."),
        required=True,
        error_messages={"required": _("Say how you know it")},
    )
    field_order = ["version", "sets", *KNOWN, "reason"]

    def __init__(self, *args, inquiry: Inquiry, **options):
        known = {name: opened(lambda name=name: inquiry.latest(name)) for name in self.KNOWN}
        known |= {name: known[name].split() for name in self.SEVERAL}
        known |= {"phone": phone_numbers.to_display(known["phone"]), "sets": inquiry.sets_of_answers}
        options["initial"] = known | options.get("initial", {})
        super().__init__(*args, inquiry=inquiry, **options)
        self.keeps_both = inquiry.way == Inquiry.Way.REFER
        at_work = [(way, way.label) for way in Inquiry.ContactWay if way in AT_WORK]
        others = [(way, way.label) for way in Inquiry.ContactWay if way not in AT_WORK]
        self.fields["contact_way"].choices = at_work if self.keeps_both else others
        for name in self.KNOWN:
            label = label_of(name)
            self.fields[name].label = label[:1].upper() + label[1:]
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs |= {"autocomplete": "off"}  # a browser would offer what staff type of others

    def clean(self):
        cleaned = super().clean()
        return cleaned | {"answers": {name: cleaned.get(name, "") for name in self.KNOWN}}

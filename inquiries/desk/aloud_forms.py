"""The questions of the form, as staff ask them on the phone or in a visit, or read the answers in a letter."""

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from inquiries import mailboxes
from inquiries.models import Inquiry
from inquiries.questions import kinds
from inquiries.questions.forms import AskForm, LovedOneForm, MeForm, QuestionForm, ReferForm

CameBy = Inquiry.CameBy


class Aloud(forms.Form):
    """Before a form of one of the ways. What the chosen way of contact does not need is not kept, as there."""

    agree = remark = None
    NOT_KEPT = ("meant",)

    came_by = kinds.ShortOneOf(
        label=_("How did it come?"),
        choices=[(CameBy.PHONE, _("Phone call")), (CameBy.VISIT, _("Visit")), (CameBy.LETTER, _("Letter"))],
        error=_("Choose how it came"),
    )
    agreed = kinds.Agreement(
        label=_(
            "They agree that Dedicato Treatment Center answers them in this way. I asked, or their letter says so."
        ),
        error_messages={"required": _("Ask whether we may answer in this way. Check the box if they agree")},
    )
    meant = forms.CharField(required=False, widget=forms.HiddenInput)  # an address that looks like a slip, and is none

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)
        rest = [name for name in self.fields if name not in ("came_by", "agreed")]
        self.order_fields(["came_by", *rest, "agreed"])
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off"}  # what is typed about a person stays in no browser

    def clean(self):
        cleaned = super().clean()
        address = cleaned.get("email", "")
        near = mailboxes.near_miss(address)
        if near and cleaned.get("meant") != address:
            self.data = self.data.copy()
            self.data["meant"] = address
            words = gettext("Ask again: did they say %(address)s? If it is right as typed, save once more")
            self.add_error("email", words % {"address": near})
        return cleaned

    def is_kept(self, name: str) -> bool:
        return name not in self.NOT_KEPT and super().is_kept(name)


class MeAloud(Aloud, MeForm):
    pass


class LovedOneAloud(Aloud, LovedOneForm):
    pass


class QuestionAloud(Aloud, QuestionForm):
    pass


class ReferAloud(Aloud, ReferForm):
    first = kinds.ShortOneOf(
        label=_("If they gave a phone and an email: which comes first?"),
        choices=[("phone", _("Phone")), ("email", _("Email"))],
        required=False,
    )
    field_order = ["came_by", "name", "organization", "phone", "email", "first"]


FORMS: dict[str, type[AskForm]] = {form.way.value: form for form in (MeAloud, LovedOneAloud, ReferAloud, QuestionAloud)}

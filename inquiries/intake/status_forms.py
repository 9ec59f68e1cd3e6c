import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.intake.forms import AskForm, PersonForm, ReferForm
from inquiries.models import Inquiry
from inquiries.questions import GoodTimes, OneOf, PreferredLanguage, Question, Tiles, Words

LONGEST_CODE = 64  # characters looked at: 16 digits and whatever stands between them
WRONG_CODE = _("We did not find that code. Check the digits and try again")
TOO_MANY = _("Too many tries. Wait 10 minutes. If you are in danger, call 911, or call or text 988")
WITHOUT_CONTACT = _("We answer on this page only. If you lose your code, we cannot give you another.")
WORDS_LONG = _("What you add must be 1,000 characters or fewer")


class PrivateCode(Question):
    """A code of the wrong length or check digit is looked up like any other: same answer, same time."""

    is_optional = False  # an empty one is looked up like any other

    def to_python(self, value):
        typed = unicodedata.normalize("NFKC", (value or "")[:LONGEST_CODE])
        return "".join(c for c in typed if unicodedata.category(c) not in ("Zs", "Pd", "Cc", "Cf", "Po"))

    def prepare_value(self, value):
        return super().prepare_value(value or "")[:LONGEST_CODE]


class CodeForm(forms.Form):
    use_required_attribute = False

    code = PrivateCode(
        label=_("Private code"),
        help_text=_("16 digits. Spaces are fine."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )


class AddForm(forms.Form):
    use_required_attribute = False

    words = Words(
        label=_("Add something"),
        help_text=_("For example, a better time to reach you."),
        longest=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Enter what you want to add"), "long": WORDS_LONG},
    )


class PlanForm(AskForm):
    """How to be reached from now on. It begins empty, and nothing in it tells what is in force.

    So the number or the address that a way needs is always asked for; a language or a time left out stays as it is.
    """

    agree = remark = None
    KEPT_IF_EMPTY = ("preferred_language", "good_times")

    preferred_language = PreferredLanguage(
        label=_("Which language do you prefer?"), other=_("Tell us which one under “Add something”."), required=False
    )
    good_times = GoodTimes()

    @property
    def plan_answers(self) -> dict[str, str]:
        """The answers to put in force, by their names; of a valid form."""
        answers = {name: self.cleaned_data[name] for name in (*Inquiry.REACHED_BY, *self.KEPT_IF_EMPTY)}
        return {name: answer for name, answer in answers.items() if answer or name not in self.KEPT_IF_EMPTY}


class PersonPlanForm(PlanForm):
    contact_way = OneOf(
        label=PersonForm.base_fields["contact_way"].label,
        choices=PersonForm.base_fields["contact_way"].choices,
        widget=Tiles(hints={Inquiry.ContactWay.STATUS_PAGE: WITHOUT_CONTACT}),
        error=_("Choose a safe way to reach you"),
    )
    phone = PersonForm.base_fields["phone"]
    email = PersonForm.base_fields["email"]
    field_order = ["contact_way", "phone", "email", "preferred_language", "good_times"]


class WorkPlanForm(PlanForm):
    phone = ReferForm.base_fields["phone"]
    email = ReferForm.base_fields["email"]
    preferred_language = PreferredLanguage(label=_("Which language does your client prefer?"), other="", required=False)
    field_order = ["phone", "email", "preferred_language", "good_times"]
    chosen_way = ReferForm.chosen_way


def plan_form_of(inquiry: Inquiry) -> type[PlanForm]:
    return WorkPlanForm if inquiry.way == Inquiry.Way.REFER else PersonPlanForm

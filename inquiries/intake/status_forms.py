import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inquiries import text_cleaning
from inquiries.crypto.tokens import CODE_DIGITS
from inquiries.models import Inquiry
from inquiries.models.inquiry import REFERENCE_DIGITS, REFERENCE_LETTERS
from inquiries.questions.forms import AskForm, PersonForm, ReferForm
from inquiries.questions.kinds import GoodTimes, OneOf, OtherLanguage, PreferredLanguage, Question, Tiles, Words
from inquiries.typed_digits import digits_of, in_ascii

LONGEST_CODE = 64  # characters shown again: 16 digits and whatever stands between them
REFERENCE = re.compile(
    rf"\b[{REFERENCE_LETTERS}]{{2}}[{REFERENCE_DIGITS}]{{2}}[\W_]{{0,3}}[{REFERENCE_LETTERS}]{{2}}\b", re.IGNORECASE
)
NO_CODE = _("Enter your private code. It has 16 digits")
IS_REFERENCE = _("This is the reference. Enter the private code, which has 16 digits")
OTHER_LENGTH = _("The private code has 16 digits. You typed %(count)d")
WRONG_CODE = _("We did not find that code. Check the digits and try again")
TOO_MANY = _("Too many tries. Wait 10 minutes. If you are in danger, call 911, or call or text 988.")
WITHOUT_CONTACT = _("We answer on this page only. If you lose your code, we cannot give you another.")
CALL_FIRST = _("We call first, and write if we do not reach you.")
WORDS_LONG = _("What you write must be 1,000 characters or fewer")


class PrivateCode(Question):
    """What is no code by its shape is told here, without a look-up: it is no guess.

    Sixteen digits are looked up, also with a wrong check digit.
    """

    is_optional = False

    def to_python(self, value):
        typed = in_ascii(value or "")
        digits = digits_of(REFERENCE.sub(" ", typed))
        if len(digits) == CODE_DIGITS:
            return digits
        if digits:
            raise ValidationError(OTHER_LENGTH, code="length", params={"count": len(digits)})
        raise ValidationError(IS_REFERENCE if REFERENCE.search(typed) else NO_CODE, code="no code")

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
        label=_("Write to us"),
        help_text=_("For example, an answer, a question, or a better time to reach you."),
        longest=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Enter what you want to tell us"), "long": WORDS_LONG},
    )


class PlanForm(AskForm):
    """How to be reached from now on. It begins empty, and nothing in it tells what is in force.

    So the number or the address that a way needs is always asked for; a language or a time left out stays as it is.
    """

    agree = remark = None
    KEPT_IF_EMPTY = ("preferred_language", "other_language", "good_times")

    preferred_language = PreferredLanguage(label=_("Which language do you prefer?"), required=False)
    other_language = OtherLanguage()
    good_times = GoodTimes()

    def clean(self):
        is_named = not text_cleaning.is_blank(self.cleaned_data.get("other_language") or "")
        if is_named and not self.cleaned_data.get("preferred_language"):
            self.cleaned_data["preferred_language"] = Inquiry.Language.OTHER
        return super().clean()

    @property
    def plan_answers(self) -> dict[str, str]:
        """The answers to put in force, by their names; of a valid form."""
        answers = {name: self.cleaned_data[name] for name in (*Inquiry.REACHED_BY, *self.KEPT_IF_EMPTY)}
        kept = {name for name in self.KEPT_IF_EMPTY if not answers[name]}
        if answers["preferred_language"] in dict(settings.LANGUAGES):
            kept.discard("other_language")  # its name ends with it
        return {name: answer for name, answer in answers.items() if name not in kept}

    @property
    def told(self) -> str:
        """What else is said of what was chosen; of a valid form."""
        return str(CALL_FIRST) if self.keeps_both and self.comes_second else self.dropped


class PersonPlanForm(PlanForm):
    contact_way = OneOf(
        label=PersonForm.base_fields["contact_way"].label,
        choices=PersonForm.base_fields["contact_way"].choices,
        widget=Tiles(hints={Inquiry.ContactWay.STATUS_PAGE: WITHOUT_CONTACT}),
        error=_("Choose a safe way to reach you"),
    )
    phone = PersonForm.base_fields["phone"]
    email = PersonForm.base_fields["email"]
    field_order = ["contact_way", "phone", "email", "preferred_language", "other_language", "good_times"]


class WorkPlanForm(PlanForm):
    keeps_both = True
    phone = ReferForm.base_fields["phone"]
    email = ReferForm.base_fields["email"]
    preferred_language = PreferredLanguage(label=_("Which language does your client prefer?"), required=False)
    field_order = ["phone", "email", "preferred_language", "other_language", "good_times"]
    chosen_way = ReferForm.chosen_way
    comes_second = ReferForm.comes_second


def plan_form_of(inquiry: Inquiry) -> type[PlanForm]:
    return WorkPlanForm if inquiry.way == Inquiry.Way.REFER else PersonPlanForm

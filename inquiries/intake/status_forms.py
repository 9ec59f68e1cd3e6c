import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inquiries.crypto.tokens import CODE_DIGITS
from inquiries.models.inquiry import REFERENCE_DIGITS, REFERENCE_LETTERS
from inquiries.questions import Question, Words
from inquiries.typed_digits import digits_of, in_ascii

LONGEST_CODE = 64  # characters shown again: 16 digits and whatever stands between them
REFERENCE = re.compile(
    rf"\b[{REFERENCE_LETTERS}]{{2}}[{REFERENCE_DIGITS}]{{2}}[\W_]{{0,3}}[{REFERENCE_LETTERS}]{{2}}\b", re.IGNORECASE
)
NO_CODE = _("Enter your private code. It has 16 digits")
IS_REFERENCE = _("This is the reference. Enter the private code, which has 16 digits")
OTHER_LENGTH = _("The private code has 16 digits. You typed %(count)d")
WRONG_CODE = _("We did not find that code. Check the digits and try again")
WORDS_LONG = _("What you add must be 1,000 characters or fewer")


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
        label=_("Add something"),
        help_text=_("For example, a better time to reach you."),
        longest=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Enter what you want to add"), "long": WORDS_LONG},
    )

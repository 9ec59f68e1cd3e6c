import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.questions import Question, Words

LONGEST_CODE = 64  # characters looked at: 16 digits and whatever stands between them
WRONG_CODE = _("We did not find that code. Check the digits and try again")
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

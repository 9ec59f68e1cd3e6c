"""What is typed as a number of the second step, or as a recovery code: told by its shape alone before it is tried.

What has not the shape of one opens nothing, so it is not counted as a wrong try.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from inquiries.typed_digits import digits_of, in_ascii
from iop_site.staff.models.authenticator import CODE_LENGTH, DIGITS

LONGEST = 64  # characters: a number or a code, and what is pasted around it


class TokenField(forms.CharField):
    """``read(typed)`` returns what to try, or raises ValidationError."""

    def __init__(self, read, **options):
        self.read = read
        super().__init__(max_length=LONGEST, **options)

    def clean(self, value):
        return self.read(super().clean(value))


def number(typed: str) -> str:
    digits = digits_of(typed)
    if len(digits) != DIGITS:
        words = _("The number has %(all)d digits. You typed %(count)d.")
        raise ValidationError(words % {"all": DIGITS, "count": len(digits)})
    return digits


def recovery_code(typed: str) -> str:
    letters = _letters(typed)
    if len(letters) != CODE_LENGTH:
        words = _("A recovery code has %(all)d letters and digits. You typed %(count)d.")
        raise ValidationError(words % {"all": CODE_LENGTH, "count": len(letters)})
    return letters


def number_or_code(typed: str) -> str:
    letters = _letters(typed)
    if len(letters) == CODE_LENGTH:
        return letters
    if len(digits_of(typed)) == DIGITS:
        return digits_of(typed)
    words = _("Type the %(digits)d digits that your phone shows, or a recovery code of %(all)d letters and digits.")
    raise ValidationError(words % {"digits": DIGITS, "all": CODE_LENGTH})


def _letters(typed: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", in_ascii(typed).upper())

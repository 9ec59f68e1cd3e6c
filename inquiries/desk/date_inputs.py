"""The browser's own inputs: those of the admin need script, and speak of the server's time."""

from datetime import date
from functools import partial

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
OF_THIS_CENTURY = _("Choose a day between the years 2000 and 2099")

# Four digits for the year, or a browser would take six.
DayInput = partial(forms.DateInput, attrs={"type": "date", "max": LAST.isoformat()}, format="%Y-%m-%d")
TimeInput = partial(forms.TimeInput, attrs={"type": "time"}, format="%H:%M")


class DayField(forms.DateField):
    """The last day that the calendar knows has no next one, and no moment in another zone."""

    widget = DayInput()
    default_validators = [MinValueValidator(FIRST, OF_THIS_CENTURY), MaxValueValidator(LAST, OF_THIS_CENTURY)]

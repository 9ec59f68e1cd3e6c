"""The browser's own inputs for a day and for a time: those of the admin need script, and speak of the server's time."""

from functools import partial

from django import forms

# Four digits for the year, or a browser would take six.
DayInput = partial(forms.DateInput, attrs={"type": "date", "max": "9999-12-31"}, format="%Y-%m-%d")
TimeInput = partial(forms.TimeInput, attrs={"type": "time"}, format="%H:%M")

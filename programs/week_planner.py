"""One possible week, drawn: an example without clock times or a sum of hours. Nothing is stored."""

from typing import NamedTuple

from django import forms
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy

# Which days stand for three, four and five of them; 0 is Monday.
DAY_SETS = {3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
DAY_NAMES = {
    3: _("Here: Monday, Wednesday, and Friday."),
    4: _("Here: Monday, Tuesday, Thursday, and Friday."),
    5: _("Here: Monday to Friday."),
}
PARTS = {
    "morning": pgettext_lazy("part of the day", "Morning"),
    "afternoon": pgettext_lazy("part of the day", "Afternoon"),
    "evening": pgettext_lazy("part of the day", "Evening"),
}
COUNTED = {
    "morning": {3: _("Three mornings"), 4: _("Four mornings"), 5: _("Five mornings")},
    "afternoon": {3: _("Three afternoons"), 4: _("Four afternoons"), 5: _("Five afternoons")},
    "evening": {3: _("Three evenings"), 4: _("Four evenings"), 5: _("Five evenings")},
}
LEFT_OPEN = {
    "morning": _("Your afternoons and evenings stay open for school, work, or caring for family."),
    "afternoon": _("Your mornings and evenings stay open for school, work, or caring for family."),
    "evening": _("Your mornings and afternoons stay open for school, work, or caring for family."),
}
HOURS = (2, 3, 4)

# Units of the drawing, which is 372 wide: a margin, then seven columns.
MARGIN, COLUMN, HEADER, ROW, CHOSEN_ROW, BAR_PITCH = 18, 48, 28, 84, 106, 13


class WeekForm(forms.Form):
    """The three choices. A value outside the usual range chooses nothing."""

    days = forms.TypedChoiceField(
        label=_("Days a week"), choices=[(number, number) for number in DAY_SETS], coerce=int, widget=forms.RadioSelect
    )
    part = forms.ChoiceField(label=_("Time of day"), choices=list(PARTS.items()), widget=forms.RadioSelect)
    hours = forms.TypedChoiceField(
        label=_("Hours each time"), choices=[(number, number) for number in HOURS], coerce=int, widget=forms.RadioSelect
    )

    @classmethod
    def asked(cls, query) -> "WeekForm":
        return cls(query if any(name in query for name in cls.base_fields) else None)

    def week(self) -> "Week | None":
        """Return the chosen week; before anything is chosen, an example."""
        if not self.is_bound:
            return Week(days=3, part="evening", hours=3)
        return Week(**self.cleaned_data) if self.is_valid() else None


class Row(NamedTuple):
    """One part of the day across the week; ``free`` and ``sessions`` are the middles of their columns."""

    label: str
    top: int
    is_chosen: bool
    free: tuple[int, ...]
    sessions: tuple[int, ...]


class Week:
    def __init__(self, days: int, part: str, hours: int):
        busy = DAY_SETS[days]
        self.counted_days, self.day_names, self.left_open = COUNTED[part][days], DAY_NAMES[days], LEFT_OPEN[part]
        self.length = gettext("%(hours)s hours each time") % {"hours": hours}
        letters = pgettext_lazy("first letters of the days, Monday first", "M T W T F S S").split()
        middles = [MARGIN + COLUMN * day + COLUMN // 2 for day in range(7)]
        self.columns = [
            {"letter": letter, "x": middles[day], "is_chosen": day in busy} for day, letter in enumerate(letters)
        ]
        self.bars = [{"y": number * BAR_PITCH, "is_filled": number < hours} for number in range(max(HOURS))]
        self.rows: list[Row] = []
        self.night_top = MARGIN + HEADER
        for name, label in PARTS.items():
            sessions = tuple(middles[day] for day in busy) if name == part else ()
            free = tuple(middle for middle in middles if middle not in sessions)
            self.rows.append(Row(label, self.night_top, name == part, free, sessions))
            self.night_top += CHOSEN_ROW if name == part else ROW

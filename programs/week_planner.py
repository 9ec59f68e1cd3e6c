"""One possible week, drawn: what a visitor may choose, within the usual ranges, and where each line of it stands.

Nothing here is stored. The drawing is an example: it has no clock times, and no sum of hours.
"""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

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
        """Return the form filled from a query string, or the empty one where the query speaks of other things."""
        return cls(query if any(name in query for name in cls.base_fields) else None)

    def week(self) -> "Week | None":
        """Return the chosen week; before anything is chosen, an example."""
        if not self.is_bound:
            return Week(days=3, part="evening", hours=3)
        return Week(**self.cleaned_data) if self.is_valid() else None


@dataclass(frozen=True)
class Row:
    """One part of the day across the week; ``free`` and ``sessions`` are the middles of their columns."""

    label: str
    top: int
    is_chosen: bool
    free: tuple[int, ...]
    sessions: tuple[int, ...]


@dataclass(frozen=True)
class Week:
    """A choice within the usual ranges: ``days`` a week, one ``part`` of the day, ``hours`` each time."""

    days: int
    part: str
    hours: int

    @property
    def counted_days(self) -> str:
        return COUNTED[self.part][self.days]

    @property
    def length(self) -> str:
        return gettext("%(hours)s hours each time") % {"hours": self.hours}

    @property
    def day_names(self) -> str:
        return DAY_NAMES[self.days]

    @property
    def left_open(self) -> str:
        return LEFT_OPEN[self.part]

    @property
    def columns(self) -> list[dict]:
        """The seven days: the letter of each, the middle of its column, and whether it has a session."""
        letters = pgettext_lazy("first letters of the days, Monday first", "M T W T F S S").split()
        return [
            {"letter": letter, "x": middle(day), "is_chosen": day in DAY_SETS[self.days]}
            for day, letter in enumerate(letters)
        ]

    @property
    def rows(self) -> list[Row]:
        """The parts of the day from top to bottom; the chosen one is higher, for the bars."""
        rows, top = [], MARGIN + HEADER
        for part, label in PARTS.items():
            is_chosen = part == self.part
            busy = DAY_SETS[self.days] if is_chosen else ()
            free = tuple(middle(day) for day in range(7) if day not in busy)
            rows.append(Row(label, top, is_chosen, free, tuple(middle(day) for day in busy)))
            top += CHOSEN_ROW if is_chosen else ROW
        return rows

    @property
    def bars(self) -> list[dict]:
        """The four bars of a session, one for an hour: how far down each stands, and whether it is filled."""
        return [{"y": number * BAR_PITCH, "is_filled": number < self.hours} for number in range(max(HOURS))]

    @property
    def night_top(self) -> int:
        return MARGIN + HEADER + ROW * (len(PARTS) - 1) + CHOSEN_ROW


def middle(day: int) -> int:
    """Return how far the middle of a day's column is from the left edge."""
    return MARGIN + COLUMN * day + COLUMN // 2

"""When an answer is due, counted in the days on which the center works."""

from datetime import datetime, timedelta

SATURDAY = 5


def first_contact_due(received_at: datetime) -> datetime:
    """Return when the first contact is due: one business day (Monday to Friday) after the inquiry came in."""
    due = received_at + timedelta(days=1)
    while due.weekday() >= SATURDAY:
        due += timedelta(days=1)
    return due

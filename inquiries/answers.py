"""The answers of an inquiry in the words that staff read."""

from django.utils.translation import gettext as _

from inquiries import phones
from inquiries.keyring import SealError
from inquiries.models import Inquiry

CHOICES = {
    "way": Inquiry.Way,
    "contact_way": Inquiry.ContactWay,
    "preferred_language": Inquiry.Language,
    "good_times": Inquiry.GoodTime,
    "relationship": Inquiry.Relationship,
    "person_knows": Inquiry.PersonKnows,
    "topics": Inquiry.Topic,
}


def in_words(inquiry: Inquiry, name: str) -> str:
    """Return one answer as it was sent last, for reading; raise SealError when it does not open."""
    latest = inquiry.latest_answers()
    return wording(name, getattr(inquiry, name) if latest is None else latest.get(name, ""))


def first_in_words(inquiry: Inquiry, name: str) -> str:
    """Return one answer as it was sent first, for reading."""
    try:
        return wording(name, getattr(inquiry, name))
    except SealError:
        return str(_("cannot be read"))


def wording(name: str, value: str) -> str:
    """Return one stored value for reading; a code that is no longer known is shown as it is."""
    if name == "phone":
        return phones.to_display(value)
    if name in CHOICES:
        labels = dict(CHOICES[name].choices)
        return ", ".join(str(labels.get(code, code)) for code in value.split())
    return value

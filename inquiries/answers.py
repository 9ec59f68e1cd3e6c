"""The answers of an inquiry in the words that staff read."""

from inquiries import phones
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
    """Return one answer for reading; raise SealError when it does not open."""
    return wording(name, getattr(inquiry, name))


def wording(name: str, value: str) -> str:
    """Return one stored value for reading; a code that is no longer known is shown as it is."""
    if name == "phone":
        return phones.to_display(value)
    if name in CHOICES:
        labels = dict(CHOICES[name].choices)
        return ", ".join(str(labels.get(code, code)) for code in value.split())
    return value

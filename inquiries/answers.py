"""The answers of an inquiry in the words that staff read."""

from django.utils.translation import gettext as _

from inquiries import phone_numbers
from inquiries.crypto.keyring import SealError
from inquiries.crypto.padding import LONG
from inquiries.models import Inquiry


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
        return phone_numbers.to_display(value)
    labels = dict(Inquiry._meta.get_field(name).codes)
    return ", ".join(str(labels.get(code, code)) for code in value.split()) if labels else value


def is_long(name: str) -> bool:
    """Whether an answer may be many words of the person's own."""
    return name in Inquiry.typed() and Inquiry.rooms()[name] == LONG

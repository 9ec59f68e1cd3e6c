"""Finding inquiries by reference, name, phone or email, over encrypted data."""

import re

from inquiries import blind_index, phones
from inquiries.keyring import SealError
from inquiries.listing.tabs import people
from inquiries.models import Inquiry

REFERENCE = re.compile(r"([A-HJ-NP-Z]{2}[2-9]{2})[\s-]?([A-HJ-NP-Z]{2})", re.IGNORECASE)
LONGEST = 254  # characters; nothing longer is stored


def find(text: str):
    """Return the inquiries that ``text`` may name, the newest first. Verify each with ``is_meant``."""
    text = text.strip()
    reference = REFERENCE.fullmatch(text)
    if reference:
        return people().filter(reference="-".join(reference.groups()).upper())
    found = Inquiry.objects.found_by(text) if 0 < len(text) <= LONGEST else Inquiry.objects.none()
    return people().filter(pk__in=found.values("pk")).order_by("-id")


def is_meant(inquiry: Inquiry, text: str) -> bool:
    """Whether ``inquiry`` really holds what was looked for, read from its answers.

    The index may meet by accident, and it still knows the answers that were sent first.
    """
    text = text.strip()
    if REFERENCE.fullmatch(text):
        return True
    try:
        latest = inquiry.latest_answers() or {}
        return any(_holds(answers, text) for answers in (_first_answers(inquiry), latest))
    except SealError:
        return False


def _first_answers(inquiry) -> dict[str, str]:
    return {name: getattr(inquiry, name) for name in ("name", "phone", "email")}


def _holds(answers: dict[str, str], text: str) -> bool:
    if "@" in text:
        return answers.get("email", "").casefold() == text.casefold()
    phone = phones.to_e164(text)
    if phone:
        return phones.to_e164(answers.get("phone", "")) == phone
    wanted = set(blind_index.words(text))
    return bool(wanted) and wanted <= set(blind_index.words(answers.get("name", "")))

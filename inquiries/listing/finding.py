"""Finding inquiries by reference, name, phone or email, over encrypted data."""

import re

from inquiries.desk.list_tabs import people
from inquiries.models import Inquiry

REFERENCE = re.compile(r"([A-HJ-NP-Z]{2}[2-9]{2})[\s-]?([A-HJ-NP-Z]{2})", re.IGNORECASE)
LONGEST = 254  # characters; nothing longer is stored


def find(text: str):
    """Return the inquiries that ``text`` names, the newest first, and those of which that cannot be read."""
    text = text.strip()
    reference = REFERENCE.fullmatch(text)
    if reference:
        return people().filter(reference="-".join(reference.groups()).upper())
    found = Inquiry.objects.found_by(text) if 0 < len(text) <= LONGEST else Inquiry.objects.none()
    return people().filter(pk__in=found.values("pk")).order_by("-id")

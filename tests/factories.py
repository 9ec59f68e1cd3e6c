"""Plainly fictitious rows for tests."""

import itertools

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from inquiries.models import Inquiry
from inquiries.receipts import SubmissionKey

ANSWERS = {
    "way": Inquiry.Way.ME,
    "page_language": "en",
    "preferred_language": "es",
    "name": "Rosa Peña",
    "contact_way": Inquiry.ContactWay.CALL,
    "phone": "+16265550142",
    "question": "Is there an evening group?",
}
_numbers = itertools.count(1)


def unsent_inquiry(**answers) -> Inquiry:
    """An inquiry as a form makes it, not stored."""
    return Inquiry(**ANSWERS | answers)


def stored_inquiry(key: SubmissionKey | None = None, **answers) -> Inquiry:
    """An inquiry that was sent."""
    return unsent_inquiry(**answers).submit(key or SubmissionKey.new())


def staff_user(*permissions, **fields):
    """A member of staff with the named permissions, like ``inquiries.view_inquiry``."""
    number = next(_numbers)
    fields = {"username": f"staff{number}", "email": f"staff{number}@example.com", "is_staff": True} | fields
    user = get_user_model().objects.create_user(password="a long pass phrase", **fields)  # noqa: S106
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user

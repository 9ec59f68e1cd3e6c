"""Plainly fictitious rows for tests."""

import itertools

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django_otp import DEVICE_ID_SESSION_KEY

from inquiries.crypto.tokens import SubmissionKey
from inquiries.models import Inquiry
from iop_site.staff.models import Authenticator

ANSWERS = {
    "way": Inquiry.Way.ME,
    "page_language": "en",
    "preferred_language": "es",
    "name": "Rosa Peña",
    "contact_way": Inquiry.ContactWay.CALL,
    "phone": "+16265550142",
    "question": "Is there an evening group?",
}
PASSWORD = "a long pass phrase"
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
    user = get_user_model().objects.create_user(password=PASSWORD, **fields)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def staff_in(*roles, **fields):
    """A member of staff with the named roles, like ``roles.INTAKE``."""
    user = staff_user(**fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles), "a role is missing"
    return user


def phone_of(user) -> Authenticator:
    """The phone of a user, set up if there is none yet."""
    return user.authenticator or Authenticator.objects.create(user=user, confirmed=True, secret="5e" * 20)


def find(client, at: str, text: str, **filters):
    """The list at ``at`` of the desk after somebody typed ``text`` into its box."""
    return client.post(f"{at}find/", {"q": text, **filters}, follow=True)


def pass_second_step(client, user):
    """Take the signed-in session of ``client`` through the second step."""
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = phone_of(user).persistent_id
    session.save()

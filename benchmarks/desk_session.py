"""A signed-in session of a member of staff for the benchmarks, made from the shell of their own throw-away site.

The first of those whom benchmarks.fill gives inquiries to, so that the list of their own is as long as it gets.
"""

from benchmarks import harness

SCRIPT = """
import time
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django_otp import DEVICE_ID_SESSION_KEY
from importlib import import_module
from iop_site.staff.models import Authenticator
from iop_site.staff.models.sessions import STARTED_AT
user, _ = get_user_model().objects.update_or_create(
    username="person0", defaults={"is_staff": True, "is_superuser": True, "first_name": "Person 0"})
device, _ = Authenticator.objects.get_or_create(user=user, defaults={"confirmed": True, "secret": "5e" * 20})
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "iop_site.staff.backends.StaffBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session[DEVICE_ID_SESSION_KEY] = device.persistent_id
session[STARTED_AT] = time.time()
session.save()
print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
"""


def cookie(environment: dict) -> str:
    """Return the value of the header Cookie of a supervisor who passed both steps of the sign-in."""
    return harness.manage(environment, "shell", "--no-imports", "-c", SCRIPT).stdout.split()[-1]

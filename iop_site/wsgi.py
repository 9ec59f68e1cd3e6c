"""The web process. It does not start with keys that do not fit the database."""

import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from iop_site.handlers import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")


def start() -> Handler:
    """Set Django up, and prove the keys before the first request."""
    django.setup(set_prefix=False)
    from inquiries.models import KeyCheck

    _ = settings.SECRET_KEY  # Django complains of a missing one only when it is first used
    KeyCheck.objects.verify_at_start()
    return Handler()


try:
    application = start()
except ImproperlyConfigured as error:
    sys.exit(f"Cannot start: {error}")

"""Where the center is, for the appointments of inquiries, which know nothing of the guide: see
``settings.APPOINTMENT_PLACE``."""

from django.utils import timezone

from programs.models import SiteProfile


def place() -> str:
    """The address that the guide shows; empty while it is not known."""
    profile = SiteProfile.objects.visible(timezone.localdate()).first()
    return profile.address if profile else ""

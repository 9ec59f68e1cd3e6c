"""How many of their own inquiries wait for whoever asks: in the bar of the desk, which asks again by itself."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inquiries.desk import list_tabs


def count(user) -> list_tabs.Bounded | None:
    """None for those who see no inquiries."""
    if not user.has_perm("inquiries.view_inquiry"):
        return None
    return list_tabs.bounded_count(list_tabs.tab_queryset(list_tabs.FOR_ME, user, timezone.now()))


@require_safe
def number(request):
    """It records nothing and prolongs nothing: nobody looked at anything."""
    counted = count(request.user)
    if counted is None:
        raise PermissionDenied
    return HttpResponse(str(counted), content_type="text/plain")

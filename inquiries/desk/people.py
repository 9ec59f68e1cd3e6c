from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _

from inquiries.models import Inquiry


def short_name(user) -> str:
    return user.get_short_name()


def owner_name(user) -> str:
    """Empty for nobody; of whoever owns an inquiry it matters that they cannot sign in any more."""
    if user is None:
        return ""
    return short_name(user) if user.is_active else _("%(name)s (switched off)") % {"name": short_name(user)}


def own_or_nobodys(user) -> tuple[Q, ...]:
    """Whose inquiries ``user`` works on before those of colleagues; one by one, as each has an
    index in the order of urgency, and for “one or the other” SQLite reads all of both."""
    return Q(owner=user), Q(owner=None), Q(owner__is_active=False)


def owners():
    """Who works on inquiries, and who owns open ones although their account is switched off."""
    left = Inquiry.objects.open().filter(owner__is_active=False).order_by().values("owner")
    return staff_who_work() | get_user_model().objects.filter(pk__in=left)


def staff_who_work():
    may = get_user_model().objects.with_perm(
        "inquiries.change_inquiry", backend="django.contrib.auth.backends.ModelBackend"
    )
    return may.filter(is_staff=True).order_by("first_name", "username")

from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.desk import dashboard as inquiries_dashboard, display
from programs import dashboard as guide_dashboard


def context(user, now=None) -> dict:
    now = now or timezone.now()
    local = timezone.localtime(now)
    return (
        {"greeting": greeting(user, now), "moment": local, "clock": display.clock(now)}
        | inquiries_dashboard.panels(user, now)
        | guide_dashboard.panels(user, local.date())
    )


def greeting(user, now) -> str:
    part = inquiries_dashboard.part_of_day(now)
    words = {"morning": _("Good morning"), "afternoon": _("Good afternoon"), "evening": _("Good evening")}
    return f"{words[part]}, {user.get_short_name()}"

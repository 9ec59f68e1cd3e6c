"""When it is a good time to call somebody again, and how many then."""

from collections import Counter

from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.contact_plans import CALLS, Plan
from inquiries.crypto import looks
from inquiries.desk import display
from inquiries.models import Inquiry, WeeklyHours
from inquiries.models.joined_plans import safe_ways


def nobody_yet(rows: list[Inquiry], now) -> str:
    """Like “Nobody before 9:00 AM, then 4.”; empty where nobody may be called at all."""
    calendar = WeeklyHours.objects.calendar(now)
    with looks.only_counted():
        ways = safe_ways(rows)
        plans = [Plan.of(one, ways[one.pk]) for one in rows]
    starts = Counter(ready[0] for plan in plans if plan.way in CALLS and (ready := plan.ready_times(now, calendar)))
    if not starts:
        return ""
    first = min(starts)
    is_today = timezone.localtime(first).date() == timezone.localtime(now).date()
    words = _("Nobody before %(time)s, then %(count)d.")
    time = display.clock(first) if is_today else display.day_and_time(first, now)
    return display.sentence(words % {"time": time, "count": starts[first]})

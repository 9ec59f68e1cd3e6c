"""What the first page of the desk tells of inquiries: who is next, how it goes, and whether everything runs."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from inquiries.desk import display, list_tabs, stats
from inquiries.desk.list_filters import SOURCES
from inquiries.models import Figure, Inquiry

CHART = {"width": 620, "height": 250, "left": 44, "right": 606, "top": 24, "bottom": 214}  # units of its viewBox
BAR_LENGTH = 250  # units of the longest bar of a table


def panels(user, now) -> dict:
    found = {}
    if user.has_perm("inquiries.view_inquiry"):
        found |= desk(user, now)
    if user.has_perm("inquiries.view_outboxnotice"):
        lines = (outbox_line(now), canary_line(now), backup_line(now), seal_line(now))
        found["health"] = [line for line in lines if line]  # what is not known is left out
    return found


def desk(user, now) -> dict:
    today = timezone.localtime(now).date()
    open_now = stats.open_now()
    person = stats.next_person(user, now)
    contact = Figure.objects.first_contact(today)
    counts, weeks = list_tabs.counts(user, now), stats.new_per_week(today)
    return {
        "counts": counts,
        "waiting": counts[list_tabs.NEEDS_WORK],
        "open_now": open_now,
        "person": person,
        "good_now": stats.good_to_call(now) if person and not person.is_good_to_reach else 0,
        "part_begins": part_begins(person, now),
        "latest": stats.latest_due(now),
        "late_aside": stats.late_aside(now),
        "refused": stats.refused_addresses(now),
        "oldest": stats.longest_waiting(now),
        "next_due": list_tabs.next_due(now),
        "contact": contact,
        "contact_median": minutes(contact.median) if contact else "",
        "contact_nine": minutes(contact.nine_of_ten) if contact else "",
        "weeks": weeks_chart(weeks),
        "sources": bars(source_rows(weeks)),
        "stages": bars(stage_rows(open_now, today)),
        "languages": bars(
            (name, f"tab=open&language={code}", open_now.by_language[code])
            for code, name in display.LANGUAGE_NAMES.items()
        ),
    }


def minutes(number: int) -> str:
    """Like ``3 h 20 min``; hours are not turned into days, as a working day has not 24."""
    hours, rest = divmod(number, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    words = _("%(hours)d h %(minutes)d min") if rest else _("%(hours)d h")
    return words % {"hours": hours, "minutes": rest}


def part_begins(person, now) -> str:
    starts = person.plan.next_start(now, person.calendar) if person and not person.is_good_to_reach else None
    if starts is None:
        return ""
    part = Inquiry.GoodTime(part_of_day(starts)).label
    words = _("%(part)s starts at %(time)s") % {"part": part, "time": display.clock(starts)}
    return display.sentence(f"{words}.")


def part_of_day(moment) -> str:
    hour = timezone.localtime(moment).hour
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"


def weeks_chart(weeks) -> dict:
    top = scale_top(max(count for _monday, count in weeks))
    step = (CHART["right"] - CHART["left"]) / len(weeks)
    room = CHART["bottom"] - CHART["top"]
    columns = []
    for place, (monday, count) in enumerate(weeks):
        height, width = round(room * count / top, 1), round(step * 0.64, 1)
        x, y = round(CHART["left"] + step * place + step * 0.18, 1), round(CHART["bottom"] - height, 1)
        bar = {"x": x, "y": y, "width": width, "height": height, "is_running": place == len(weeks) - 1}
        words = {"label": date_format(monday, _("M j")), "count": count}
        columns.append({**bar, **words, "middle": round(x + width / 2, 1), "above": round(y - 6, 1)})
    lines = [(top * part // 5, round(CHART["bottom"] - room * part / 5, 1)) for part in range(6)]
    return {**CHART, "columns": columns, "lines": lines, "says": chart_says([count for _monday, count in weeks])}


def scale_top(most: int) -> int:
    for power in range(9):
        for first in (5, 10, 20, 25, 40):
            if most <= first * 10**power:
                return first * 10**power
    return most


def chart_says(counts: list[int]) -> str:
    *before, running = counts
    last = ngettext("%(count)d last week", "%(count)d last week", before[-1]) % {"count": before[-1]}
    if before[-1] and before[-1] == max(before):
        last = _("%(last)s, the most in %(weeks)d weeks") % {"last": last, "weeks": len(counts)}
    return _("%(last)s. %(running)d so far this week.") % {"last": last, "running": running}


def bars(rows) -> list[dict]:
    """Of (label, query, count); the longest is BAR_LENGTH."""
    rows = list(rows)
    most = max((count for _label, _query, count in rows), default=0) or 1
    return [
        {"label": label, "query": query, "count": count, "length": round(BAR_LENGTH * count / most, 1)}
        for label, query, count in rows
    ]


def stage_rows(open_now, today):
    *open_stages, _last = display.STAGES
    rows = [(display.STAGES[stage], f"tab=open&stage={stage}", open_now.by_stage[stage]) for stage in open_stages]
    started = stats.started_since(today.replace(day=1))
    return [*rows, (_("5 Started this month"), "", started)]  # what happened in a month is no list


def source_rows(weeks):
    """Of those who came in during ``weeks``; what staff took down is counted apart."""
    taken_down = Figure.objects.taken_down(weeks[0][0])
    by_form = sum(count for _monday, count in weeks) - sum(taken_down.values())
    return [(_("By the form"), "", max(by_form, 0)), *((SOURCES[way], "", taken_down[way]) for way in SOURCES)]


def line(is_well, title, text="", url="", *, is_late=False) -> dict:
    return {"is_well": is_well, "title": title, "text": text, "url": url, "is_late": is_late}


def outbox_line(now) -> dict:
    outbox, url = stats.outbox(now), reverse("admin:inquiries_outboxnotice_changelist")
    waiting = _("%(count)s waiting") % {"count": outbox.waiting}
    if outbox.waiting:
        waiting = _("%(waiting)s, the oldest for %(age)s") % {"waiting": waiting, "age": display.length(outbox.age)}
    if not settings.HAS_MAIL_SERVER:
        return line(False, _("No email is sent: no mail server is set"), waiting, url, is_late=outbox.is_old)
    if not outbox.failed:
        title = _("Outbox: %s") % waiting if outbox.waiting else _("No emails waiting")
        text = _("Emails go out within a minute as a rule. Does the worker run?") if outbox.is_old else ""
        return line(not outbox.is_old, title, text, url, is_late=outbox.is_old)
    title = _("Outbox: %(count)s emails failed") % {"count": outbox.failed}
    text = _("Tried %(tries)d times.") % {"tries": outbox.tries}
    if outbox.next_try_at:
        text += " " + _("Next try: %(time)s") % {"time": display.clock(outbox.next_try_at)}
    return line(False, title, f"{text} · {waiting}", url, is_late=outbox.is_old)


def canary_line(now) -> dict | None:
    canary = stats.last_canary(now)
    if canary is None:
        return None
    at, is_through = canary
    title = _("Test inquiry went through") if is_through else _("Test inquiry is stuck")
    return line(is_through, title, display.day_and_time(at, now) if at else "")


def backup_line(now) -> dict | None:
    made_at, restored_at = stats.last_backup(now)
    if made_at is None:
        return None
    day = restored_at and date_format(timezone.localtime(restored_at), "MONTH_DAY_FORMAT")
    text = _("Last restore test: %(day)s") % {"day": day} if day else ""
    title = _("Backup is %(age)s old") % {"age": display.length(now - made_at)}
    return line((now - made_at).days < 2, title, text)


def seal_line(now) -> dict | None:
    since = stats.unsealed_since(now)
    if since is None:
        return None
    text = _("Mail, figures and the seals of the audit trail wait.")
    return line(False, _("The worker has not run for %(time)s") % {"time": display.length(now - since)}, text)

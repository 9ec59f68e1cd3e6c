"""What the first page of the desk tells of inquiries: who is next, how it goes, and whether everything runs."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inquiries.desk import charts, display, list_tabs, stats
from inquiries.models import Figure, Inquiry


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
        "weeks": charts.weeks_chart(weeks),
        "sources": charts.bars(charts.source_rows(weeks)),
        "stages": charts.bars(charts.stage_rows(open_now, today)),
        "languages": charts.bars(
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

"""The charts of the first page of the desk: what each counts, and the lengths of its bars."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from inquiries.desk import display, stats
from inquiries.desk.list_filters import SOURCES
from inquiries.models import Figure

CHART = {"width": 620, "height": 250, "left": 44, "right": 606, "top": 24, "bottom": 214}  # units of its viewBox
BAR_LENGTH = 250  # units of the longest bar of a table


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

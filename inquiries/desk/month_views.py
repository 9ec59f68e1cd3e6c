"""The page of one month, and the same numbers as a table for a spreadsheet."""

import csv
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inquiries.desk.export_formats import UTF_8, Line, safe
from inquiries.desk.month import Month, Shown, first_day, next_month
from inquiries.desk.pages import EXPORT, DeskPages
from inquiries.models import Event


class MonthPage(DeskPages):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [path("month/", wrap(self.month_view), name="inquiries_inquiry_month"), *super().get_urls()]

    def month_view(self, request):
        """A GET shows the numbers; a POST takes them out of the desk, and that is recorded first."""
        if not request.user.has_perm(EXPORT):
            raise PermissionDenied
        now, asked = timezone.now(), request.POST if request.method == "POST" else request.GET
        today = timezone.localtime(now).date()
        first = first_day(asked.get("month", ""), today)
        shown = Shown(Month.read(first, now), outside="outside" in asked)
        if request.method == "POST":
            return taken_out(request.user, shown)
        following = next_month(first)
        context = {
            "shown": shown,
            "name": date_format(first, "YEAR_MONTH_FORMAT"),
            "code": code_of(first),
            "earlier": code_of(first - timedelta(days=1)),
            "later": code_of(following) if following <= today else "",
            "is_running": following > today,
            "title": _("The numbers of a month"),
        }
        return self.page(request, "month.html", **context)


def code_of(day) -> str:
    return f"{day:%Y-%m}"


def taken_out(user, shown: Shown) -> HttpResponse:
    code, use = code_of(shown.month.first), "outside" if shown.outside else "inside"
    Event.objects.create(verb=Event.Verb.EXPORTED, actor=user, detail=f"month,{code},{use}")
    lines = [csv.writer(Line(), quoting=csv.QUOTE_ALL).writerow(map(safe, row)) for row in rows_of(shown)]
    response = HttpResponse([UTF_8, *lines], content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="inquiries-month-{code}-{use}.csv"'
    return response


def rows_of(shown: Shown):
    """Each number with what it counts. The first line says whom the file is for."""
    yield [said_of(shown), code_of(shown.month.first)]
    yield [_("Table"), _("Row"), _("Number")]
    for label, number in shown.numbers:
        yield ["", label, number]
    for _code, heading, rows in shown.tables:
        for label, number in rows:
            yield [heading, label, number]


def said_of(shown: Shown) -> str:
    if shown.outside:
        return _("For use outside: rounded to the nearest ten, without small numbers, and no member of staff is named.")
    return _("For use inside the center only: small numbers can point at one person.")

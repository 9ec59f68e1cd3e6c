"""What one view of the list shows, in a fixed number of queries."""

from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from inquiries.desk import display, list_tabs
from inquiries.desk.good_times import nobody_yet
from inquiries.desk.list_filters import PARAMETERS, FilterForm
from inquiries.desk.list_rows import rows_for
from inquiries.models import Inquiry, InquiryText, SavedView
from inquiries.models.search import MOST_FOUND

PER_PAGE = 25
LAST_PAGE = list_tabs.BOUND // PER_PAGE  # who looks further should narrow the list
READ = ("name", "contact_way", "phone", "email", "good_times", "topics", "danger_read")  # by a row of the list
NOT_READ = tuple(name for name in Inquiry.PERSONAL_FIELDS if name not in READ)


class ListPage:
    """One page of one tab, narrowed by the filters; or what was found, in all tabs."""

    def __init__(self, data, user, now, looked_for: str = ""):
        self.user, self.now, self.query = user, now, looked_for
        self.form = FilterForm(data)
        self.tab = "" if self.query else self.form.chosen_tab
        self.number = min(self.form.value("page") or 1, LAST_PAGE)
        self.first = (self.number - 1) * PER_PAGE + 1
        self.is_bounded = False  # whether there may be more than were read to know whether they fit

    def _read(self, start: int, stop: int) -> list:
        rows = self.form.narrow(Inquiry.objects.from_people().find(self.query) if self.query else self._rows_of_tab)
        rows = rows[start:stop] if self.query else list_tabs.by_ids(rows, start, stop)
        amendments = InquiryText.objects.filter(kind=InquiryText.Kind.AMENDMENT)
        return list(
            rows.select_related("owner", "claimed_by").prefetch_related(Prefetch("texts", amendments)).defer(*NOT_READ)
        )

    @cached_property
    def looks_from(self):
        return list_tabs.oldest_looked_at(self.tab, self._looked_through) if self.form.is_narrowed else None

    @property
    def _looked_through(self) -> int:
        return list_tabs.BOUND if self.form.must_read else list_tabs.LOOKED_THROUGH

    @property
    def _rows_of_tab(self):
        rows = list_tabs.tab_queryset(self.tab, self.user, self.now)
        return list_tabs.newest_of(rows, self.tab, self.looks_from, self._looked_through) if self.looks_from else rows

    @cached_property
    def _fitting(self):
        """The inquiries of this page and one more, if there are more; and how many there are, if that is known."""
        start = self.first - 1
        if not self.query and not self.form.must_read:
            return self._read(start, start + PER_PAGE + 1), None
        bound = MOST_FOUND if self.query else list_tabs.BOUND
        read = self._read(0, bound)
        self.is_bounded = len(read) == bound
        fitting = self.form.fitting(read, self.now)
        return fitting[start : start + PER_PAGE + 1], len(fitting)

    @cached_property
    def rows(self):
        return rows_for(self._fitting[0][:PER_PAGE], self.now)

    @cached_property
    def counts(self):
        return list_tabs.counts(self.user, self.now)

    @cached_property
    def total(self) -> list_tabs.Bounded:
        if self._fitting[1] is not None:
            return list_tabs.Bounded(self._fitting[1])
        if not self.form.is_narrowed and self.tab in self.counts:
            return self.counts[self.tab]
        return list_tabs.bounded_count(self.form.narrow(self._rows_of_tab))

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def next_query(self) -> str:
        more = len(self._fitting[0]) > PER_PAGE and self.number < LAST_PAGE
        return self.link(page=self.number + 1) if more else ""

    @property
    def previous_query(self) -> str:
        return self.link(page=self.number - 1) if self.number > 1 else ""

    @property
    def is_cut(self) -> bool:
        return len(self._fitting[0]) > PER_PAGE and self.number == LAST_PAGE

    def link(self, **changes) -> str:
        values = {name: self.form.value(name) for name in PARAMETERS if name != "page"} | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})

    @property
    def tab_links(self):
        return [
            {"code": code, "label": label, "count": self.counts.get(code), "is_current": code == self.tab}
            for code, label in list_tabs.LABELS.items()
            if code != list_tabs.FOR_ME or code == self.tab  # the bar of the desk leads there
        ]

    @cached_property
    def views(self):
        return sorted(SavedView.objects.filter(user=self.user), key=lambda view: view.title.casefold())

    @property
    def kept_query(self) -> str:
        return urlencode(self.form.kept())

    @property
    def day(self) -> str:
        """With what is overdue, all that needs work."""
        count = {day: self.counts[day] for day in ("later", "tomorrow", "after")}
        words = {
            "later": ngettext(
                "%(count)s first contact due later today",
                "%(count)s first contacts due later today",
                count["later"].number,
            ),
            "tomorrow": ngettext(
                "%(count)s first contact due tomorrow",
                "%(count)s first contacts due tomorrow",
                count["tomorrow"].number,
            ),
            "after": ngettext(
                "%(count)s first contact due after that",
                "%(count)s first contacts due after that",
                count["after"].number,
            ),
        }
        return ", ".join(text % {"count": count[day]} for day, text in words.items() if count[day])

    @property
    def how_far(self) -> str:
        if self.is_bounded and not self.query and not self.looks_from:
            return _("This filter looks at the %(count)d most urgent ones.") % {"count": list_tabs.BOUND}
        if not self.looks_from:
            return ""
        day = date_format(timezone.localtime(self.looks_from), "DATE_FORMAT")
        return _("Filters look back to %(day)s here. Find older ones by name or reference.") % {"day": day}

    @property
    def empty(self) -> str:
        if self.form.value("now") and not self.query:
            rows = self.form.fitting_at_any_time(self._read(0, list_tabs.BOUND))
            if words := nobody_yet(rows, self.now):
                return " ".join(filter(None, (words, self.how_far)))
        if self.query or self.form.is_narrowed:
            return " ".join(filter(None, (_("No inquiry fits."), self.how_far)))
        if self.tab != list_tabs.NEEDS_WORK:
            return str(list_tabs.EMPTY[self.tab])
        if when := list_tabs.next_due(self.now):
            return display.sentence(_("Nothing to do now. Next due: %(when)s.") % {"when": when})
        return _("Nothing to do now.")

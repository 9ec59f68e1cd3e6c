"""Who else is at a case just now, and who comes next: nobody is called twice, and nobody is locked out."""

from functools import cached_property

from django.utils.translation import gettext as _

from inquiries.desk import display, list_tabs
from inquiries.desk.list_filters import FilterForm
from inquiries.desk.people import own_or_nobodys, short_name
from inquiries.models import Event
from inquiries.models.claims import LASTS, free_for

CAME_FROM = "list"  # of the session: the codes of the list that was shown last, never what was searched for
MOST_COUNTED = 501


def in_hand_of_another(claim) -> str:
    return _("%(name)s has this person in hand since %(time)s.") % {
        "name": short_name(claim.by),
        "time": display.clock(claim.at),
    }


class Company:
    """For the case, which has ``inquiry``, ``user``, ``now`` and ``came_from``."""

    @cached_property
    def claim(self):
        return self.inquiry.claim_at(self.now)

    @property
    def is_in_my_hand(self) -> bool:
        return bool(self.claim) and self.claim.by == self.user

    @property
    def in_hand(self) -> str:
        if not self.claim:
            return ""
        if self.is_in_my_hand:
            return display.sentence(_("In your hand until %(time)s.") % {"time": display.clock(self.claim.until)})
        return display.sentence(in_hand_of_another(self.claim))

    @property
    def also_opened(self) -> str:
        """That a colleague opened it just now, who has it not in hand."""
        opened = self.inquiry.events.filter(verb=Event.Verb.OPENED, at__gt=self.now - LASTS)
        event = opened.exclude(actor=self.user).select_related("actor").first()
        if not event or (self.claim and self.claim.by == event.actor):
            return ""
        words = {"name": short_name(event.actor), "time": display.length(self.now - event.at)}
        return _("%(name)s opened it %(time)s ago") % words

    @cached_property
    def walk(self) -> dict:
        return Walk(self.inquiry, self.user, self.now, self.came_from).told()


class Walk:
    """The list one came from, from one inquiry on."""

    def __init__(self, inquiry, user, now, came_from: dict):
        form = FilterForm(came_from)
        self.form = form if form.chosen_tab != "closed" else FilterForm({})
        self.inquiry, self.user, self.now, self.tab = inquiry, user, now, self.form.chosen_tab
        self.by = list_tabs.ARCHIVE_TABS.get(self.tab, "due_at")
        self.rows = self.form.narrow(list_tabs.tab_queryset(self.tab, user, now))

    def told(self) -> dict:
        at, pk, place = getattr(self.inquiry, self.by), self.inquiry.pk, None
        others = after = self.rows.exclude(pk=pk)
        if at and self.rows.filter(pk=pk).exists():
            after = self.rows.after(at, pk, self.by)
            if not self.form.must_read:
                place = 1 + len(self.rows.before(at, pk, self.by).values_list("pk")[:MOST_COUNTED])
        count = len(self.rows.values_list("pk")[:MOST_COUNTED])
        total = f"{MOST_COUNTED - 1}+" if count == MOST_COUNTED else count
        return {
            "place": place,
            "count": total,
            "next": self._next(after, others),
            "is_part": self.form.is_narrowed or self.tab != list_tabs.NEEDS_WORK,
        }

    def _next(self, after, others) -> int | None:
        """What a colleague has or owns comes only when nothing else is left."""
        free = free_for(self.user, self.now)
        for rows in (after, others):
            if found := self._first_of([rows.filter(free, whose) for whose in own_or_nobodys(self.user)]):
                return found
        return self._first_of([after.filter(free)]) or self._first_of([after])

    def _first_of(self, choices) -> int | None:
        found = [one for rows in choices if (one := self._first(rows))]
        return min(found, key=lambda one: (getattr(one, self.by), one.pk)).pk if found else None

    def _first(self, rows):
        if not self.form.must_read:
            return rows.only("pk", self.by).first()
        read = list(list_tabs.by_ids(rows, 0, list_tabs.BOUND).prefetch_related("texts"))
        return next(iter(self.form.fitting(read, self.now)), None)

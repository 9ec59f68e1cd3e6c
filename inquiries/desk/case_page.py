"""What the page of one inquiry shows, gathered once for its templates."""

from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inquiries.contact_plans import NEEDED, Plan
from inquiries.crypto.keyring import SealError
from inquiries.desk import display
from inquiries.desk.actions import BY_NAME, CHANGE, IN_BAR, IN_MORE, offered
from inquiries.desk.people import short_name
from inquiries.desk.timeline import timeline, tries
from inquiries.models import Event, Inquiry, InquiryText

MOST_COUNTED = 501


class Case:
    """One inquiry as its page shows it to ``user`` at ``now``."""

    def __init__(self, inquiry: Inquiry, user, now):
        self.inquiry, self.user, self.now = inquiry, user, now
        self.plan = Plan.of(inquiry)
        self.reference = inquiry.reference

    # Who, and how late

    @property
    def name(self) -> str:
        return display.answer(self.inquiry, "name") or self.reference

    @property
    def first_name(self) -> str:
        return next(iter(display.answer(self.inquiry, "name").split()), _("this person"))

    @property
    def waiting(self) -> str:
        return display.length(self.now - self.inquiry.received_at)

    @property
    def is_late(self) -> bool:
        return bool(self.inquiry.due_at) and self.inquiry.due_at <= self.now

    @property
    def next_action(self) -> str:
        return display.next_action(self.inquiry)

    @property
    def planned_before(self) -> str:
        """What was planned when the sender wrote, if that waits now."""
        is_put_off = self.inquiry.is_in_work and self.inquiry.action_due != self.inquiry.next_action
        return str(self.inquiry.get_next_action_display()) if is_put_off else ""

    @property
    def late(self) -> str:
        """How late the next action is, or until when there is time."""
        if self.is_late and self.now - self.inquiry.due_at < timedelta(minutes=1):
            return _("%(action)s is due now") % {"action": self.next_action}
        if self.is_late:
            late = display.length(self.now - self.inquiry.due_at)
            return _("%(action)s is %(time)s late") % {"action": self.next_action, "time": late}
        ahead = display.length(self.inquiry.due_at - self.now)
        return _("%(action)s in %(time)s") % {"action": self.next_action, "time": ahead}

    @property
    def due(self) -> str:
        words = _("Was due %(time)s") if self.is_late else _("Due %(time)s")
        return words % {"time": display.day_and_clock(self.inquiry.due_at)}

    @property
    def ended(self) -> str:
        if self.inquiry.erased_at:
            return _("Erased %(time)s") % {"time": display.day_and_clock(self.inquiry.erased_at)}
        if self.inquiry.closed_at:
            words = _("Closed %(time)s: %(outcome)s. Told: %(told)s.")
            if self.inquiry.told == Inquiry.Told.NOT_TOLD:
                words = _("Closed %(time)s: %(outcome)s. The person was not told.")
            return words % {
                "time": display.day_and_clock(self.inquiry.closed_at),
                "outcome": self.inquiry.get_outcome_display(),
                "told": self.inquiry.get_told_display(),
            }
        if self.inquiry.set_aside_at:
            by = {"day": display.day_and_clock(self.inquiry.decide_by()), "reasons": self.inquiry.screening_reasons}
            if not self.inquiry.screening_reasons:
                return display.sentence(_("Set aside by staff as a robot. Look at it by %(day)s.") % by)
            return display.sentence(_("Set aside as a robot: %(reasons)s. Look at it by %(day)s.") % by)
        return ""

    @property
    def tells_of_danger(self) -> bool:
        return not self.inquiry.erased_at and self.inquiry.tells_of_danger

    # How to reach

    @property
    def reach_words(self) -> str:
        """The number or the address that the chosen way needs; empty when it needs none or cannot be read."""
        needed = NEEDED.get(self.inquiry.reach_way)
        return display.answer(self.inquiry, needed) if needed else ""

    @property
    def reach_value(self) -> str:
        """The same as it is stored, which a link is made of."""
        needed = NEEDED.get(self.inquiry.reach_way)
        try:
            return self.inquiry.latest(needed) if needed else ""
        except SealError:
            return ""

    @property
    def hour(self) -> str:
        start = self.plan.next_start(self.now)
        if self.plan.is_good_now(self.now):
            suits = _("This is a good time.")
        elif start:
            suits = _("Their good time starts at %(time)s.") % {"time": display.clock(start)}
        else:
            suits = _("Their good time is over for today.")
        it_is = _("It is %(time)s.") % {"time": display.clock(self.now)}
        return display.sentence(f"{it_is} {suits}")

    @property
    def ready(self):
        """The moment that one button sets, when it is too early now: (value, words)."""
        start = self.plan.next_start(self.now)
        if not start or self.plan.is_good_now(self.now) or not self.inquiry.is_in_work or not self.may_change:
            return None
        return f"{timezone.localtime(start):%Y-%m-%dT%H:%M}", display.clock(start)

    @property
    def may_change(self) -> bool:
        return self.user.has_perm(CHANGE)

    @property
    def bar(self):
        return offered(self.inquiry, self.user, IN_BAR)

    @property
    def more(self):
        return offered(self.inquiry, self.user, IN_MORE)

    def allows(self, name: str) -> bool:
        verb = BY_NAME[name]
        return verb.when(self.inquiry) and self.may_change and self.user.has_perm(verb.right)

    @property
    def allows_note(self) -> bool:
        return self.allows("note")

    # How far

    @property
    def steps(self) -> list[dict]:
        stages = list(Inquiry.Stage)
        place = stages.index(self.inquiry.stage)
        return [
            {
                "number": number + 1,
                "name": stage.label,
                "state": "done" if number < place else "now" if number == place else "later",
                "line": self._step_line(number, place),
                "ticks": self._ticks() if stage == Inquiry.Stage.PAPERWORK else [],
            }
            for number, stage in enumerate(stages)
        ]

    def _step_line(self, number, place) -> str:
        if number == place and self.inquiry.due_at:
            who = _("Now: them.") if self.inquiry.action_due == Inquiry.NextAction.WAIT else _("Now: us.")
            return f"{who} {self.due}"
        if number == 0:
            return date_format(timezone.localtime(self.inquiry.received_at), _("D, F j"))
        has_ticks = list(Inquiry.Stage)[number] == Inquiry.Stage.PAPERWORK
        return "" if number <= place or has_ticks else _("Not yet")

    def _ticks(self) -> list[dict]:
        pairs = (("referral", _("Referral")), ("insurance", _("Insurance")))
        return [
            {
                "label": label,
                "is_done": getattr(self.inquiry, f"{name}_settled_at") is not None,
                "verb": BY_NAME[name] if self.allows(name) else None,
            }
            for name, label in pairs
        ]

    # What was said

    @property
    def answers(self) -> list[tuple]:
        """(label, words, is long, is from the latest change) of every answer that was given."""
        inquiry, changed = self.inquiry, self._changed()
        given = ((name, display.answer(inquiry, name)) for name in inquiry.ANSWERS)
        return [(label_of(name), words, display.is_long(name), name in changed) for name, words in given if words]

    @property
    def asks_nothing(self) -> bool:
        return not self.inquiry.erased_at and not display.answer(self.inquiry, "question")

    @property
    def unknowing(self) -> str:
        """A warning that the person asked about may not know, or an empty text."""
        try:
            code = self.inquiry.latest("person_knows")
        except SealError:
            return ""
        return {
            Inquiry.PersonKnows.NO: _("The person does not know that someone is asking."),
            Inquiry.PersonKnows.NOT_SURE: _("The person may not know that someone is asking."),
        }.get(code, "")

    def _changed(self) -> list[str]:
        inquiry = self.inquiry
        try:
            latest = inquiry.latest_answers()
        except SealError:
            return []
        return [] if latest is None else [n for n in inquiry.ANSWERS if latest.get(n, "") != first_value(inquiry, n)]

    @property
    def first_answers(self) -> list[tuple]:
        """(label, words) of the answers that the sender changed later, as they were first."""
        return [(label_of(name), display.first_answer(self.inquiry, name) or "–") for name in self._changed()]

    @property
    def additions(self) -> list[tuple]:
        """(when, words) of what the sender added later, the oldest first."""
        found = [text for text in self.inquiry.texts.all() if text.kind == InquiryText.Kind.ADDITION]
        return [(display.day_and_clock(text.created_at), display.body_of(text)) for text in reversed(found)]

    @property
    def words_language(self) -> str:
        return "es" if self.inquiry.page_language == "es" else "en"

    @property
    def timeline(self):
        return timeline(self.inquiry, self.now)

    # The others

    @property
    def owner(self) -> str:
        return short_name(self.inquiry.owner) if self.inquiry.owner else ""

    @cached_property
    def linked(self) -> list[tuple]:
        return [(other, state_of(other)) for other in self.inquiry.linked()]

    @property
    def is_one_of_two(self) -> bool:
        """Whether this one, or a linked one, was closed because the other goes on."""
        ends = {self.inquiry.outcome, *(other.outcome for other, _state in self.linked)}
        return not ends.isdisjoint(Inquiry.UNSEEN_ENDS)

    @cached_property
    def duplicates(self) -> list[dict]:
        """Tell apart those that could be of the same person: name, what is the same, state, and when each came in."""
        if self.inquiry.erased_at:
            return []
        return [
            {
                "inquiry": other,
                "name": display.answer(other, "name"),
                "same": ", ".join(str(what) for what in same),
                "state": state_of(other),
                "came": date_format(timezone.localtime(other.received_at), "DATE_FORMAT"),
                "is_repeat": other.repeats(self.inquiry) or self.inquiry.repeats(other),
            }
            for other, same in self.inquiry.possible_duplicates()
        ]

    @cached_property
    def walk(self) -> dict:
        """Where this inquiry stands in the list of work, and which comes next."""
        rows = Inquiry.objects.filter(is_canary=False).needs_work(self.now).most_urgent_first()
        count = len(rows.values_list("pk")[:MOST_COUNTED])
        due_at, pk = self.inquiry.due_at, self.inquiry.pk
        after = rows.exclude(pk=pk)
        is_in = bool(due_at) and rows.filter(pk=pk).exists()
        place = None
        if is_in:
            place = 1 + len(rows.before(due_at, pk).values_list("pk")[:MOST_COUNTED])
            after = rows.after(due_at, pk)
        following = after.values_list("pk", flat=True).first()
        total = f"{MOST_COUNTED - 1}+" if count == MOST_COUNTED else count
        return {"place": place, "count": total, "next": following}

    @property
    def tried(self) -> list[tuple]:
        """(when, what came of it and by whom) of the contact tries, the latest first."""
        return tries(self.inquiry)

    @property
    def erased_on(self) -> str:
        """The day on which the personal data goes, if the inquiry is closed now."""
        day = timezone.localtime(self.now) + timedelta(days=settings.RETENTION_DAYS)
        return date_format(day, "DATE_FORMAT")

    @property
    def set_by(self) -> str:
        """Who said what comes next, and when; empty when nobody did yet."""
        event = self.inquiry.events.filter(verb=Event.Verb.NEXT_SET).select_related("actor").first()
        if not event or not event.actor or not self.inquiry.due_at:
            return ""
        return _("Set by %(name)s, %(time)s") % {
            "name": short_name(event.actor),
            "time": display.day_and_clock(event.at),
        }

    @property
    def tries(self) -> str:
        count = self.inquiry.tries
        return ngettext("%(count)d contact try", "%(count)d contact tries", count) % {"count": count}


def first_value(inquiry, name) -> str | None:
    try:
        return getattr(inquiry, name)
    except SealError:
        return None


def label_of(name: str) -> str:
    return Inquiry._meta.get_field(name).verbose_name


def state_of(inquiry) -> str:
    if inquiry.closed_at:
        return _("closed: %(outcome)s") % {"outcome": inquiry.get_outcome_display()}
    return _("set aside") if inquiry.set_aside_at else _("open, %(stage)s") % {"stage": inquiry.get_stage_display()}

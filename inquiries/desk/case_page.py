"""What the page of one inquiry shows, gathered once for its templates."""

from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from inquiries.contact_plans import Plan
from inquiries.crypto.keyring import opened
from inquiries.desk import appointments, display
from inquiries.desk.actions import BY_NAME, CHANGE, IN_BAR, IN_MORE, IN_REACH, offered
from inquiries.desk.case_company import Company
from inquiries.desk.case_reach import Reach
from inquiries.desk.people import owner_name, short_name
from inquiries.desk.timeline import notes, timeline, tries
from inquiries.desk.undoing import undoable
from inquiries.models import Event, Inquiry, InquiryText


class Case(Company, Reach):
    def __init__(self, inquiry: Inquiry, user, now, came_from: dict | None = None):
        self.inquiry, self.user, self.now, self.came_from = inquiry, user, now, came_from or {}
        self.plan = Plan.of(inquiry, inquiry.safe_way)
        self.reference = inquiry.reference
        self.owner = owner_name(inquiry.owner)
        self.waiting = display.length(now - inquiry.received_at)
        self.is_late = bool(inquiry.due_at) and inquiry.due_at <= now
        self.next_action = display.next_action(inquiry)
        self.words_language = "es" if inquiry.page_language == "es" else "en"
        self.may_change = user.has_perm(CHANGE)
        places = (IN_BAR, IN_MORE, IN_REACH)
        self.bar, self.more, self.claims = (offered(inquiry, user, place) for place in places)

    # Who, and how late

    @property
    def name(self) -> str:
        return display.answer(self.inquiry, "name") or self.reference

    @property
    def first_name(self) -> str:
        name = display.answer(self.inquiry, "name")
        if self.inquiry.way == Inquiry.Way.REFER:  # of a professional the first word may be a title
            return name or _("this person")
        return next(iter(name.split()), _("this person"))

    @property
    def planned_before(self) -> str:
        answer = Inquiry.NextAction.ANSWER
        is_put_off = self.inquiry.is_in_work and self.inquiry.action_due == answer != self.inquiry.next_action
        return str(self.inquiry.get_next_action_display()) if is_put_off else ""

    @property
    def late(self) -> str:
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
    def is_appointment(self) -> bool:
        return appointments.is_planned(self.inquiry)

    @property
    def ended(self) -> str:
        if self.inquiry.withdrawn_at:
            return _("Taken back by the sender %(time)s") % {"time": display.day_and_clock(self.inquiry.withdrawn_at)}
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

    def allows(self, name: str) -> bool:
        verb = BY_NAME[name]
        return verb.when(self.inquiry) and verb.is_allowed(self.inquiry, self.user)

    @property
    def allows_note(self) -> bool:
        return self.allows("note")

    @property
    def allows_message(self) -> bool:
        return self.allows("message")

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
            theirs = (Inquiry.NextAction.WAIT, Inquiry.NextAction.NEW_ADDRESS)
            who = _("Now: them.") if self.inquiry.action_due in theirs else _("Now: us.")
            return f"{who} {self.due}"
        if number == 0:
            return date_format(timezone.localtime(self.inquiry.received_at), _("D, F j"))
        has_ticks = list(Inquiry.Stage)[number] == Inquiry.Stage.PAPERWORK
        return "" if number <= place or has_ticks else _("Not yet")

    def _ticks(self) -> list[dict]:
        done = {"referral": self.inquiry.referral_settled_at, "insurance": self.inquiry.insurance_settled_at}
        verbs = {name: BY_NAME[name] if self.allows(name) else None for name in done}
        labels = {"referral": _("Referral"), "insurance": _("Insurance")}
        return [{"label": labels[name], "is_done": bool(at), "verb": verbs[name]} for name, at in done.items()]

    # What was said

    @property
    def answers(self) -> list[tuple]:
        """(label, words, is long, is from the latest change) of each."""
        inquiry, changed = self.inquiry, self._changed()
        given = ((name, display.answer(inquiry, name)) for name in inquiry.ANSWERS)
        return [
            (display.label_of(name), words, display.is_long(name), name in changed) for name, words in given if words
        ]

    @property
    def asks_nothing(self) -> bool:
        return not self.inquiry.erased_at and not display.answer(self.inquiry, "question")

    @property
    def unknowing(self) -> str:
        warnings = {
            Inquiry.PersonKnows.NO: _("The person does not know that someone is asking."),
            Inquiry.PersonKnows.NOT_SURE: _("The person may not know that someone is asking."),
        }
        return warnings.get(opened(lambda: self.inquiry.latest("person_knows")), "")

    def _changed(self) -> list[str]:
        inquiry = self.inquiry
        latest = opened(inquiry.latest_answers, otherwise=None)
        return [] if latest is None else [n for n in inquiry.ANSWERS if latest.get(n, "") != inquiry.first(n)]

    @property
    def first_answers(self) -> list[tuple]:
        return [(display.label_of(name), display.first_answer(self.inquiry, name) or "–") for name in self._changed()]

    @property
    def additions(self) -> list[tuple]:
        found = [text for text in self.inquiry.texts.all() if text.kind == InquiryText.Kind.ADDITION]
        return [(display.day_and_clock(text.created_at), display.body_of(text)) for text in reversed(found)]

    @property
    def timeline(self):
        last = undoable(self.inquiry, self.user, self.now)
        return timeline(self.inquiry, self.now, last)

    # The others

    @cached_property
    def linked(self) -> list[tuple]:
        return [(other, state_of(other)) for other in self.inquiry.linked()]

    @property
    def is_one_of_two(self) -> bool:
        ends = {self.inquiry.outcome, *(other.outcome for other, _state in self.linked)}
        return not ends.isdisjoint(Inquiry.UNSEEN_ENDS)

    @cached_property
    def duplicates(self) -> list[dict]:
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

    @property
    def tried(self) -> list[tuple]:
        return tries(self.inquiry)

    @property
    def notes(self) -> list[tuple]:
        return notes(self.inquiry)

    @property
    def erased_on(self) -> str:
        day = timezone.localtime(self.now) + timedelta(days=settings.RETENTION_DAYS)
        return date_format(day, "DATE_FORMAT")

    @property
    def set_by(self) -> str:
        event = self.inquiry.standing_events.filter(verb=Event.Verb.NEXT_SET).select_related("actor").first()
        if not event or not event.actor or not self.inquiry.due_at:
            return ""
        words = {"name": short_name(event.actor), "time": display.day_and_clock(event.at)}
        return _("Set by %(name)s, %(time)s") % words

    @property
    def tries(self) -> str:
        count = self.inquiry.tries
        return ngettext("%(count)d contact try", "%(count)d contact tries", count) % {"count": count}


def state_of(inquiry) -> str:
    if inquiry.withdrawn_at:
        return _("taken back by the sender")
    if inquiry.closed_at:
        return _("closed: %(outcome)s") % {"outcome": inquiry.get_outcome_display()}
    return _("set aside") if inquiry.set_aside_at else _("open, %(stage)s") % {"stage": inquiry.get_stage_display()}

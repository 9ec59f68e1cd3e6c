"""The timeline of an inquiry in the words that staff read: by local day, the newest first."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from inquiries.desk.display import body_of, clock, day_and_clock, day_in_words, label_of, weekday_and_day
from inquiries.desk.people import short_name
from inquiries.models import Event, Inquiry, InquiryText

Verb = Event.Verb
MOST_SHOWN = 200
MOST_TRIES = 10
AT_WORK = timedelta(hours=1)  # that an opening counts as the same visit
BY_SENDER = (Verb.AMENDED, Verb.PLAN_CHANGED, Verb.REPEATED, Verb.ADDED, Verb.WITHDRAWN, Verb.STATUS_READ)
ICONS = {
    Verb.RECEIVED: "inbox",
    Verb.TAKEN_DOWN: "pencil",
    Verb.OPENED: "eye",
    Verb.STATUS_READ: "eye",
    Verb.AMENDED: "message-square-plus",
    Verb.PLAN_CHANGED: "message-square-plus",
    Verb.WORDS_READ: "eye",
    Verb.ADDED: "message-square-plus",
    Verb.CLAIMED: "hand",
    Verb.TAKEN: "hand",
    Verb.HANDED_OVER: "hand",
    Verb.TRIED: "phone",
    Verb.REACHED: "phone",
    Verb.MESSAGED: "message-square",
    Verb.CORRECTED: "pencil",
    Verb.NEXT_SET: "calendar",
    Verb.MOVED_ON: "arrow-right",
    Verb.REFERRAL_SETTLED: "check",
    Verb.INSURANCE_SETTLED: "check",
    Verb.LINKED: "link",
    Verb.CLOSED: "circle-check",
    Verb.UNDONE: "history",
    Verb.PRINTED: "printer",
    Verb.CODE_GIVEN: "phone",
}
AGREED = {
    Inquiry.CameBy.PHONE: gettext_lazy("Agreed to be contacted: said on the phone."),
    Inquiry.CameBy.VISIT: gettext_lazy("Agreed to be contacted: said in the visit."),
    Inquiry.CameBy.LETTER: gettext_lazy("Agreed to be contacted: in the letter, or when we asked."),
}
# What the sender added stands with the answers.
OWN_WORDS = (InquiryText.Kind.NOTE, InquiryText.Kind.MESSAGE, InquiryText.Kind.HOLD)


@dataclass(frozen=True)
class Entry:
    at: datetime
    icon: str
    what: str
    who: str
    more: str
    words: str
    is_of_sender: bool
    is_undone: bool
    undoes: int | None  # the version that a button takes back, where it can

    @property
    def time(self) -> str:
        return clock(self.at)


def timeline(inquiry: Inquiry, now, last=None) -> list[tuple[str, list[Entry]]]:
    """That somebody came past the name, on the way to a verb or on the first page, is for the audit alone. ``last`` is
    the change that can still be undone."""
    events = list(inquiry.events.exclude(verb=Verb.SEEN).select_related("actor")[:MOST_SHOWN])
    texts = {text.uid: text for text in inquiry.texts.all()}
    people = people_named(events)
    undoes = {last.event_ids[0]: last.version} if last else {}
    entries = [
        entry_of(event, texts.get(event.text_id), people, event.pk in inquiry.undone, undoes.get(event.pk))
        for event in without_repeats(events)
    ]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    today = timezone.localtime(now).date()
    by_day = itertools.groupby(entries, key=lambda entry: timezone.localtime(entry.at).date())
    return [(day_in_words(day, today), list(group)) for day, group in by_day]


def tries(inquiry: Inquiry) -> list[tuple[str, str]]:
    events = inquiry.standing_events.filter(verb__in=(Verb.TRIED, Verb.REACHED)).select_related("actor")[:MOST_TRIES]
    return [(day_and_clock(event.at), f"{result_of(event)} · {short_name(event.actor)}") for event in events]


def notes(inquiry: Inquiry) -> list[tuple[str, str]]:
    """What colleagues wrote down, the newest first."""
    texts = {text.uid: text for text in inquiry.texts.all() if text.kind == InquiryText.Kind.NOTE}
    events = inquiry.events.filter(text_id__in=texts).select_related("actor")
    return [
        (f"{day_and_clock(event.at)} · {short_name(event.actor)}", body_of(texts[event.text_id])) for event in events
    ]


def without_repeats(events):
    """Leave out an opening by somebody at work on it already, as each verb ends on the page; the audit has all."""
    for event, earlier in itertools.zip_longest(events, events[1:]):
        is_opening = earlier and event.verb == Verb.OPENED and event.actor_id == earlier.actor_id
        if not is_opening or event.at - earlier.at > AT_WORK:
            yield event


def people_named(events) -> dict[str, str]:
    codes = {event.detail.removeprefix("to:") for event in events if event.verb == Verb.HANDED_OVER}
    users = get_user_model().objects.filter(pk__in=[code for code in codes if code.isdigit()])
    return {f"to:{user.pk}": short_name(user) for user in users}


def entry_of(event: Event, text: InquiryText | None, people, is_undone, undoes) -> Entry:
    return Entry(
        at=event.at,
        icon=ICONS.get(event.verb, "clipboard-list"),
        what=str(event.get_verb_display()),
        who=short_name(event.actor) if event.actor else "",
        more=more_about(event, people),
        words=words_of(text),
        is_of_sender=event.verb in BY_SENDER and event.actor is None,
        is_undone=is_undone,
        undoes=undoes,
    )


def words_of(text: InquiryText | None) -> str:
    return body_of(text) if text and text.kind in OWN_WORDS else ""


def label(choices, code: str) -> str:
    return str(dict(choices.choices).get(code, code))


def result_of(event: Event) -> str:
    return label(Inquiry.TryResult, event.detail.partition(",")[0])


def undone_words(codes: str) -> str:
    """What was done, without what was planned with it."""
    verbs = [code.partition(":")[0] for code in codes.split(",")]
    return label(Verb, verbs[0])


def more_about(event: Event, people) -> str:
    first, comma, second = event.detail.partition(",")
    match event.verb:
        case Verb.TRIED | Verb.REACHED:
            left = _("Left a voicemail.") if comma else ""
            told = "" if first == Inquiry.TryResult.SPOKE else f"{label(Inquiry.TryResult, first)}."
            return f"{told} {left}".strip()
        case Verb.NEXT_SET:
            due = datetime.strptime(second, "%Y-%m-%dt%H:%Mz").replace(tzinfo=UTC)
            return f"{label(Inquiry.NextAction, first)}, {weekday_and_day(due)}"
        case Verb.MOVED_ON:
            return label(Inquiry.Stage, first)
        case Verb.CLOSED:
            return f"{label(Inquiry.Outcome, first)}. {label(Inquiry.Told, second)}."
        case Verb.HANDED_OVER:
            return _("to %(name)s") % {"name": people.get(event.detail, _("nobody"))}
        case Verb.LINKED | Verb.UNLINKED:
            return event.detail.upper()
        case Verb.REOPENED if event.detail:
            return _("The work on %(reference)s ended.") % {"reference": event.detail.upper()}
        case Verb.UNDONE:
            return undone_words(event.detail)
        case Verb.WITHDRAWN if event.detail:
            return _("Asked for in a call that we made.")
        case Verb.BROUGHT_BACK if event.detail:
            return _("New words of the sender tell of danger.")
        case Verb.TAKEN_DOWN:
            return f"{label(Inquiry.CameBy, first)}. {AGREED.get(first, '')}".strip()
        case Verb.AMENDED | Verb.PLAN_CHANGED | Verb.CORRECTED:
            return ", ".join(map(label_of, event.fields.split()))
    return ""

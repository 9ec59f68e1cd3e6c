"""The codes beside an event of the audit in the words of staff; a code that is not known is shown as it is."""

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from inquiries.desk.actions import BY_NAME
from inquiries.desk.display import label_of
from inquiries.desk.list_tabs import LABELS
from inquiries.desk.timeline import more_about
from inquiries.models import ClosedDay, Event, Inquiry, MessageTemplate, SpamSignal, WeeklyHours

Verb = Event.Verb
SETTINGS = {
    model._meta.model_name: model._meta.verbose_name_plural for model in (ClosedDay, MessageTemplate, WeeklyHours)
}
CLAIMED_TO = {
    "call": gettext_lazy("to call"),
    "text": gettext_lazy("to send a text message"),
    "email": gettext_lazy("to write an email"),
    "try": gettext_lazy("to log a try"),
}
SEEN_ON = {
    "today": gettext_lazy("on the first page of the desk"),
    "beside": gettext_lazy("beside another inquiry"),
    "several": gettext_lazy("among several that were chosen"),
}
TAKEN_OUT = {
    "csv": gettext_lazy("as a table"),
    "json": gettext_lazy("everything, without loss"),
    "weeks": gettext_lazy("numbers per week"),
    "month": gettext_lazy("numbers of a month"),
    "appointment": gettext_lazy("appointment for a calendar"),
    "outside": gettext_lazy("for use outside"),
    "inside": gettext_lazy("for use inside"),
}
LOOKED_FOR = {
    "all": gettext_lazy("all of it"),
    "event": gettext_lazy("one event"),
    "verb": gettext_lazy("by action"),
    "person": gettext_lazy("by person"),
    "account": gettext_lazy("by account"),
    "inquiry": gettext_lazy("by inquiry"),
    "days": gettext_lazy("by days"),
}
SIGN_IN = {
    "": "",
    "second-step": gettext_lazy("at the second step"),
    "recovery-code": gettext_lazy("with a recovery code"),
    "new-device": gettext_lazy("with a phone just added"),
    "password": gettext_lazy("by password"),
    "password:confirm": gettext_lazy("by password, to confirm"),
    "password:own": gettext_lazy("by password, to choose one’s own"),
    "password:change": gettext_lazy("by password, to change it"),
    "set-up-code": gettext_lazy("with the set-up code"),
}
MARKS = (Verb.RECEIVED, Verb.CODE_GIVEN)  # theirs are for the check of the trail


def words_about(event: Event, people: dict[str, str]) -> str:
    if event.verb in MARKS:
        return ""
    code, _mark, rest = event.detail.partition(",reason:")[0].partition(":")
    match event.verb:
        case Verb.SET_ASIDE:
            return ", ".join(str(dict(SpamSignal.choices).get(one, one)) for one in listed(event.detail))
        case Verb.CLAIMED:
            return known(CLAIMED_TO, code)
        case Verb.SEEN:
            return among(seen_on(code), rest)
        case Verb.LISTED:
            return known(LABELS, code)
        case Verb.SEARCHED:
            return found(int(rest)) if rest.isdecimal() else event.detail
        case Verb.EXPORTED:
            return ", ".join(map(taken_out, listed(code)))
        case Verb.AUDIT_READ:
            return ", ".join(known(LOOKED_FOR, one) for one in listed(event.detail))
        case Verb.SIGNED_IN | Verb.SIGN_IN_FAILED | Verb.LOCKED_OUT:
            return known(SIGN_IN, event.detail)
        case Verb.PURGED | Verb.NAMES_INDEXED:
            return inquiries_in_words(event.detail.removeprefix("n"))
        case Verb.KEYS_ROTATED:
            return keys_in_words(code, rest)
    return more_about(event, people)


def fields_in_words(names: str) -> str:
    answers = set(Inquiry.ANSWERS)
    told = (label_of(name) if name in answers else SETTINGS.get(name, name) for name in names.split())
    return ", ".join(map(str, told))


def listed(codes: str) -> list[str]:
    return [code for code in codes.split(",") if code]


def known(words: dict, code: str) -> str:
    return str(words.get(code, code))


def seen_on(page: str) -> str:
    """A page of a verb goes by its name in the address."""
    verb = BY_NAME.get(page.replace("_", "-"))
    return _("on the page “%(verb)s”") % {"verb": verb.label} if verb else known(SEEN_ON, page)


def among(words: str, count: str) -> str:
    return f"{words}: {count}" if count else words


def found(count: int) -> str:
    return ngettext("%(count)d found", "%(count)d found", count) % {"count": count}


def taken_out(code: str) -> str:
    return inquiries_in_words(code) if code.isdecimal() else known(TAKEN_OUT, code)


def inquiries_in_words(number: str) -> str:
    if not number.isdecimal():
        return number
    return ngettext("%(count)d inquiry", "%(count)d inquiries", int(number)) % {"count": int(number)}


def keys_in_words(code: str, rest: str) -> str:
    if code == "cells" and rest.isdecimal():
        return ngettext("%(count)d cell sealed again", "%(count)d cells sealed again", int(rest)) % {"count": int(rest)}
    return _("the key %(key)s was let go") % {"key": rest} if code == "let-go" else f"{code}:{rest}"

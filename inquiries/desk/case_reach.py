"""How the person of a case is reached safely: what its card, its sheet and the page of a try say of it."""

from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from inquiries.business_hours import Calendar
from inquiries.contact_plans import NEEDED, local_day
from inquiries.crypto import looks
from inquiries.crypto.keyring import opened
from inquiries.desk import display
from inquiries.desk.timeline import Verb
from inquiries.models import Event, Inquiry, InquiryText, WeeklyHours
from inquiries.models.joined_plans import CALL, EMAIL, TEXT, VOICEMAIL, Ban

BANNED = {
    CALL: gettext_lazy("do not call"),
    VOICEMAIL: gettext_lazy("do not leave a voicemail"),
    TEXT: gettext_lazy("do not send a text message"),
    EMAIL: gettext_lazy("do not write an email"),
}


class Reach:
    """For the case, which has ``inquiry``, ``user``, ``plan`` and ``now``."""

    @property
    def reach_first(self) -> dict:
        """The number or the address that the chosen way needs; empty when it needs none."""
        return self._to_reach(NEEDED.get(self.plan.way, ""))

    @property
    def reach_second(self) -> dict:
        return self._to_reach(self.plan.second)

    def _to_reach(self, name: str) -> dict:
        """As it is stored, which a link is made of, and as staff read it."""
        if not name:
            return {}
        icon = self.plan.icon if name == NEEDED.get(self.plan.way) else {"phone": "phone", "email": "mail"}[name]
        stored = opened(lambda: self.inquiry.latest(name))
        return {"stored": stored, "words": display.answer(self.inquiry, name), "icon": icon}

    @property
    def did_not_work(self) -> str:
        """What was found out about the number or the address, until the sender wrote again."""
        tried = self.inquiry.failed_try
        if tried is None:
            return ""
        if tried.verb == Event.Verb.ADDRESS_REFUSED:
            words = _("The mail server knows no such address (%(time)s). The status page asks for another.")
        else:
            words = _("This did not work (%(time)s). The status page asks for another number or address.")
        return words % {"time": display.day_and_clock(tried.at)}

    @cached_property
    def calendar(self) -> Calendar:
        return WeeklyHours.objects.calendar(self.now)

    @property
    def hour(self) -> str:
        start, today = self.plan.next_start(self.now, self.calendar), local_day(self.now)
        if self.plan.is_good_now(self.now, self.calendar):
            suits = _("This is a good time.")
        elif start:
            suits = _("Their good time starts at %(time)s.") % {"time": display.clock(start)}
        elif self.calendar.hours_of(today) is None:
            suits = _("The center is closed today.")
        elif not self.plan.hours_on(today, self.calendar):
            suits = _("Their good time is outside our hours.")
        else:
            suits = _("Their good time is over for today.")
        it_is = _("It is %(time)s.") % {"time": display.clock(self.now)}
        return display.sentence(f"{it_is} {suits}")

    @property
    def ready(self):
        """The moment that one button sets, when it is too early now: (value, words)."""
        start = self.plan.next_start(self.now, self.calendar)
        is_early = start and not self.plan.is_good_now(self.now, self.calendar)
        if not is_early or not self.inquiry.is_in_work or not self.may_change:
            return None
        return f"{timezone.localtime(start):%Y-%m-%dT%H:%M}", display.clock(start)

    # What comes before a call

    @cached_property
    def has_unread_words(self) -> bool:
        """Whether words of the sender wait that this member of staff did not read: they may change the plan."""
        return not self.inquiry.erased_at and not self.inquiry.has_read_words(self.user)

    @property
    def new_words(self) -> list[dict]:
        """What the sender said since staff answered last, the oldest first: when, what was done, and the words."""
        events = self.inquiry.events
        answered = events.filter(verb__in=(Verb.ANSWERED, Verb.MESSAGED)).values_list("pk", flat=True).first()
        said = events.filter(verb__in=(Verb.ADDED, Verb.AMENDED, Verb.PLAN_CHANGED), pk__gt=answered or 0)
        texts = {text.uid: text for text in self.inquiry.texts.all()}
        return [
            {
                "at": display.day_and_clock(event.at),
                "what": event.get_verb_display(),
                "words": self._words_of(event, texts),
            }
            for event in reversed(said)
        ]

    @staticmethod
    def _words_of(event, texts) -> str:
        text = texts.get(event.text_id)
        if text and text.kind == InquiryText.Kind.ADDITION:
            return display.body_of(text)
        return ", ".join(map(display.label_of, event.fields.split()))

    @property
    def joined(self) -> list[tuple[Inquiry, str]]:
        """(other inquiry, what it says) of each open one that shares the phone or address and allows less."""
        for ban in self.inquiry.bans:
            looks.note_read(ban.other)
        return [(ban.other, said_by(ban)) for ban in self.inquiry.bans]

    @cached_property
    def unconfirmed(self) -> str:
        """The day on which the number or address in force was changed by the code, until somebody spoke with them."""
        text = self._text_of_reach()
        if text is None or not self.inquiry.events.filter(verb=Verb.PLAN_CHANGED, text_id=text.uid).exists():
            return ""
        is_confirmed = self.inquiry.standing_events.filter(verb=Verb.REACHED, at__gte=text.created_at).exists()
        return "" if is_confirmed else display.day_and_clock(text.created_at)

    def _text_of_reach(self) -> InquiryText | None:
        """Return the amendment that brought the number or address in force; None for the one that was sent first."""
        needed = NEEDED.get(self.plan.way)
        versions = opened(self.inquiry.answers_in_turn, []) if needed else []
        amendments = [text for text in self.inquiry.texts.all() if text.kind == InquiryText.Kind.AMENDMENT]
        texts = [None, *reversed(amendments)]
        values = [version.get(needed, "") for version in versions]
        changed = [at for at in range(1, len(values)) if values[at] != values[at - 1]]
        return texts[changed[-1]] if changed else None


def said_by(ban: Ban) -> str:
    """Say what another inquiry forbids, like “QT86-EX, newer, says: do not leave a voicemail”."""
    means = ban.means - {VOICEMAIL} if CALL in ban.means else ban.means
    words = _("newer, says: %(ban)s") if ban.is_newer else _("older, says: %(ban)s")
    return words % {"ban": ", ".join(str(BANNED[one]) for one in BANNED if one in means)}

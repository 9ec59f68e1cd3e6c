"""What becomes of an inquiry whose sender cannot be reached by what was given."""

from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone

from inquiries.models.erasure import Erasure
from inquiries.models.events import Event, InquiryText
from inquiries.models.transitions import InvalidTransition

TRIES = (Event.Verb.TRIED, Event.Verb.REACHED, Event.Verb.ADDRESS_REFUSED)
FROM_SENDER = (InquiryText.Kind.AMENDMENT, InquiryText.Kind.ADDITION)


class Undelivered(Erasure):
    """A number or an address that did not work is told on the pages of both, until the sender wrote again."""

    class Meta:
        abstract = True

    def address_refused(self, now=None):
        """Take down that the mail server refused the address; staff see it at once, as what is done next."""
        now, event = now or timezone.now(), {"verb": Event.Verb.ADDRESS_REFUSED}
        values = {"address_refused_at": now, "due_at": Least(F("due_at"), Value(now))}
        try:
            self.change("address_refused", values, event, actor=None, now=now)
        except InvalidTransition:  # closed: nothing is planned, and its page tells it
            Event.objects.create(inquiry=self, at=now, **event)

    @property
    def failed_try(self) -> Event | None:
        """The latest try to reach this person, if the number or the address did not work and no word came since.

        A correction of something else is no such word.
        """
        tried = self.standing_events.filter(verb__in=TRIES).first()
        if tried is None or not self._tells_of_failure(tried):
            return None
        of_else = self.events.filter(verb=Event.Verb.CORRECTED).exclude(fields__contains="phone").values("text_id")
        said = self.texts.filter(kind__in=FROM_SENDER, created_at__gt=tried.at).exclude(uid__in=of_else)
        return None if said.exists() else tried

    def _tells_of_failure(self, event: Event) -> bool:
        failures = (self.TryResult.DEAD_NUMBER, self.TryResult.NOT_DELIVERED)
        return event.verb == Event.Verb.ADDRESS_REFUSED or event.detail in failures

"""Inquiries that could be of the same person or belong together, and what staff said about it."""

from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.crypto import blind_index, looks
from inquiries.crypto.keyring import opened
from inquiries.models.events import Event
from inquiries.models.search import IndexToken
from inquiries.models.transitions import KEPT, InvalidTransition, Transitions

MOST_SHOWN = 5
SAME_ANSWERS = _("same answers")
SAME_REFERENCE = _("one gave the reference of the other")
SAME = {"phone": _("same phone"), "email": _("same email")}


class InquiryPairQuerySet(models.QuerySet):
    def of(self, one, other):
        first, second = sorted((one.pk, other.pk))
        return self.filter(first_id=first, second_id=second)


class InquiryPair(models.Model):
    """The one with the lower id stands first, so that a pair is said about once."""

    first = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="+")
    is_linked = models.BooleanField(_("belong together"))

    objects = InquiryPairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="inquiries_inquirypair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="inquiries_inquirypair_order"),
        ]

    def __str__(self):
        return f"{self.first_id} and {self.second_id}"


class Duplicates(Transitions):
    class Meta:
        abstract = True

    def link(self, other, actor, *, version=None, now=None):
        self._pair("link", other, Event.Verb.LINKED, actor, version, now)

    def not_same(self, other, actor, *, version=None, now=None):
        """If one was closed because of the other, it comes back."""
        now = now or timezone.now()
        with transaction.atomic():
            pair = Q(pk__in=[self.pk, other.pk])
            closed = [row.pk for one in (self, other) for row in one.closed_for_it().filter(pair)]
            self._pair("not_same", other, Event.Verb.UNLINKED, actor, version, now)
            self._take_up(type(self).objects.filter(pk__in=closed), actor, now)
        if self.pk in closed:
            self.refresh_from_db(fields=self.triage_fields())

    def closed_for_it(self):
        """Those closed because the work goes on in this one. Their senders do not see that."""
        repeat = Q(outcome=self.Outcome.REPEAT, pk__gt=self.pk)
        same = repeat | Q(outcome=self.Outcome.SAME_PERSON)
        return self.linked().filter(KEPT & same, closed_at__isnull=False)

    def take_up_closed_for_it(self, actor, now):
        """Call it in the transaction that ends the work on this one: nobody may be left whom no list shows. Their
        senders may be others, with whom nobody spoke, so staff decide about each."""
        self._take_up(self.closed_for_it(), actor, now, detail=self.reference.lower())

    def take_up_as_left(self, now):
        """Reopen this one, as the work on the other has ended; InvalidTransition when somebody did meanwhile."""
        others = self.linked().filter(pk__lt=self.pk) if self.outcome == self.Outcome.REPEAT else self.linked()
        ended = others.first()
        self._take_up_one(None, now, ended.reference.lower() if ended else "")

    def _take_up(self, rows, actor, now, detail=""):
        for row in rows.select_for_update().order_by("pk"):
            row._take_up_one(actor, now, detail)

    def _take_up_one(self, actor, now, detail):
        event = {"verb": Event.Verb.REOPENED, "detail": detail}
        values = {"closed_at": None, "outcome": "", "told": "", "due_at": Coalesce("due_at", Value(now))}
        planned = {"next_action": self.next_action or self.action_by_tries}
        self.change("take_up", values | planned, event, actor=actor, now=now)

    def _pair(self, verb, other, event, actor, version, now):
        is_linked = verb == "link"
        if other.pk == self.pk:
            raise InvalidTransition(_("An inquiry cannot be linked to itself."))
        with transaction.atomic():
            said = self._said_of_pair(other)
            if said == is_linked:
                raise InvalidTransition(_("This was said before."))
            pair = {"other": other.pk, "was": said, "is": is_linked}
            events = self._pair_events(event, other)
            self.change(verb, {}, *events, actor=actor, version=version, now=now, pair=pair)
            self._say_of_pair(other, is_linked)

    def _pair_events(self, event, other) -> list[dict]:
        return [
            {"verb": event, "detail": other.reference.lower()},
            {"verb": event, "detail": self.reference.lower(), "inquiry": other},
        ]

    def _said_of_pair(self, other) -> bool | None:
        return InquiryPair.objects.of(self, other).values_list("is_linked", flat=True).first()

    def _say_of_pair(self, other, is_linked):
        first, second = sorted((self.pk, other.pk))
        InquiryPair.objects.update_or_create(first_id=first, second_id=second, defaults={"is_linked": is_linked})

    def _pairs(self):
        return InquiryPair.objects.filter(Q(first=self.pk) | Q(second=self.pk))

    def _others(self, pairs) -> list[int]:
        return [pair.second_id if pair.first_id == self.pk else pair.first_id for pair in pairs]

    def is_linked_to(self, other) -> bool:
        return other.pk in self._others(self._pairs().filter(is_linked=True))

    def linked(self):
        return type(self).objects.filter(pk__in=self._others(self._pairs().filter(is_linked=True))).order_by("-id")

    def possible_duplicates(self, limit: int = MOST_SHOWN) -> list[tuple]:
        """Return (inquiry, what is the same), newest first, without those that staff spoke about already."""
        reach = self.reach_terms()
        tokens = [blind_index.token(*term) for term in (*reach, ("reference", self.reference))]
        said = [self.pk, *self._others(self._pairs())]
        found = Q(pk__in=IndexToken.objects.filter(token__in=tokens).values("inquiry"))
        found |= Q(reference=self.reference_given)
        likely = type(self).objects.filter(KEPT, found).exclude(pk__in=said).order_by("-id").prefetch_related("texts")
        with looks.only_counted():  # whoever shows one of them reads its name
            same = [(other, self._what_is_same(other, reach)) for other in likely[: limit * 2]]
        return [(other, what) for other, what in same if what][:limit]

    def _what_is_same(self, other, reach) -> list:
        shared = dict(reach & other.reach_terms())
        found = [what for kind, what in SAME.items() if kind in shared]
        if self.reference == other.reference_given or other.reference == self.reference_given:
            found.append(SAME_REFERENCE)
        return [SAME_ANSWERS, *found] if found and self._says_the_same(other) else found

    def _says_the_same(self, other) -> bool:
        return bool(self.latest_digest) and self.latest_digest == other.latest_digest

    def repeats(self, older) -> bool:
        """Whether it ``says_again`` what the older one does, and no new words of it wait for an answer."""
        return self.says_again(older) and not self.sender_wrote_at

    def says_again(self, older) -> bool:
        """Whether this is the newer of two in work whose senders said the same last, by texts fetched with both."""
        in_work = self.is_in_work and older.is_in_work
        return in_work and older.pk < self.pk and self._says_the_same(older)

    @property
    def reference_given(self) -> str:
        """The reference of another inquiry that its sender gave; empty when there is none or it does not open."""
        return opened(lambda: self.latest("given_reference"))

    def reach_terms(self) -> set[tuple[str, str]]:
        """Phone and email of the latest answers as the blind index has them; none when they do not open."""
        return opened(lambda: blind_index.terms(phone=self.latest("phone"), email=self.latest("email")), set())

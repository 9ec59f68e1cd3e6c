import json
import secrets
import uuid
from functools import partial

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.crypto import blind_index, padding, tokens
from inquiries.crypto.keyring import opened
from inquiries.db import sqlite
from inquiries.models.answers import DANGER_READ
from inquiries.models.conversation import Conversation, Kept
from inquiries.models.events import Event, InquiryText
from inquiries.models.key_checks import KeyCheck
from inquiries.models.office_hours import WeeklyHours
from inquiries.models.outbox import OutboxNotice
from inquiries.models.resubmissions import RecentAnswers
from inquiries.models.search import FindableQuerySet, IndexToken
from inquiries.models.spam import is_spam
from inquiries.models.stages import Triage
from inquiries.models.transitions import InvalidTransition
from inquiries.models.work_lists import DeskQuerySet

REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which read like digits
REFERENCE_DIGITS = "23456789"
REFERENCE_TRIES = 8
CORRECTED = Event.Verb.CORRECTED
CLOSED = Q(closed_at__isnull=False, erased_at=None)


def new_reference() -> str:
    """Like ``AB24-CD``, one of 21 million; it shows nothing and opens nothing."""
    letters = [secrets.choice(REFERENCE_LETTERS) for _ in range(4)]
    digits = [secrets.choice(REFERENCE_DIGITS) for _ in range(2)]
    return "".join([*letters[:2], *digits, "-", *letters[2:]])


class InquiryQuerySet(DeskQuerySet, FindableQuerySet):
    def longest_waiting_first(self):
        return self.order_by("received_at", "id")

    def by_key(self, key: tokens.SubmissionKey) -> "Inquiry | None":
        """A form is new as a rule: only what is there is read with all its columns."""
        [*found] = self.filter(submission_digest=key.digest).values_list("pk", flat=True)
        return self.filter(pk__in=found).first() if found else None

    def by_code(self, code: str) -> "Inquiry | None":
        """The one look-up is by a keyed hash, so its time tells nothing about how near a wrong code is."""
        return self.filter(code_digest=tokens.code_digest(code), erased_at=None).first()


class Inquiry(Conversation):
    """Columns in clear are those that staff sort and filter by; what a person typed or chose is encrypted for its own
    cell. A row is written once, by ``submit``; later changes come as texts and events."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("contact")
        REFERRAL = "referral", _("referral")

    class CameBy(models.TextChoices):
        """By all but the form, staff took it down."""

        FORM = "form", _("by the form")
        PHONE = "phone", _("by phone")
        VISIT = "visit", _("in a visit")
        LETTER = "letter", _("by letter")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=7, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, editable=False)
    came_by = models.CharField(
        _("came"), max_length=6, choices=CameBy, default=CameBy.FORM, db_default=CameBy.FORM.value, editable=False
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    is_canary = models.BooleanField(_("test inquiry"), default=False, editable=False)
    screening_reasons = models.CharField(_("flags"), max_length=80, blank=True, help_text=_("Why it may be a robot."))

    submission_digest = models.CharField(max_length=64, unique=True, editable=False)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    first_language = models.CharField(  # noqa: DJ001 - NULL says that it was not changed
        max_length=5, null=True, editable=False, help_text="What was preferred first, once that was changed."
    )
    first_due_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="The day that its sender was told; they are told so also while nothing, or something else, is due.",
    )

    seen: int | None = None  # how many sets of answers under its key its sender was told of, if that is known
    taken_down_by = None  # the member of staff, until it is stored
    kept: list[str]  # their hashes, the latest first, when ``submit`` returned it

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [
            ("export_inquiry", "Can export inquiries"),
            ("assign_inquiry", "Can assign inquiries to others"),
            ("hold_inquiry", "Can keep inquiries longer"),
        ]
        constraints = Triage.Meta.constraints
        indexes = [
            *Triage.Meta.indexes,
            models.Index(fields=["received_at", "id"], name="inquiries_inquiry_waiting"),
            models.Index(fields=["answers_digest"], name="inquiries_inquiry_answers"),
            models.Index(fields=["-received_at"], condition=Q(is_canary=True), name="inquiries_inquiry_canary"),
            # What was closed in a way that its sender does not see, among all that was closed otherwise.
            models.Index(fields=["outcome", "id"], condition=CLOSED, name="inquiries_inquiry_outcome"),
            # What the purge looks at: without it, it would pass over everything erased before, each time.
            models.Index(fields=["closed_at", "id"], condition=CLOSED, name="inquiries_inquiry_unerased"),
        ]

    def __str__(self):
        return self.reference

    def submit(self, key: tokens.SubmissionKey) -> "Inquiry":
        """Store this once; return it, or what was stored under the same key, amended when the answers differ. Nothing
        depends on what others sent: who sends somebody else's answers must not learn that they were sent before. What
        was returned is committed; after a DatabaseError, sending again with the same key is always right."""
        KeyCheck.objects.verify_once()
        self.submission_digest, self.code_digest = key.digest, tokens.code_digest(key.code)
        self.answers_digest = self.digest_answers()
        self._set_aside_or_due()
        self.kind = self.Kind.REFERRAL if self.way in self.REFERRAL_WAYS else self.Kind.CONTACT
        for _attempt in range(REFERENCE_TRIES):
            earlier = Inquiry.objects.by_key(key)
            if earlier:
                earlier.amend(self)
                return earlier
            try:
                return self._store()
            except IntegrityError:
                # Another request stored the same key first, or the reference is taken: look again.
                self.pk, self.reference = None, new_reference()
        raise IntegrityError("no free reference was found")

    def take_down(self, key: tokens.SubmissionKey, actor) -> "Inquiry":
        """Store what somebody said or wrote to ``actor``, and agreed to; once for each page that ``key`` was drawn for.

        What is stored already is returned as it is: it changes by its verbs.
        """
        self.taken_down_by = actor
        return Inquiry.objects.by_key(key) or self.submit(key)

    def _set_aside_or_due(self):
        self.first_due_at = WeeklyHours.objects.first_contact_due(self.received_at, self.how_soon)
        if self.tells_of_danger:
            self.danger_read = DANGER_READ
        elif is_spam(self.screening_reasons):
            self.set_aside_at = self.received_at
        self.due_at = None if self.set_aside_at else self.due_first() if self.danger_read else self.first_due_at

    def _store(self) -> "Inquiry":
        with sqlite.write_lock(), transaction.atomic():
            self.save(force_insert=True)
            RecentAnswers.objects.remember(self)
            found_by = self.look_ups(self.submission_digest, self.code_digest)
            Event.objects.create(inquiry=self, verb=Event.Verb.RECEIVED, at=self.received_at, detail=found_by)
            if self.taken_down_by:
                event = {"verb": Event.Verb.TAKEN_DOWN, "actor": self.taken_down_by, "at": self.received_at}
                Event.objects.create(inquiry=self, detail=f"{self.came_by},agreed", **event)
            if self.set_aside_at:
                detail = self.screening_reasons.replace(" ", ",")
                Event.objects.create(inquiry=self, verb=Event.Verb.SET_ASIDE, detail=detail)
            IndexToken.objects.bulk_create(self._index_tokens(self.pk))
            OutboxNotice.objects.bulk_create(OutboxNotice.for_new(self))
        self.kept = [self.answers_digest]
        return self

    def _index_tokens(self, pk: int) -> list[IndexToken]:
        words = blind_index.tokens(name=self.name, phone=self.phone, email=self.email, reference=self.given_reference)
        return [IndexToken(token=word, inquiry_id=pk) for word in sorted(words)]

    def kept_digests(self) -> list[str]:
        """Return the hash of each set of answers that its sender gave, the latest first."""
        amendments = self.texts.filter(kind=InquiryText.Kind.AMENDMENT).exclude(uid__in=self._texts_of(CORRECTED))
        return [*amendments.values_list("digest", flat=True), self.answers_digest]

    def _texts_of(self, *verbs: Event.Verb):
        return self.events.filter(verb__in=verbs).values("text_id")

    def amend(self, newer: "Inquiry", verb=Event.Verb.AMENDED, once: str = ""):
        """All answers are kept, not only what changed, so that the latest word of the sender is one text.

        A form that is only sent again does not undo what was changed by the code since. Answers that are kept already
        count once more, but not from a page that had ``seen`` fewer: a browser that loads an old page anew sends them
        again, too. After a new code the form changes nothing: ``kept`` is then without what it sent.
        """
        with transaction.atomic():
            # Two sends at once wait for one another, and one that was taken back stays empty.
            stored = Inquiry.objects.select_for_update().filter(pk=self.pk, erased_at=None).first()
            if stored is None:
                self.refresh_from_db()
                return
            is_form = verb == Event.Verb.AMENDED
            self.kept = self.kept_digests()
            is_old_page = newer.seen is not None and newer.seen < len(self.kept)
            if newer.answers_digest in (self.kept if is_old_page else self._said_last(of_form=is_form)):
                return
            if newer.code_digest and newer.code_digest != stored.code_digest:
                return  # staff gave a new code: whoever holds the old page may be somebody else
            self.kept.insert(0, newer.answers_digest)
            changed = self._changed(newer, since_first=is_form)
            text = self._keep_amendment(newer, timezone.now())
            Event.objects.create(inquiry=self, verb=verb, fields=changed, detail=once, text=text)
            self._change_unless_erased(**self._language_of(newer))
            self.hear_from_sender(timezone.now(), *(getattr(newer, name) for name in self.typed()))
            IndexToken.objects.bulk_create(newer._index_tokens(self.pk), ignore_conflicts=True)
            RecentAnswers.objects.remember(newer, of=self)
            OutboxNotice.objects.bulk_create(OutboxNotice.to_staff(OutboxNotice.Kind.STAFF_AMENDED, self))

    def change_plan(self, plan: dict[str, str], once: str) -> Kept:
        """Put answers of how to be reached in force; once for each page that ``once`` was drawn for."""
        KeyCheck.objects.verify_once()
        with transaction.atomic():
            if not self._change_unless_erased():
                return Kept.NOT
            stored = Inquiry.objects.prefetch_related("texts").get(pk=self.pk)
            if stored.has_plan(plan, once):
                return Kept.BEFORE
            stored.amend(stored._with(plan), Event.Verb.PLAN_CHANGED, once)
        return Kept.NOW

    def _with(self, answers: dict[str, str]) -> "Inquiry":
        """Return an unsent one that says what this one said last, and ``answers``."""
        kept = {name: opened(partial(self.latest, name)) for name in self.ANSWERS}
        newer = Inquiry(way=self.way, page_language=self.page_language, **kept | answers)
        newer.answers_digest = newer.digest_answers()
        return newer

    def correct(self, answers: dict[str, str], reason: str, actor, *, sets=None, version=None, now=None):
        """Put right what is known. The sender's words stay, and what the sender says later goes before it.

        Kept as an amendment, which whatever asks for the latest answers reads, also in the release before. ``sets`` is
        how many sets of answers there were when its page was drawn: one drawn from older answers is refused.
        """
        KeyCheck.objects.verify_once()
        if not reason.strip():
            raise InvalidTransition(_("Say how you know it."))
        if not self.has_read_words(actor):
            raise InvalidTransition(_("Read the new words first."))
        now = now or timezone.now()
        with transaction.atomic():
            stored = Inquiry.objects.select_for_update().prefetch_related("texts").get(pk=self.pk)
            if sets is not None and sets != stored.sets_of_answers:
                raise InvalidTransition(_("The answers were changed since. Open this page again from the inquiry."))
            newer = stored._with(answers)
            changed = stored._changed(newer, since_first=False)
            if not changed and stored.can("correct"):
                raise InvalidTransition(_("This says what is known already."))
            text = stored._keep_amendment(newer, now)
            noted, corrected = {"verb": Event.Verb.NOTED}, {"verb": CORRECTED, "fields": changed, "text": text}
            values = self._language_of(newer)
            if "phone" in changed.split():
                values["address_refused_at"] = None
            self.change("correct", values, noted, corrected, actor=actor, version=version, now=now, note=reason)
            self.refresh_from_db(fields=["first_language", "preferred_language"])
            IndexToken.objects.bulk_create(newer._index_tokens(self.pk), ignore_conflicts=True)

    @property
    def sets_of_answers(self) -> int:
        return 1 + self.texts.filter(kind=InquiryText.Kind.AMENDMENT).count()

    def _keep_amendment(self, newer: "Inquiry", now) -> InquiryText:
        body, kind = padding.even_json(newer.answers(), self.rooms()), InquiryText.Kind.AMENDMENT
        of = {"inquiry": self, "kind": kind, "created_at": now}
        return InquiryText.objects.create(**of, body=body, digest=newer.answers_digest)

    @staticmethod
    def _language_of(newer: "Inquiry") -> dict:
        """Lists go by the latest; the first stays readable."""
        first = Coalesce("first_language", F("preferred_language"))
        return {"first_language": first, "preferred_language": newer.preferred_language}

    def has_plan(self, plan: dict[str, str], once: str) -> bool:
        events = self.events.filter(verb=Event.Verb.PLAN_CHANGED, detail=once)
        texts = InquiryText.objects.filter(uid__in=events.values("text_id"))
        return any(plan.items() <= {**dict.fromkeys(plan, ""), **json.loads(text.body)}.items() for text in texts)

    def _said_last(self, *, of_form: bool) -> set[str]:
        """The digest of the answers in force; with ``of_form`` also of those that the form sent last."""
        texts = self.texts.filter(kind=InquiryText.Kind.AMENDMENT)
        others = self._texts_of(Event.Verb.PLAN_CHANGED, CORRECTED)
        lasts = [texts.first(), texts.exclude(uid__in=others).first()] if of_form else [texts.first()]
        return {last.digest if last else self.answers_digest for last in lasts}

    def _changed(self, newer: "Inquiry", *, since_first: bool) -> str:
        """A change of the number alone would tell that there is one: way, phone and email are named together.

        What staff corrected is held against the correction, so that nobody goes by one that holds no more.
        """
        corrected = " ".join(self.events.filter(verb=CORRECTED).values_list("fields", flat=True)).split()
        by_first = set(self.ANSWERS).difference(corrected) if since_first else ()
        before = {n: self.first(n) if n in by_first else opened(partial(self.latest, n), None) for n in self.ANSWERS}
        names = {name for name, value in before.items() if value != getattr(newer, name)}
        return " ".join(sorted(names.union(self.REACHED_BY) if names.intersection(self.REACHED_BY) else names))

    def record(self, verb: Event.Verb, actor) -> Event:
        return Event.objects.create(inquiry=self, verb=verb, actor=actor)

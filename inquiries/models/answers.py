"""What a person typed and chose, and the way of contact that was chosen."""

import json

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from inquiries import danger
from inquiries.crypto import looks, tokens
from inquiries.crypto.fields import AnswerInClear, EncryptedTextField
from inquiries.crypto.keyring import SealError, opened
from inquiries.crypto.padding import LINE, LONG, SHORT
from inquiries.models.events import InquiryText

DANGER_READ = "yes"


class Answers(models.Model):
    """Whatever tells of later answers uses the texts fetched with the inquiry."""

    class Way(models.TextChoices):
        ME = "me", _("for themselves")
        LOVED_ONE = "loved-one", _("for a loved one")
        REFER = "refer", _("for a client or patient")
        QUESTION = "question", _("a question")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")
        OTHER = "other", _("another language")

    class ContactWay(models.TextChoices):
        CALL_VOICEMAIL = "call-voicemail", _("Call. A voicemail is OK.")
        CALL = "call", _("Call. Do not leave a voicemail.")
        TEXT = "text", _("Text only.")
        EMAIL = "email", _("Email only.")
        STATUS_PAGE = "status-page", _("Do not contact. Write on the status page only.")
        CALL_WORK = "call-work", _("Call at work. Mention no client to anyone else.")
        EMAIL_WORK = "email-work", _("Email at work. Mention no client to anyone else.")

    class GoodTime(models.TextChoices):
        MORNING = "morning", _("Morning")
        AFTERNOON = "afternoon", _("Afternoon")
        EVENING = "evening", _("Evening")
        ANY = "any", _("Any time")

    class Relationship(models.TextChoices):
        PARENT = "parent", _("Parent or guardian")
        SPOUSE = "spouse", _("Spouse or partner")
        CHILD = "child", _("Son or daughter")
        SIBLING = "sibling", _("Brother or sister")
        RELATIVE = "relative", _("Other relative")
        FRIEND = "friend", _("Friend")
        OTHER = "other", pgettext_lazy("relationship", "Other")

    class PersonKnows(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_SURE = "not-sure", _("Not sure")

    class Topic(models.TextChoices):
        PROGRAM = "program", _("How a program works")
        SCHEDULE = "schedule", _("Days and times")
        COST = "cost", _("Cost and insurance")
        TRANSFER = "transfer", _("Coming from another program")
        FAMILY = "family", _("Support for a family")
        OTHER = "other", _("Something else")

    class HowSoon(models.TextChoices):
        SOON = "soon", _("Today or tomorrow")
        WEEK = "week", _("This week")
        NO_HURRY = "no-hurry", _("No hurry")

    CALL_WAYS = (ContactWay.CALL_VOICEMAIL, ContactWay.CALL, ContactWay.CALL_WORK)
    EMAIL_WAYS = (ContactWay.EMAIL, ContactWay.EMAIL_WORK)
    REFERRAL_WAYS = (Way.LOVED_ONE, Way.REFER)
    REACHED_BY = ("contact_way", "phone", "email")

    way = models.CharField(_("asked"), max_length=9, choices=Way)
    page_language = models.CharField(_("language of the form"), max_length=5, choices=Language)
    answers_digest = models.CharField(max_length=64, editable=False)

    # What the form asks, in the order in which staff read it. There is no other list of it.
    name = EncryptedTextField(_("name"), room=LINE)
    relationship = EncryptedTextField(_("relationship"), room=SHORT, codes=Relationship, blank=True)
    person_knows = EncryptedTextField(_("does the person know"), room=SHORT, codes=PersonKnows, blank=True)
    organization = EncryptedTextField(_("organization"), room=LINE, blank=True)
    role = EncryptedTextField(_("role"), room=LINE, blank=True)
    how_soon = EncryptedTextField(_("how soon"), room=SHORT, codes=HowSoon, blank=True, default="", db_default="")
    given_reference = EncryptedTextField(
        _("reference they were given"), room=LINE, blank=True, default="", db_default=""
    )
    client_reference = EncryptedTextField(_("their reference for the client"), room=LINE, blank=True)
    contact_way = EncryptedTextField(_("how to reach this person"), room=SHORT, codes=ContactWay)
    good_times = EncryptedTextField(
        _("good times"), room=SHORT, codes=GoodTime, blank=True, help_text="Codes with blanks between."
    )
    preferred_language = AnswerInClear(_("language"), max_length=5, choices=Language, blank=True)
    other_language = EncryptedTextField(_("which other language"), room=LINE, blank=True, default="", db_default="")
    topics = EncryptedTextField(
        _("topics"), room=SHORT, codes=Topic, blank=True, help_text="Codes with blanks between."
    )
    phone = EncryptedTextField(_("phone"), room=SHORT, blank=True, help_text="E.164")
    email = EncryptedTextField(_("email"), room=LONG, blank=True)
    question = EncryptedTextField(_("question"), room=LONG, blank=True)

    # The names of the above; and of what is sealed and erased, which is one more: what the site read in the words.
    ANSWERS = tuple(name for name, of in tuple(vars().items()) if isinstance(of, (EncryptedTextField, AnswerInClear)))
    danger_read = EncryptedTextField(_("tells of danger"), room=SHORT, blank=True, default="", db_default="")
    PERSONAL_FIELDS = tuple(name for name, of in tuple(vars().items()) if isinstance(of, EncryptedTextField))

    class Meta:
        abstract = True

    @property
    def is_email_chosen(self) -> bool:
        return bool(opened(lambda: self.chosen_email))

    @property
    def chosen_email(self) -> str:
        """The address to write to; empty when the latest answers ask for no email. May raise SealError."""
        return self.latest("email") if self.latest("contact_way") in self.EMAIL_WAYS else ""

    @property
    def keeps_both(self) -> bool:
        """Whether a professional gave a phone and an email: the way of contact says which comes first."""
        both = (self.latest(name) for name in ("phone", "email"))
        return self.way == self.Way.REFER and bool(opened(lambda: all(both)))

    @property
    def written_in(self) -> str:
        """The language to write to the sender in: the one chosen last, else that of the form.

        A professional chooses for the client. Of another language nobody here writes, and what cannot be read is none.
        """
        try:
            chosen = "" if self.way == self.Way.REFER else self.latest("preferred_language")
        except SealError:
            chosen = ""
        return chosen if chosen in dict(settings.LANGUAGES) else self.page_language

    def answers(self) -> dict[str, str]:
        return {name: value for name in ("way", *self.ANSWERS) if (value := getattr(self, name))}

    @classmethod
    def rooms(cls) -> dict[str, int]:
        return {name: getattr(cls._meta.get_field(name), "room", SHORT) for name in ("way", *cls.ANSWERS)}

    @classmethod
    def typed(cls) -> list[str]:
        """The answers in words of the person's own: neither picked nor a way of contact."""
        fields = (cls._meta.get_field(name) for name in cls.ANSWERS if name not in cls.REACHED_BY)
        return [field.name for field in fields if not field.codes]

    @property
    def tells_of_danger(self) -> bool:
        """Whether words typed first, sent again or added tell so, or do not open. Once read so, it stays so."""
        try:
            with looks.only_counted():  # whoever asks is shown no word
                return bool(self.danger_read) or any(map(danger.tells_of_danger, self._words_of_sender()))
        except (SealError, json.JSONDecodeError):
            return True

    @property
    def is_read_first(self) -> bool:
        """Whether words of danger were read when they came; one whose cell does not open is read first, too."""
        try:
            return bool(self.danger_read)
        except SealError:
            return True

    def sealed_danger(self) -> str:
        """Return the mark of danger for an update of this row."""
        return self._meta.get_field("danger_read").seal(DANGER_READ, self)

    def _words_of_sender(self):
        yield from (getattr(self, name) for name in self.typed())
        for text in self.texts.all() if self.pk else ():
            if text.kind == InquiryText.Kind.AMENDMENT:
                sent_again = json.loads(text.body)
                yield from (sent_again.get(name, "") for name in self.typed())
            elif text.kind == InquiryText.Kind.ADDITION:
                yield text.body

    def digest_answers(self) -> str:
        return tokens.answers_digest(self.answers())

    def latest_answers(self) -> dict[str, str] | None:
        """None when the first ones stand. May raise SealError."""
        amendment = self._latest_amendment()
        return json.loads(amendment.body) if amendment else None

    def answers_in_turn(self) -> list[dict[str, str]]:
        """Return the answers as they were sent, first to last. Raise keyring.SealError when they do not open."""
        amendments = [text for text in self.texts.all() if text.kind == InquiryText.Kind.AMENDMENT]
        return [self.answers(), *(json.loads(text.body) for text in reversed(amendments))]

    @property
    def latest_digest(self) -> str:
        amendment = self._latest_amendment()
        return amendment.digest if amendment else self.answers_digest

    def _latest_amendment(self) -> InquiryText | None:
        return next((text for text in self.texts.all() if text.kind == InquiryText.Kind.AMENDMENT), None)

    def latest(self, name: str) -> str:
        """May raise SealError."""
        latest = self.latest_answers()
        return getattr(self, name) if latest is None else latest.get(name, "")

    def first(self, name: str) -> str | None:
        """None when it does not open."""
        if name == "preferred_language" and self.first_language is not None:
            return self.first_language
        return opened(lambda: getattr(self, name), None)

    @property
    def reach_way(self) -> str:
        """Empty when it cannot be read: then nothing is allowed."""
        return opened(lambda: self.latest("contact_way"))

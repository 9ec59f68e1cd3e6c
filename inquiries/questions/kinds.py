"""What may be asked, by a form or on the phone: each question cleans its own answer and has words for its errors."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from inquiries import mailboxes, phone_numbers, text_cleaning
from inquiries.models import Inquiry
from inquiries.models.search import REFERENCE

validate_email = EmailValidator(allowlist=[])  # Django would take the name of this machine for a domain
NOT_OFFERED = _("Choose one of the answers shown")
UNKNOWN_TO_BROWSERS = {"autocomplete": "off", "spellcheck": "false", "dir": "auto", "enterkeyhint": "next"}
EMAIL_LONGEST = 254  # RFC 5321: a path of 256 characters with its angle brackets


class Tiles(forms.RadioSelect):
    """``languages`` and ``hints`` give an option's own language and what follows it."""

    def __init__(self, *, languages=None, hints=None):
        super().__init__()
        self.languages, self.hints = languages or {}, hints or {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"language": self.languages.get(value), "hint": self.hints.get(value)}


class Question(forms.Field):
    """``is_short`` marks groups whose options are a word or two."""

    is_short = False

    @property
    def is_optional(self) -> bool:
        return not self.required

    def in_words(self, answer: str) -> str:
        return answer

    def prepare_value(self, value):
        """A browser would turn NUL into another character and send that back."""
        return value.replace("\0", "") if isinstance(value, str) else value


class Words(Question):
    default_error_messages = {"unreadable": _("We took out a character that we cannot read. Check this answer")}

    def __init__(self, *, longest: int, **options):
        super().__init__(**options)
        self.longest = longest

    def to_python(self, value):
        clean = text_cleaning.many_lines if isinstance(self.widget, forms.Textarea) else text_cleaning.one_line
        try:
            return clean(value or "", self.longest)
        except text_cleaning.TooLong:
            raise ValidationError(self.error_messages["long"], code="long") from None
        except text_cleaning.Unreadable:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from None


class Contact(Question):
    """Taken as typed, and read only when the chosen way needs it. ``normal(typed)`` may raise ValueError, or
    ValidationError where it can say more."""

    is_optional = False

    def __init__(self, **options):
        super().__init__(required=False, **options)

    def to_python(self, value):
        return value or ""

    def read(self, typed: str) -> str:
        if text_cleaning.is_blank(typed):
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            return self.normal(typed)
        except ValueError:
            raise ValidationError(self.error_messages["format"], code="format") from None


class Phone(Contact):
    widget = forms.TelInput(attrs={"autocomplete": "tel", "inputmode": "tel", "enterkeyhint": "next"})
    default_error_messages = {"format": phone_numbers.TEN_DIGITS}

    def normal(self, typed):
        return phone_numbers.to_stored(text_cleaning.address(typed, phone_numbers.LONGEST))

    def in_words(self, answer):
        return phone_numbers.to_display(answer)


class Email(Contact):
    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "enterkeyhint": "next"})
    default_error_messages = {"format": _("Enter a full email address, like name@example.com")}

    def normal(self, typed):
        address = text_cleaning.address(typed, EMAIL_LONGEST)
        try:
            validate_email(address)
        except ValidationError:
            raise ValueError("not an email address") from None
        if not mailboxes.is_plain(address):
            raise ValueError("mail would go elsewhere than it says")
        return address


class OneOf(Question, forms.ChoiceField):
    widget = Tiles

    def __init__(self, *, error=NOT_OFFERED, **options):
        super().__init__(error_messages={"required": error, "invalid_choice": error}, **options)

    def in_words(self, answer):
        return str(dict(self.choices).get(answer, ""))


class ShortOneOf(OneOf):
    is_short = True


class AnyOf(Question, forms.MultipleChoiceField):
    """Kept as codes with blanks between. A code not offered is passed over."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        return " ".join(code for code, _label in self.choices if code in (value or ()))

    def in_words(self, answer):
        codes = answer.split()
        return ", ".join(str(label) for code, label in self.choices if code in codes)


class Agreement(Question, forms.BooleanField):
    """A box that must be ticked. ``uncontacted`` is what it says to whoever asks not to be contacted."""

    def __init__(self, *, uncontacted="", **options):
        super().__init__(**options)
        self.uncontacted = uncontacted


class Topics(AnyOf):
    """``of_another``: asked of whoever asks for somebody else."""

    is_short = True

    def __init__(self, *, of_another=False):
        words = {Inquiry.Topic.TRANSFER: _("Moving from another program")} if of_another else {}
        super().__init__(
            label=_("What would you like to talk about?"),
            choices=[(code, words.get(code, label)) for code, label in Inquiry.Topic.choices],
            required=False,
        )


class GoodTimes(AnyOf):
    is_short = True

    def __init__(self):
        super().__init__(
            label=_("When is a good time?"),
            help_text=_("Choose all that work for you."),
            choices=Inquiry.GoodTime.choices,
            required=False,
        )


class PreferredLanguage(ShortOneOf):
    def __init__(self, **options):
        super().__init__(
            choices=[("en", "English"), ("es", "Español"), ("other", _("Another language"))],
            widget=Tiles(languages={"en": "en", "es": "es"}),
            error=_("Choose a language"),
            **options,
        )


class OtherLanguage(Words):
    def __init__(self):
        super().__init__(
            longest=80,
            label=_("Which language?"),
            required=False,
            widget=forms.TextInput(attrs=UNKNOWN_TO_BROWSERS),
            error_messages={"long": _("The language must be 80 characters or fewer")},
        )


class GivenReference(Words):
    """Kept as it was typed, unless it looks like one; whether there is such a request is never told."""

    def __init__(self):
        super().__init__(
            longest=40,
            label=_("Did someone give you a reference from us?"),
            help_text=_("It looks like AB12-CD."),
            required=False,
            widget=forms.TextInput(attrs=UNKNOWN_TO_BROWSERS),
            error_messages={"long": _("The reference must be 40 characters or fewer")},
        )

    def to_python(self, value):
        typed = super().to_python(value)
        found = REFERENCE.fullmatch(typed)
        return "-".join(found.groups()).upper() if found else typed


class Relationship(ShortOneOf):
    def __init__(self):
        kin, words = Inquiry.Relationship, dict(Inquiry.Relationship.choices)
        words |= {kin.PARENT: _("Mother, father or guardian"), kin.SPOUSE: _("Husband, wife or partner")}
        super().__init__(label=_("I am their"), choices=list(words.items()), required=False)


class HowSoon(ShortOneOf):
    def __init__(self):
        super().__init__(
            label=_("How soon do you need to hear from us?"), choices=Inquiry.HowSoon.choices, required=False
        )


class OpenQuestion(Words):
    def __init__(self, **options):
        super().__init__(
            longest=1000,
            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            error_messages={
                "required": _("Enter your question"),
                "long": _("Your question must be 1,000 characters or fewer"),
            },
            **options,
        )

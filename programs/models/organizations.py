from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs import contact_links
from programs.models.base import ContentQuerySet, ContentRow, TitledRow

EXPIRY_NOTICE = timedelta(days=60)


def formatted_phone(text: str) -> str:
    """Return a number as it is written at home, or an empty text; raise ValidationError when nobody could call it."""
    number = contact_links.formatted(text)
    if text and not number:
        raise ValidationError({"phone": _("Enter the whole number with its area code, like (626) 555-0100.")})
    return number


class LapsingQuerySet(ContentQuerySet):
    def visible(self, on):
        """Published rows that have not expired: the day after its last day a row is gone."""
        return super().visible(on).filter(models.Q(expires_on=None) | models.Q(expires_on__gte=on))

    def expiring(self, on):
        return self.visible(on).filter(expires_on__lte=on + EXPIRY_NOTICE).order_by("expires_on", "pk")


class Facility(TitledRow):
    """A program in Duarte. Only the name is known until staff verify more; listed by name, no one first."""

    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    verified_on = models.DateField(_("contact checked on"), null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("program in Duarte")
        verbose_name_plural = _("programs in Duarte")

    def clean(self):
        self.phone = formatted_phone(self.phone)


class Credential(ContentRow):
    class State(models.TextChoices):
        NOT_VERIFIED = "not_verified", _("not yet verified")
        VERIFIED = "verified", _("verified")
        EXPIRED = "expired", _("expired")

    rendered = ("what_it_is", "how_to_check")
    title = models.CharField(_("body"), max_length=160)
    what_it_is = models.TextField(_("what it is"), blank=True)
    what_it_is_html = models.TextField(editable=False, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    how_to_check = models.TextField(_("how to check"), blank=True)
    how_to_check_html = models.TextField(editable=False, blank=True)
    check_url = models.URLField(_("public page to check it"), blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.CharField(_("checked by"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    expires_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("The day after, it is gone from the site.")
    )

    objects = LapsingQuerySet.as_manager()

    class Meta(ContentRow.Meta):
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")

    def clean(self):
        if self.checked_on and not self.checked_by:
            raise ValidationError({"checked_by": _("Say who checked it.")})
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": _("A check cannot lie in the future.")})

    @property
    def is_ready(self) -> bool:
        """Whether the public can check it: a number needs its last day and a page where anybody finds it."""
        return not self.number or bool(self.expires_on and self.check_url)

    def state(self, on) -> "Credential.State":
        if self.expires_on and self.expires_on < on:
            return self.State.EXPIRED
        return self.State.VERIFIED if self.checked_on else self.State.NOT_VERIFIED


class Notice(ContentRow):
    """California Health and Safety Code 11831.12 (certification), 11831.5 (probation); Affordable Care Act, 1557."""

    class Place(models.TextChoices):
        CERTIFICATION = "certification", _("certification by the state, on every page")
        PROBATION_CHECK = "probation-check", _("how to check for probation, on every page and on the form")
        LANGUAGE_HELP = "language-help", _("free language help, on every page in both languages")
        EQUAL_TREATMENT = "equal-treatment", _("no discrimination, on every page")
        HEALTH_PRIVACY = "health-privacy", _("health privacy law (HIPAA, 42 CFR Part 2), on the privacy page")

    rendered = ()
    heading_field = "text"
    place = models.CharField(_("which notice"), max_length=20, choices=Place, unique=True)
    text = models.TextField(_("text"), max_length=600, help_text=_("Plain text, in the exact words that are required."))
    link_text = models.CharField(_("words of the link"), max_length=120, blank=True)
    url = models.URLField(_("address of the link"), blank=True)
    expires_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("The day after, it is gone from the site.")
    )

    objects = LapsingQuerySet.as_manager()

    class Meta(ContentRow.Meta):
        verbose_name = _("notice of the law")
        verbose_name_plural = _("notices of the law")

    def __str__(self):
        return self.get_place_display()

    def save(self, *args, **kwargs):
        self.key = self.place
        super().save(*args, **kwargs)

    def clean(self):
        for language, _name in settings.LANGUAGES:
            link = [getattr(self, f"{name}_{language}") for name in ("link_text", "url")]
            if any(link) and not all(link):
                raise ValidationError({f"url_{language}": _("A link needs both its words and its address.")})


class CrisisLine(TitledRow):
    """A number to call or text now. The strip and the error pages carry 911 and 988 in themselves, for safety."""

    NUMBERS = ("call_number", "text_number", "tty_number")
    call_number = models.CharField(_("number to call"), max_length=20, blank=True)
    call_label = models.CharField(_("words on the call button"), max_length=60, blank=True)
    text_number = models.CharField(_("number to text"), max_length=20, blank=True)
    text_label = models.CharField(_("words on the text button"), max_length=60, blank=True)
    text_body = models.CharField(_("word to text"), max_length=40, blank=True)
    spanish_line = models.CharField(_("line for Spanish speakers"), max_length=200, blank=True)
    chat_url = models.URLField(_("page to chat"), blank=True)
    chat_label = models.CharField(_("words on the chat link"), max_length=80, blank=True)
    tty_number = models.CharField(_("TTY number"), max_length=20, blank=True)
    is_emergency = models.BooleanField(_("for emergencies"), default=True)

    class Meta(TitledRow.Meta):
        verbose_name = _("crisis line")
        verbose_name_plural = _("crisis lines")

    def clean(self):
        wrong = [name for name in self.NUMBERS if getattr(self, name) and not contact_links.tel(getattr(self, name))]
        if wrong:
            raise ValidationError(dict.fromkeys(wrong, _("Enter a number with digits alone, like 988.")))


class ServiceArea(ContentRow):
    rendered = ()
    heading_field = "name"
    name = models.CharField(_("name"), max_length=80)

    class Meta(ContentRow.Meta):
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")


class SiteProfile(ContentRow):
    """What is known of the publisher. One row; an empty field is shown nowhere."""

    rendered = ()
    heading_field = "name"
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    address = models.TextField(_("address"), blank=True)
    hours = models.TextField(_("hours"), blank=True)
    insurers = models.TextField(_("insurers"), blank=True)
    response_time = models.CharField(
        _("when we answer"), max_length=120, blank=True, help_text=_("Shown after a form is sent. Only if always kept.")
    )

    class Meta(ContentRow.Meta):
        verbose_name = _("about the center")
        verbose_name_plural = _("about the center")

    def clean(self):
        self.phone = formatted_phone(self.phone)
        if SiteProfile.objects.exclude(pk=self.pk).exists():
            raise ValidationError(_("There is one row about the center already. Change that one."))

"""Who the guide names: the centers, the bodies that certify, the crisis lines, and the publisher itself."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models.base import ContentQuerySet, ContentRow, TitledRow


class Facility(TitledRow):
    """A program in Duarte. Only the name is known until staff verify more; listed by name, no one first."""

    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    verified_on = models.DateField(_("contact checked on"), null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("program in Duarte")
        verbose_name_plural = _("programs in Duarte")


class CredentialQuerySet(ContentQuerySet):
    def visible(self, on):
        """Published credentials that have not expired: the day after its last day a credential is gone."""
        return super().visible(on).filter(Q(expires_on=None) | Q(expires_on__gte=on))


class Credential(ContentRow):
    """A certification or accreditation, in exactly the words that can be stood behind."""

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
    expires_on = models.DateField(_("last day"), null=True, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta(ContentRow.Meta):
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")

    def __str__(self):
        return self.title or self.key


class CrisisLine(TitledRow):
    """A number to call or text now. The strip and the error pages carry 911 and 988 in themselves, for safety."""

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


class ServiceArea(ContentRow):
    """A place that the center serves. While there is none, the site does not speak of areas."""

    rendered = ()
    heading_field = "name"

    name = models.CharField(_("name"), max_length=80)

    class Meta(ContentRow.Meta):
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")

    def __str__(self):
        return self.name


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

    def __str__(self):
        return self.name

    def clean(self):
        if SiteProfile.objects.exclude(pk=self.pk).exists():
            raise ValidationError(_("There is one row about the center already. Change that one."))

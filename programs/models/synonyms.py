from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.base import ContentRow
from programs.models.pages import GuidePage


class Synonym(ContentRow):
    """Words that people type, and what answers them. Nobody reads these on a page; search alone knows them."""

    STATUS = "status"  # in place of a page of the guide: where a sender sees a request

    rendered = ()
    heading_field = "words"
    words = models.CharField(
        _("words that people type"),
        max_length=400,
        blank=True,
        help_text=_("With commas between. Accents, endings and small slips do not matter."),
    )
    means = models.CharField(
        _("words of the guide"),
        max_length=200,
        blank=True,
        help_text=_("What the guide says instead; it is found, too."),
    )
    page = models.CharField(
        _("page that answers"), max_length=60, blank=True, help_text=_("The key of the page; it comes first.")
    )

    class Meta(ContentRow.Meta):
        verbose_name = _("lay words for search")
        verbose_name_plural = _("lay words for search")

    def clean(self):
        if not (self.words_en or self.words_es):
            raise ValidationError({"words_en": _("Enter words in English or in Spanish.")})
        if self.page not in ("", self.STATUS) and not GuidePage.objects.filter(key=self.page).exists():
            raise ValidationError({"page": _("There is no page with this key.")})

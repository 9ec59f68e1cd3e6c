"""Words that tell of danger to a life, beside those that ship in code: each row can only add to what is heard."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.base import ContentRow


class DangerWords(ContentRow):
    """What people write when a life may be in danger. No page prints these; search and the form listen for them."""

    rendered = ()
    heading_field = "words"

    words = models.CharField(
        _("words of danger"),
        max_length=1000,
        blank=True,
        help_text=_(
            "With commas between. A phrase is heard when its words stand in this order. Accents, endings and small "
            "slips do not matter. A wrong alarm costs a glance, a missed one may cost a life."
        ),
    )

    class Meta(ContentRow.Meta):
        verbose_name = _("words of danger")
        verbose_name_plural = _("words of danger")

    def clean(self):
        if not (self.words_en or self.words_es):
            raise ValidationError({"words_en": _("Enter words in English or in Spanish.")})

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from inquiries.sensitive_terms import named_condition


def says_nothing_private(text: str):
    """Others may read a message over the person's shoulder."""
    word = named_condition(text)
    if word:
        raise ValidationError(
            _("Take out “%(word)s”: a message names no condition and no substance."), params={"word": word}
        )


class MessageTemplate(models.Model):
    """``{name}`` and ``{reference}`` are filled in."""

    title = models.CharField(_("title"), max_length=60)
    body_en = models.TextField(_("English"), max_length=2000, validators=[says_nothing_private])
    body_es = models.TextField(_("Spanish"), max_length=2000, validators=[says_nothing_private])
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["title"]

    def __str__(self):
        return self.title

    def filled(self, language: str, **values) -> str:
        text = self.body_es if language == "es" else self.body_en
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text

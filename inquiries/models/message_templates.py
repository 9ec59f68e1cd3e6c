import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# Conditions and substances, in both languages: a net for slips, not a proof.
WORDS = """
    addict addicted addiction addictions alcohol alcoholic alcoholism alcoholismo alcoholico alcoholica
    adiccion adicciones adicto adicta anxiety ansiedad bipolar borracho cocaine cocaina crack depressed
    depression depresion deprimido deprimida detox desintoxicacion diagnosis diagnostico disorder trastorno
    drinking bebida droga drogas drug drugs drunk dui fentanyl fentanilo heroin heroina marijuana marihuana
    cannabis meth methamphetamine metanfetamina cristal opioid opioids opioide opioides overdose sobredosis
    oxycodone pills pastillas psychosis psicosis ptsd recovery rehab rehabilitacion relapse recaida
    schizophrenia esquizofrenia sober sobriety sobrio sobria sobriedad substance substances sustancia
    sustancias suicide suicidal suicidio trauma tept xanax adhd tdah
""".split()
NAMED = re.compile(rf"\b({'|'.join(WORDS)})\b")


def says_nothing_private(text: str):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    if found := NAMED.search(plain):
        words = _("Take out “%(word)s”: a message names no condition and no substance.")
        raise ValidationError(words, params={"word": found[0]})


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

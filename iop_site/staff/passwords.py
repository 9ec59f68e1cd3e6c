"""A password that is little more than words of this place is refused (OWASP ASVS 5.0, 6.1.2 and 6.2.11)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What a stranger who knows the site would try first; a word that holds another stands before it.
CONTEXT_WORDS = (
    "administrator", "administrador", "coordinador", "intensivo", "intensive", "outpatient", "ambulatorio", "programa",
    "tratamiento", "contrasena", "supervisor", "treatment", "password", "dedicato", "recovery", "program", "welcome",
    "inquiry", "content", "counsel", "centro", "center", "duarte", "health", "intake", "admin", "guide", "staff",
    "inquiries", "recepcion", "solicitudes", "solicitud", "salud", "mesa", "desk", "guia", "care", "iop",
)  # fmt: skip
LEAST_LEFT = 8  # letters besides those words


class ContextWordsValidator:
    def validate(self, password: str, user=None):
        letters = re.sub(r"[\W\d_]", "", unicodedata.normalize("NFKD", password.casefold()))  # drops accents as well
        rest = re.sub("|".join(CONTEXT_WORDS), "", letters)
        if rest != letters and len(rest) < LEAST_LEFT:
            raise ValidationError(
                _("This password is little more than words that anybody knows from this site. Add other words."),
                code="password_of_context_words",
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be made up of the words of this site.")

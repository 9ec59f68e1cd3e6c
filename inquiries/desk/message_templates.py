"""What the admin of message templates says and shows: the variables, and a preview with an example filled in."""

from django import forms
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from inquiries.models import MessageTemplate

EXAMPLE = {"name": "Rosa", "reference": "KF37-RD"}
HINT = _("{name} and {reference} are filled in. No diagnosis, no substance, no program name.")


class MessageTemplateForm(forms.ModelForm):
    class Meta:
        model = MessageTemplate
        fields = ("title", "body_en", "body_es", "is_offered")
        help_texts = {
            "body_en": HINT,
            "body_es": HINT,
            "is_offered": _(
                "Staff can start from it when they write to a sender. Save and continue to see it filled in."
            ),
        }


def in_language(language: str, template: MessageTemplate) -> str:
    """Return the stored text as a sender would read it, with an example filled in."""
    text = linebreaks(template.filled(language, **EXAMPLE), autoescape=True)
    return format_html('<div lang="{}">{}</div>', language, mark_safe(text))  # noqa: S308 - escaped above

from django import template
from django.urls import reverse

from inquiries.desk import display

register = template.Library()
register.filter("sentence", display.sentence)


@register.simple_tag
def verb_url(name: str, inquiry) -> str:
    """Return where a verb is asked and done, for one inquiry."""
    return reverse(f"admin:inquiries_inquiry_{name.replace('-', '_')}", args=[inquiry.pk])


@register.filter
def hint_of(radio, field) -> str:
    """Return the sentence under one choice of a field."""
    return getattr(field.field, "hints", {}).get(radio.data["value"], "")

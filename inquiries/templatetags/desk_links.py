from django import template
from django.urls import reverse

from inquiries.desk import display, undoing
from inquiries.desk.case_views import url_name, verb_url

register = template.Library()
register.filter("sentence", display.sentence)
register.simple_tag(verb_url)


@register.simple_tag
def undo_of(message) -> dict | None:
    """Where the button of a message leads, and what it takes back."""
    pk, version = undoing.told_in(message) or (None, None)
    return {"url": reverse(f"admin:{url_name('undo')}", args=[pk]), "version": version} if pk else None


@register.filter
def hint_of(radio, field) -> str:
    return getattr(field.field, "hints", {}).get(radio.data["value"]) or radio.data.get("hint") or ""

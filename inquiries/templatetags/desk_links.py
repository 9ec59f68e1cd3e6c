from django import template

from inquiries.desk import display
from inquiries.desk.case_views import verb_url

register = template.Library()
register.filter("sentence", display.sentence)
register.simple_tag(verb_url)


@register.filter
def hint_of(radio, field) -> str:
    return getattr(field.field, "hints", {}).get(radio.data["value"]) or radio.data.get("hint") or ""

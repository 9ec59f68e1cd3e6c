"""Printing the guide's texts."""

import re

from django import template
from django.utils.safestring import mark_safe

register = template.Library()
_LINK = re.compile(r'<a href="((?:page|ask):[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_NUMBER = re.compile(r"\{([a-z_]+)\}")


@register.simple_tag(takes_context=True)
def guide_text(context, html: str | None) -> str:
    """Print stored HTML with its ``page:`` and ``ask:`` links led to where they are now; a dead one becomes plain text.

    A number that the site itself knows, like ``{retention_days}``, is put in as it is in force.

    The HTML was sanitised when it was saved; see programs.markup.
    """
    links = context.get("links", {})

    def resolve(match):
        path = links.get(match[1])
        return f'<a href="{path}">{match[2]}</a>' if path else match[2]

    numbers = context.get("numbers", {})
    text = _NUMBER.sub(lambda match: str(numbers.get(match[1], match[0])), html or "")
    return mark_safe(_LINK.sub(resolve, text))  # noqa: S308

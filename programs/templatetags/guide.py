"""Printing the guide's texts."""

import re

from django import template
from django.utils.safestring import mark_safe

register = template.Library()
_LINK = re.compile(r'<a href="((?:page|ask):[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@register.simple_tag(takes_context=True)
def guide_text(context, html: str | None) -> str:
    """Print stored HTML with its ``page:`` and ``ask:`` links led to where they are now; a dead one becomes plain text.

    The HTML was sanitised when it was saved; see programs.markup.
    """
    links = context.get("links", {})

    def resolve(match):
        path = links.get(match[1])
        return f'<a href="{path}">{match[2]}</a>' if path else match[2]

    return mark_safe(_LINK.sub(resolve, html or ""))  # noqa: S308


@register.simple_tag(takes_context=True)
def guide_path(context, key: str) -> str:
    """Return the address of a page in the language in force; empty when it has none."""
    return context.get("links", {}).get(f"page:{key}", "")

import re

import nh3
from django.conf import settings
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_NUMBER = re.compile(r"\{([a-z_]+)\}")
_allowed_tags = {
    "a", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_allowed_attributes = {"a": {"href"}, "ol": {"start"}}
_allowed_schemes = {"http", "https", "mailto", "tel", "sms", "page", "ask"}


def to_html(text: str) -> str:
    return nh3.clean(
        _markdown.render(text),
        tags=_allowed_tags,
        attributes=_allowed_attributes,
        url_schemes=_allowed_schemes,
        link_rel="noreferrer",
    )


def with_numbers(html: str) -> str:
    return _NUMBER.sub(lambda match: str(settings.GUIDE_NUMBERS.get(match[1], match[0])), html)

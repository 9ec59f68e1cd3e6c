import re

import nh3
from django.conf import settings
from markdown_it import MarkdownIt

from programs import contact_links

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
        attribute_filter=_usable,
    )


def _usable(_tag: str, attribute: str, value: str) -> str | None:
    return contact_links.usable(value) or None if attribute == "href" else value


def unusable_links(text: str) -> list[str]:
    """Return the addresses of links in Markdown by which nobody can be called or written to."""
    inline = (token for block in _markdown.parse(text) for token in block.children or ())
    addresses = (str(token.attrGet("href")) for token in inline if token.type == "link_open")
    return [address for address in addresses if not contact_links.usable(address)]


def with_numbers(html: str) -> str:
    return _NUMBER.sub(lambda match: str(settings.GUIDE_NUMBERS.get(match[1], match[0])), html)

"""What changed between two texts, word by word, as HTML that is readable and can be heard."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

LEAST_ALIKE = 0.6  # less, and two whole texts are easier to compare than their crumbs

_piece = re.compile(r"\s+|\w+|[^\w\s]")


def marked(before: str, after: str):
    """Return ``after`` as safe HTML, with ``del`` and ``ins`` where it differs from ``before``.

    The words before each tell it to those who do not see the line through it.
    """
    old, new = _piece.findall(before), _piece.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return format_html_join(" ", "{}", [(part,) for part in (removed(before), added(after)) if part])
    pieces = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append((format_html("{}", "".join(old[i:j])),))
        else:
            pieces += [(removed("".join(old[i:j])),), (added("".join(new[k:m])),)]
    return format_html_join("", "{}", pieces)


def removed(text: str):
    said = _("removed:")
    return format_html('<del><span class="visually-hidden">{} </span>{}</del>', said, text) if text else ""


def added(text: str):
    said = _("added:")
    return format_html('<ins><span class="visually-hidden">{} </span>{}</ins>', said, text) if text else ""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programs.models.drafts import difference

LEAST_ALIKE = 0.6  # less, and two whole texts are easier to compare than their crumbs

_piece = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass
class Change:
    label: str
    language: str  # empty where it has none
    html: SafeString


def changes_between(row, before: dict, after: dict) -> list[Change]:
    part = next(iter(row.parts()), None)
    own, of_part = row.edited_fields(), part.edited_fields() if part else []
    told = {}
    for path in difference(before, after):
        key, colon, name = path.rpartition(":")
        for place, field in enumerate(of_part if colon else own):
            if field.name == name:
                old, new = (display_value(field, values.get(path)) for values in (before, after))
                change = Change(label(key, field), getattr(field, "language", ""), difference_html(old, new))
                told |= {(key, place): change} if old != new else {}
    return [change for _place, change in sorted(told.items(), key=lambda entry: entry[0])]


def label(key: str, field) -> str:
    name = str(getattr(field, "translated_field", field).verbose_name)
    name = name[:1].upper() + name[1:]
    if hasattr(field, "language"):
        name = (_("%(label)s, English") if field.language == "en" else _("%(label)s, Spanish")) % {"label": name}
    return _("Section “%(key)s”: %(name)s") % {"key": key.rpartition("/")[2], "name": name} if key else name


def display_value(field, value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.get_internal_type() == "DateField" and isinstance(day := parse_date(str(value)), date):
        return date_format(day)
    return str(value)


def difference_html(before: str, after: str):
    """The words before each tell what differs to those who do not see the line through it."""
    old, new = _piece.findall(before), _piece.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return format_html_join(" ", "{}", [(part,) for part in marked(before, after) if part])
    pieces = []
    for tag, i, j, k, m in matcher.get_opcodes():
        removed, added = "".join(old[i:j]), "".join(new[k:m])
        pieces += [removed] if tag == "equal" else marked(removed, added)
    return format_html_join("", "{}", [(piece,) for piece in pieces])


def marked(removed: str, added: str) -> list:
    word = '<{0}><span class="visually-hidden">{1} </span>{2}</{0}>'
    told = ("del", _("removed:"), removed), ("ins", _("added:"), added)
    return [text and format_html(word, tag, name, text) for tag, name, text in told]

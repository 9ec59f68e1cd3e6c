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
    language: str
    html: SafeString


def changes_between(row, before: dict, after: dict) -> list[Change]:
    part = next(iter(row.parts()), None)
    own, of_part = fields_of(row), fields_of(part) if part else {}
    told = []
    for path in difference(before, after):
        key, colon, name = path.rpartition(":")
        known = of_part if colon else own
        if name in known:
            field = known[name]
            old, new = (display_value(field, values.get(path)) for values in (before, after))
            if old != new:
                told.append(
                    (
                        key,
                        list(known).index(name),
                        Change(label(key, field), getattr(field, "language", ""), difference_html(old, new)),
                    )
                )
    return [change for _key, _number, change in sorted(told, key=lambda entry: entry[:2])]


def fields_of(row) -> dict:
    return {field.name: field for field in row.edited_fields()}


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
        return format_html_join(" ", "{}", [(part,) for part in (removed(before), added(after)) if part])
    pieces = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append((format_html("{}", "".join(old[i:j])),))
        else:
            pieces += [(removed("".join(old[i:j])),), (added("".join(new[k:m])),)]
    return format_html_join("", "{}", pieces)


def removed(text: str):
    return text and format_html('<del><span class="visually-hidden">{} </span>{}</del>', _("removed:"), text)


def added(text: str):
    return text and format_html('<ins><span class="visually-hidden">{} </span>{}</ins>', _("added:"), text)

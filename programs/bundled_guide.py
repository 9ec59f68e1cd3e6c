"""The guide that ships; an edit is never undone. English names and orders the rows, Spanish adds words to them."""

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from modeltranslation.translator import translator

from programs import models
from programs.models.shipped_rows import ShippedRow, digest
from programs.page_content import ROWS_UNDER, SHORT_LISTS

CONTENT = Path(__file__).resolve().parent / "content"
# The models of the lists, each by the name of its file.
LISTINGS = {
    **{layout.value: listing.model for layout, listing in ROWS_UNDER.items() if layout not in SHORT_LISTS},
    "site_profile": models.SiteProfile,
    "synonyms": models.Synonym,
    "danger_words": models.DangerWords,
}


@dataclass
class Report:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[str] = field(default_factory=list)


def load(content: Path = CONTENT) -> Report:
    report = Report()
    with transaction.atomic():
        for model, rows in shipped(content):
            name = model._meta.model_name
            memories = {memory.key: memory for memory in ShippedRow.objects.filter(model=name)}
            stored = {row.key: row for row in model.objects.all()}
            for values in rows:
                key = values["key"]
                try:
                    with transaction.atomic():
                        _load_row(model, values, memories.get(key), stored.get(key), report)
                except (ValidationError, IntegrityError) as error:
                    # Staff may have taken an address that ships now: the rest of the guide must still load.
                    messages = getattr(error, "messages", ["it clashes with another row"])
                    report.skipped.append(f"{name} {key}: cannot be loaded, {' '.join(messages)}")
    return report


def shipped(content: Path):
    outline = _read(content / "outline.toml")["pages"]
    yield models.GuidePage, [_page_values(content, order, page) for order, page in enumerate(outline, 1)]
    yield (
        models.Section,
        [
            values | {"page_key": key}
            for key in (page["key"] for page in outline)
            for values in _rows(content, models.Section, f"pages/{key}.toml", "sections", f"{key}/")
        ],
    )
    for name, model in LISTINGS.items():
        yield model, _rows(content, model, f"listings/{name}.toml")


def _read(path: Path) -> dict:
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def _page_values(content: Path, order: int, page: dict) -> dict:
    values = {name: page[name] for name in ("key", "kind", "frame", "footer", "sequence")}
    values |= {"order": order, "is_in_menu": page["in_menu"], "read_next": page.get("read_next", "")}
    for language, _name in settings.LANGUAGES:
        texts = _read(content / language / "pages" / f"{page['key']}.toml")
        texts.pop("sections", None)
        values |= _translated(models.GuidePage, texts, language)
    return values


def _rows(content: Path, model, name: str, table: str = "rows", prefix: str = "") -> list[dict]:
    rows: dict[str, dict] = {}
    for language, _name in settings.LANGUAGES:
        for order, texts in enumerate(_read(content / language / name).get(table, []), 1):
            key = prefix + texts.pop("key")
            if language == settings.LANGUAGE_CODE:
                rows[key] = {"key": key, "order": order}
            if key not in rows:
                raise ValueError(f"The shipped guide has words for {key!r}, which English does not name.")
            rows[key] |= _translated(model, texts, language)
    return list(rows.values())


def _translated(model, texts: dict, language: str) -> dict:
    """Name each word of a translated field by its language; a blank address is no address."""
    fields = translator.get_options_for_model(model).all_fields
    stripped = {name: value.strip() if isinstance(value, str) else value for name, value in texts.items()}
    values = {f"{name}_{language}" if name in fields else name: value for name, value in stripped.items()}
    return values | ({f"slug_{language}": None} if stripped.get("slug") == "" else {})


def _load_row(model, values: dict, memory: ShippedRow | None, row, report: Report):
    name, key, page_key = model._meta.model_name, values["key"], values.pop("page_key", None)
    if row and memory:
        _update(row, values, memory, report)
    elif row:
        report.skipped.append(f"{name} {key}: staff made a row with this key")
    elif memory:
        report.skipped.append(f"{name} {key}: deleted by staff")
    elif page_key and not models.GuidePage.objects.filter(key=page_key).exists():
        report.skipped.append(f"{name} {key}: its page was deleted by staff")
    else:
        row = model(**values)
        if page_key:
            row.page = models.GuidePage.objects.get(key=page_key)
        row.full_clean()
        row.save(force_insert=True)
        digests = {field_name: digest(value) for field_name, value in values.items()}
        ShippedRow.objects.create(model=name, key=key, digests=json.dumps(digests))
        report.created += 1


def _update(row, values: dict, memory: ShippedRow, report: Report):
    digests = json.loads(memory.digests)
    changed, before = False, row.own_snapshot()
    for field_name, value in values.items():
        current = getattr(row, field_name)
        if current == value:
            digests[field_name] = digest(value)
        elif digests.get(field_name, digest(None)) == digest(current):
            setattr(row, field_name, value)
            digests[field_name] = digest(value)
            changed = True
        elif digests.get(field_name) != digest(value):
            report.skipped.append(f"{memory.model} {memory.key}, {field_name}: edited by staff")
    if changed:
        row.mark_shipped(before, values, timezone.now())
        row.full_clean(validate_unique=False)
        row.save()
        report.updated += 1
    else:
        report.unchanged += 1
    text = json.dumps(digests)
    if text != memory.digests:
        memory.digests = text
        memory.save(update_fields=["digests"])

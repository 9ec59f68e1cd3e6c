from datetime import date

from django.db import models, transaction
from django.utils import timezone

from programs.models.revision import Revision
from programs.models.stale_translations import TranslationMarks


def difference(before: dict, after: dict) -> dict:
    """Return what turns ``before`` into ``after``: each value that differs, ``None`` for what is gone."""
    paths = sorted(before.keys() | after.keys())
    return {path: after.get(path) for path in paths if path not in before or before[path] != after.get(path)}


def own_values(values: dict) -> dict:
    return {path: value for path, value in values.items() if ":" not in path}


def values_by_part(values: dict) -> dict[str, dict]:
    parts: dict[str, dict] = {}
    for path, value in values.items():
        key, colon, name = path.rpartition(":")
        if colon:
            parts.setdefault(key, {})[name] = value
    return parts


class EditedRow(TranslationMarks):
    """A snapshot maps the name of a field, or the key of a section, a colon and the name, to what JSON can hold."""

    excluded_fields: tuple[str, ...] = ("key", "order")  # a key never changes; the place has its own buttons

    class Meta:
        abstract = True

    def parts(self) -> list["EditedRow"]:
        return []

    @classmethod
    def edited_fields(cls) -> list:
        """Return the fields to edit; of a translated one, each language and not the mirror of the first."""
        fields = [field for field in cls._meta.concrete_fields if field.editable and not field.primary_key]
        aside = {*cls.mirrors(), *cls.excluded_fields}
        return [field for field in fields if field.name not in aside]

    @classmethod
    def mirrors(cls) -> set[str]:
        """The translated fields under their name without a language: they mirror one that has it."""
        fields = cls._meta.concrete_fields
        return {field.translated_field.name for field in fields if hasattr(field, "translated_field")}

    def own_snapshot(self) -> dict:
        return {field.name: as_json(field, field.value_from_object(self)) for field in self.edited_fields()}

    def snapshot(self) -> dict:
        values = self.own_snapshot()
        for part in self.parts():
            values |= {f"{part.key}:{name}": value for name, value in part.own_snapshot().items()}
        return values

    def apply(self, values: dict):
        """Nothing is stored. A field that is no more is passed over."""
        fields = {field.name: field for field in self.edited_fields()}
        for name in fields.keys() & own_values(values).keys():
            value = values[name]
            setattr(self, name, None if value == "" and fields[name].unique else fields[name].to_python(value))

    def draft(self) -> Revision | None:
        return Revision.objects.of(self).drafts().first() if self.pk else None

    def save_draft(self, wanted: dict, by, at=None):
        """Keep ``wanted``, a snapshot; one that equals the public row is no draft."""
        with transaction.atomic():
            stored = self._stored()
            Revision.objects.of(stored).drafts().delete()
            changes = difference(stored.snapshot(), wanted)
            if changes:
                Revision.objects.record(stored, Revision.Action.DRAFT, by, at or timezone.now(), changes)

    def discard_draft(self):
        Revision.objects.of(self).drafts().delete()

    def publish(self, wanted: dict, by, at=None):
        with transaction.atomic():
            self._change(wanted, by, at or timezone.now(), Revision.Action.PUBLISHED)
            self.discard_draft()

    def restore(self, revision: Revision, by, at=None):
        """What is younger than the revision is hidden, not lost."""
        with transaction.atomic():
            wanted = self.restored(revision)
            self._change(wanted, by, at or timezone.now(), Revision.Action.RESTORED)

    def restored(self, revision: Revision) -> dict:
        now, then = self.snapshot(), revision.values
        wanted = now | then
        for key in values_by_part(now).keys() - values_by_part(then).keys():
            wanted[f"{key}:is_published"] = False
        return wanted

    def confirm_spanish(self, by, at=None):
        with transaction.atomic():
            stored = self._stored()
            marked = [row for row in (stored, *stored.parts()) if row.translation_marks]
            for row in marked:
                row.stale_spanish = "{}"
                row.save(update_fields=["stale_spanish"])
            if marked:
                self._record(stored, Revision.Action.CONFIRMED, by, at or timezone.now())

    def move(self, offset: int, by, at=None) -> bool:
        """Swap places with the row ``offset`` further (-1 is up); tell whether there was one."""
        with transaction.atomic():
            rows = list(type(self).objects.select_for_update().order_by("order", "pk"))
            position = [row.pk for row in rows].index(self.pk)
            if not 0 <= position + offset < len(rows):
                return False
            rows.insert(position + offset, rows.pop(position))
            for number, row in enumerate(rows, 1):
                if row.order != number:
                    row.order = number
                    row.save(update_fields=["order"])
            self._record(self, Revision.Action.MOVED, by, at or timezone.now())
        return True

    def record_deletion(self, by, at=None):
        """Call it in the transaction of the deletion."""
        self._record(self, Revision.Action.DELETED, by, at or timezone.now())
        self.discard_draft()

    def _stored(self):
        return type(self).objects.select_for_update().get(pk=self.pk)

    @staticmethod
    def _record(row, action, by, at):
        values = row.snapshot()
        Revision.objects.catch_up(row, values, at)
        Revision.objects.record(row, action, by, at, values)

    def _change(self, wanted: dict, by, at, action):
        stored = self._stored()
        before = stored.snapshot()
        Revision.objects.catch_up(stored, before, at)
        changes = difference(before, wanted)
        stored.write(own_values(changes), by, at)
        stored.write_parts(values_by_part(changes), by, at)
        Revision.objects.record(stored, action, by, at, self._stored().snapshot())

    def write(self, values: dict, by, at):
        """Store ``values`` of the row itself; what no form allows is refused."""
        if not values:
            return
        before = self.own_snapshot()
        self.apply(values)
        self.mark_translation(before, self.own_snapshot(), at, by.get_short_name() if by else "")
        self.full_clean(exclude=self.mirrors())
        self.save()

    def mark_shipped(self, before: dict, shipped: dict, at):
        """English and Spanish that ship together fit each other; one that ships beside words of staff fits not."""
        after = self.own_snapshot()
        spanish = {name: value for name, value in after.items() if name.endswith("_es")}
        pairs = {name[:-3]: (name, f"{name[:-3]}_en") for name in spanish}
        fits = {name for name, pair in pairs.items() if all(after[field] == shipped.get(field) for field in pair)}
        self.mark_translation(before | spanish, after, at, fits=fits)

    def write_parts(self, changes: dict[str, dict], by, at):
        """Store the changes of the parts, of which a row has none unless its class says so."""


def as_json(field, value):
    """Return a value as a snapshot holds it: dates as ISO text, and no difference between no text and empty text."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None and isinstance(field, models.CharField | models.TextField):
        return ""
    return value

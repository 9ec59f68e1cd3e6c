import json

from django.db import models


class TranslationMarks(models.Model):
    """A mark goes when the Spanish changes, the English comes back, or somebody says that the Spanish is right."""

    stale_spanish = models.TextField(default="{}", editable=False)  # JSON; see ShippedRow.digests

    class Meta:
        abstract = True

    @property
    def translation_marks(self) -> dict[str, dict]:
        """Each field whose Spanish is out of date, with ``was`` (English), ``at`` (ISO time) and ``by`` (a name)."""
        return json.loads(self.stale_spanish)

    def mark_translation(self, before: dict, after: dict, at, by: str = "", fits=frozenset()):
        """The row is not saved. ``fits`` names fields whose Spanish is known to fit the English that they have now."""
        marks = self.translation_marks
        for name in {name.removesuffix("_en") for name in after if name.endswith("_en")} - {"slug"}:
            english, spanish = f"{name}_en", f"{name}_es"
            was = marks.get(name, {"was": before.get(english)})["was"]
            is_new = before.get(spanish) != after.get(spanish)
            if is_new or name in fits or was == after[english] or not after.get(spanish):
                marks.pop(name, None)
            elif before.get(english) != after[english]:
                marks[name] = {"was": was, "at": at.isoformat(), "by": by}
        self.stale_spanish = json.dumps(marks, ensure_ascii=False)

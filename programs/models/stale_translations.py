"""Which Spanish is older than its English: a mark for each field, kept on the row itself."""

import json

from django.db import models


class TranslationMarks(models.Model):
    """The marks of one row: field → what the English was when the Spanish fitted it, when it changed, and by whom.

    A mark is put when English changes and Spanish does not. It goes when the Spanish changes, when the English comes
    back to what it was, or when somebody says that the Spanish is right as it is.
    """

    stale_spanish = models.TextField(default="{}", editable=False)  # JSON; see ShippedRow.digests

    class Meta:
        abstract = True

    @property
    def translation_marks(self) -> dict[str, dict]:
        """Each field whose Spanish is out of date, with ``was`` (English), ``at`` (ISO time) and ``by`` (a name)."""
        return json.loads(self.stale_spanish)

    def mark_translation(self, before: dict, after: dict, at, by: str = "", fits=frozenset()):
        """Put and take marks for a change from ``before`` to ``after``, values by field. The row is not saved.

        ``fits`` names fields whose Spanish is known to fit the English that they have now.
        """
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

    def unmark_translation(self):
        """Take every mark away: the Spanish is right as it is. The row is not saved."""
        self.stale_spanish = "{}"

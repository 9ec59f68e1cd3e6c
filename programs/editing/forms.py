import json
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.timesince import timesince
from django.utils.translation import gettext as _, gettext_lazy

from programs.editing import style_checks
from programs.models import Revision
from programs.models.base import validate_key
from programs.models.drafts import values_by_part
from programs.models.shipped_rows import digest

LABELS = {"en": gettext_lazy("%(label)s, English"), "es": gettext_lazy("%(label)s, Spanish")}
CHARACTERS_IN_LINE = 64  # of a text box in two columns


def state_token(row) -> str:
    """Return what changes whenever the public row or its draft does, to see whether a form is still about them."""
    draft = row.draft()
    return digest(json.dumps([row.snapshot(), draft and [draft.pk, draft.data]], sort_keys=True))


class ContentForm(forms.ModelForm):
    """A row of the guide. What the advice finds is shown and never refused."""

    key_prefix = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.marks = self.instance.translation_marks if self.instance.pk else {}
        self.findings: dict[str, list[str]] = {}
        if key := self.fields.get("key"):
            key.required = False
            key.help_text = _("A short name, for links. It never changes. Left empty, it is made from the title.")
        for name, language, base in self.translated():
            self.describe(name, language, base)

    def translated(self) -> list[tuple[str, str, str]]:
        """The fields of one language: name, language, and name without it."""
        fields = [field for field in self._meta.model._meta.concrete_fields if field.name in self.fields]
        mirrored = [field for field in fields if hasattr(field, "translated_field")]
        return [(field.name, field.language, field.translated_field.name) for field in mirrored]

    def describe(self, name: str, language: str, base: str):
        field, text = self.fields[name], self.text(name)
        field.widget.attrs["lang"] = language
        if isinstance(field.widget, forms.Textarea):
            lines = sum(1 + len(line) // CHARACTERS_IN_LINE for line in text.splitlines())
            field.widget.attrs["rows"] = max(3, min(16, lines + 1))
        label = self._meta.model._meta.get_field(name).translated_field.verbose_name
        field.label = LABELS[language] % {"label": label[:1].upper() + label[1:]}
        lines = []
        if language == "es" and base in self.marks:
            day = date_format(timezone.localtime(datetime.fromisoformat(self.marks[base]["at"])), "MONTH_DAY_FORMAT")
            stale = _("Out of date: the English changed on %(day)s.") % {"day": day}
            lines.append(format_html('<span class="stale">{}</span>', stale))
        if base != "slug":
            self.findings[name] = style_checks.findings(text, language)
            lines += [format_html('<span class="finding">{}</span>', line) for line in self.findings[name]]
        lines.append(format_html("<span>{}</span>", style_checks.rule(base, language)))
        field.help_text = mark_safe("".join(lines))  # noqa: S308 - each line was escaped

    def text(self, name: str) -> str:
        """What stands in a field now; asked before the field is bound, because that keeps its label and help."""
        typed = self.data.get(self.add_prefix(name)) if self.is_bound else None
        return (typed if typed is not None else self.get_initial_for_field(self.fields[name], name)) or ""

    def prose(self, language: str) -> list[str]:
        names = [name for name, its_language, _base in self.translated() if its_language == language]
        return [self.text(name) for name in names if isinstance(self.fields[name].widget, forms.Textarea)]

    def clean(self):
        data = super().clean()
        if "key" in self.fields and not data.get("key") and "key" not in self.errors:
            data["key"] = self.unused_key(data)
        self.refuse_if_changed()
        return data

    def unused_key(self, data: dict) -> str:
        heading = next(filter(None, map(data.get, ("title_en", "heading_en", "name_en", "name"))), "")
        start = self.key_prefix + (slugify(heading)[:50].strip("-") or self._meta.model._meta.model_name)
        keys = set(self._meta.model.objects.filter(key__startswith=start).values_list("key", flat=True))
        numbered = (f"{start}-{number}" for number in range(2, len(keys) + 3))
        return start if start not in keys else next(key for key in numbered if key not in keys)

    def refuse_if_changed(self):
        """Refuse to write over what somebody else did since this form was opened; the words stay in the form."""
        seen = self.data.get("_seen")
        if not (self.instance.pk and seen):
            return
        stored = type(self.instance).objects.select_for_update().get(pk=self.instance.pk)
        if seen != state_token(stored):
            raise forms.ValidationError(conflict_message(stored))


def conflict_message(row) -> str:
    latest = Revision.objects.of(row).first()
    if not latest:
        return _("This changed since you opened it. Nothing was saved. Your words are below.")
    text = _(
        "%(name)s changed this %(ago)s ago. Nothing was saved. Your words are below. "
        "Look at the history first; saving again puts your words in place of theirs."
    )
    return text % {"name": latest.who or _("Somebody"), "ago": timesince(latest.at)}


class SectionForm(ContentForm):
    def __init__(self, *args, page=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.key_prefix = f"{page.key}/"
        self.fields["order"].help_text = _("1 stands first.")
        if self.instance.pk:
            self.fields["key"].disabled = True

    def clean_key(self):
        key = self.cleaned_data["key"]
        if key and not self.instance.pk:
            key = key.removeprefix(self.key_prefix)
            validate_key(key)
            key = self.key_prefix + key
        return key

    def refuse_if_changed(self):
        """The form of the page looks after its sections too."""


class SectionFormSet(forms.BaseInlineFormSet):
    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            sections = list(super().get_queryset())
            draft = self.instance.draft()
            parts = values_by_part(draft.values) if draft else {}
            self.leaving = {key for key, values in parts.items() if values.get("layout", "") is None}
            for section in sections:
                if section.key not in self.leaving:
                    section.apply(parts.get(section.key, {}))
            self._queryset = sorted(sections, key=lambda section: (section.order, section.pk))
        return self._queryset

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"page": self.instance}

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].initial = form.instance.key in self.leaving if form.instance.pk else False
        if not form.instance.pk:
            form.fields["order"].initial = len(self.get_queryset()) + 1

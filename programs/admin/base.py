"""Editing the guide: English and Spanish of a text side by side, the key and the order out of the way."""

from django.db.models import URLField
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.translator import translator


class ContentAdmin(TranslationAdmin):
    """A row of the guide. Its key never changes once it is made: the shipped guide finds its rows by it."""

    list_display = ("__str__", "order", "is_published")
    list_filter = ("is_published",)
    empty_value_display = "–"

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """English and Spanish of each text as a pair; what has no language comes last."""
        options = translator.get_options_for_model(self.model)
        pairs, rest = [], []
        for field in self.model._meta.get_fields():
            if field.concrete and getattr(field, "editable", False) and not field.primary_key:
                if field.name in options.all_fields:
                    pairs.append((f"{field.name}_en", f"{field.name}_es"))
                elif not hasattr(field, "translated_field"):
                    rest.append(field.name)
        return [(_("Words"), {"fields": pairs}), (_("More"), {"fields": rest})]

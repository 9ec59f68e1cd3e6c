"""Pages of the guide, each with its sections on the same form."""

from django.contrib import admin
from modeltranslation.admin import TranslationStackedInline

from programs import models
from programs.admin.base import ContentAdmin


class SectionInline(TranslationStackedInline):
    model = models.Section
    extra = 0
    fields = ("key", "layout", "order", "is_published", "heading", "body")


@admin.register(models.GuidePage)
class GuidePageAdmin(ContentAdmin):
    list_display = ("__str__", "order", "is_in_menu", "is_published", "reviewed_on")
    inlines = [SectionInline]

    def has_delete_permission(self, request, obj=None):
        is_fixed = obj is not None and obj.kind == obj.Kind.STATEMENT
        return not is_fixed and super().has_delete_permission(request, obj)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset.exclude(kind=models.GuidePage.Kind.STATEMENT))

"""What an editor narrows a list of the guide by."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SpanishFilter(admin.SimpleListFilter):
    title = _("Spanish")
    parameter_name = "spanish"

    def lookups(self, request, model_admin):
        return [("stale", _("Spanish out of date"))]

    def queryset(self, request, queryset):
        return queryset.translation_stale() if self.value() == "stale" else queryset


class DraftFilter(admin.SimpleListFilter):
    title = _("changes")
    parameter_name = "draft"

    def lookups(self, request, model_admin):
        return [("yes", _("Changes not published"))]

    def queryset(self, request, queryset):
        return queryset.filter(has_draft=True) if self.value() == "yes" else queryset


class ReviewFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("due", _("Due for review"))]

    def queryset(self, request, queryset):
        return queryset.due_for_review(timezone.localdate()) if self.value() == "due" else queryset

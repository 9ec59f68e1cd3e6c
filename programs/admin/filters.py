from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OneChoiceFilter(admin.SimpleListFilter):
    def lookups(self, request, model_admin):
        return [self.choice]

    def queryset(self, request, queryset):
        return self.chosen(queryset) if self.value() == self.choice[0] else queryset


class SpanishFilter(OneChoiceFilter):
    title, parameter_name, choice = _("Spanish"), "spanish", ("stale", _("Spanish out of date"))

    def chosen(self, queryset):
        return queryset.translation_stale()


class DraftFilter(OneChoiceFilter):
    title, parameter_name, choice = _("changes"), "draft", ("yes", _("Changes not published"))

    def chosen(self, queryset):
        return queryset.filter(has_draft=True)


class ReviewFilter(OneChoiceFilter):
    title, parameter_name, choice = _("review"), "review", ("due", _("Due for review"))

    def chosen(self, queryset):
        return queryset.due_for_review(timezone.localdate())

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from programs import models
from programs.admin.base import ContentAdmin, OneChoiceFilter
from programs.editing.forms import SectionForm, SectionFormSet


class SectionInline(TranslationStackedInline):
    model = models.Section
    form, formset = SectionForm, SectionFormSet
    template = "admin/programs/sections.html"
    extra = 1
    fieldsets = [
        (None, {"fields": [("heading_en", "heading_es"), ("body_en", "body_es")]}),
        (_("Layout and place"), {"fields": [("layout", "order"), "is_published", "key"], "classes": ["collapse"]}),
        (
            _("Clinician’s check"),
            {"fields": ["is_clinical", ("checked_by", "checked_on")], "classes": ["collapse"]},
        ),
    ]


class ReviewForm(forms.Form):
    reviewed_by = forms.CharField(
        label=_("Name and credential"),
        max_length=120,
        help_text=_("As readers will see it, beside today’s date."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@admin.register(models.OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    """The addresses that pages had before: seen and taken away here, made by a change of address alone."""

    list_display = ("__str__", "page", "left_at")
    list_display_links = None
    list_select_related = ("page",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ReviewFilter(OneChoiceFilter):
    title, parameter_name, choice = _("review"), "review", ("due", _("Due for review"))

    def chosen(self, queryset):
        return queryset.due_for_review(timezone.localdate())


@admin.register(models.GuidePage)
class GuidePageAdmin(ContentAdmin):
    list_display = ("__str__", "state", "is_in_menu", "is_published", "reviewed_on")
    list_filter = (*ContentAdmin.list_filter, ReviewFilter)
    inlines = [SectionInline]
    last_fieldsets = (
        (_("Address of the page"), ("slug_en", "slug_es"), ["collapse"]),
        (_("Review"), ("reviewed_by", "reviewed_on"), []),
    )

    def get_urls(self):
        view = self.admin_site.admin_view(self.review_view)
        return [path("<path:object_id>/review/", view, name=self.url_name("review")), *super().get_urls()]

    def review_view(self, request, object_id):
        row = self.stored_row(request, object_id)
        form = ReviewForm(request.POST or None, initial={"reviewed_by": row.reviewed_by})
        if request.method == "POST" and form.is_valid():
            row.review(form.cleaned_data["reviewed_by"], timezone.localdate(), request.user)
            self.message_user(request, gettext("Reviewed today. Readers see the name and the date."), messages.SUCCESS)
            return HttpResponseRedirect(self.path_of(row, "change"))
        return self.answer(request, row, "review", title=gettext("Reviewed today"), form=form)

    def has_delete_permission(self, request, obj=None):
        is_fixed = obj is not None and obj.kind == obj.Kind.STATEMENT
        return not is_fixed and super().has_delete_permission(request, obj)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset.exclude(kind=models.GuidePage.Kind.STATEMENT))

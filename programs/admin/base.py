from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.translator import translator

from programs.admin.revisions import RevisionViews
from programs.editing import style_checks
from programs.editing.changes import difference_html
from programs.editing.forms import ContentForm, state_token
from programs.models import Revision

MOVE_BUTTON = '<button type="submit" name="step" value="{}" formaction="{}" id="{}" aria-label="{}">{}</button>'


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


class ContentAdmin(RevisionViews, TranslationAdmin):
    """A key never changes once it is made: the shipped guide finds its rows by it."""

    form = ContentForm
    list_display = ("__str__", "state", "is_published")
    list_filter = ("is_published", SpanishFilter, DraftFilter)
    empty_value_display = "–"
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date", "max": "9999-12-31"}, format="%Y-%m-%d")},
        models.URLField: {"assume_scheme": "https"},
    }
    last_fieldsets: tuple = ()  # fields that stand beside each other in a card of their own: heading, names, classes

    def get_queryset(self, request):
        drafts = Revision.objects.drafts().filter(model=self.opts.model_name, key=models.OuterRef("key"))
        stale = self.model._default_manager.translation_stale().filter(pk=models.OuterRef("pk"))
        return super().get_queryset(request).annotate(has_draft=models.Exists(drafts), is_stale=models.Exists(stale))

    def get_list_display(self, request):
        names = super().get_list_display(request)
        may_move = "order" in self.opts.ordering and self.has_change_permission(request)
        return (*names, "move_buttons") if may_move else names

    @admin.display(description=_("State"))
    def state(self, row):
        stale = [("stale", _("Spanish out of date"))] if row.is_stale else []
        draft = [("draft", _("Changes not published"))] if row.has_draft else []
        chips = format_html_join("", '<span class="chip {}">{}</span> ', [*stale, *draft])
        return chips or self.get_empty_value_display()

    @admin.display(description=_("Place"))
    def move_buttons(self, row):
        path = self.path_of(row, "move")
        up = format_html(MOVE_BUTTON, -1, path, f"up-{row.pk}", gettext("Move up: %s") % row, "↑")
        down = format_html(MOVE_BUTTON, 1, path, f"down-{row.pk}", gettext("Move down: %s") % row, "↓")
        return format_html('<span class="moves">{}{}</span>', up, down)

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    def get_fieldsets(self, request, obj=None):
        options = translator.get_options_for_model(self.model)
        aside = {name for _heading, names, _classes in self.last_fieldsets for name in names}
        aside |= {name.removesuffix("_en") for name in aside}
        pairs, rest = [], []
        for field in self.model._meta.get_fields():
            if field.concrete and getattr(field, "editable", False) and not field.primary_key:
                if field.name in options.all_fields and field.name not in aside:
                    pairs.append((f"{field.name}_en", f"{field.name}_es"))
                elif not hasattr(field, "translated_field") and field.name not in {*aside, "order"}:
                    rest.append(field.name)
        cards = [(heading, {"fields": [names], "classes": classes}) for heading, names, classes in self.last_fieldsets]
        return [(None, {"fields": pairs}), *cards, (_("More"), {"fields": rest})]

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row and (draft := row.draft()):
            row.apply(draft.values)
        return row

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        sections = [form for formset in context["inline_admin_formsets"] for form in formset.formset.forms]
        forms_here = [context["adminform"].form, *(form for form in sections if isinstance(form, ContentForm))]
        context["advice"] = self.advice(forms_here)
        if change:
            stored = self.model._default_manager.get(pk=obj.pk)
            revisions = Revision.objects.of(obj)
            context |= {
                "seen": state_token(stored),
                "stored": stored,
                "draft": obj.draft(),
                "last_published": revisions.published().exclude(action=Revision.Action.LOADED).first(),
                "marks": [entry for form in forms_here for entry in self.marks(form)],
                "may_preview": self.has_change_permission(request, obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    @staticmethod
    def marks(form) -> list[dict]:
        return [
            mark
            | {
                "field": form[f"{base}_es"],
                "at": datetime.fromisoformat(mark["at"]),
                "change": difference_html(mark["was"], getattr(form.instance, f"{base}_en") or ""),
            }
            for base, mark in form.marks.items()
            if f"{base}_es" in form.fields
        ]

    @staticmethod
    def advice(forms_here) -> dict:
        english = [text for form in forms_here for text in form.prose("en")]
        spanish = [text for form in forms_here for text in form.prose("es")]
        fields = [form[name] for form in forms_here for name, found in form.findings.items() if found]
        count = sum(len(found) for form in forms_here for found in form.findings.values())
        level = style_checks.level_findings(english, spanish)
        return {"level": level, "fields": fields, "count": count + len(level)}

    def save_model(self, request, obj, form, change):
        """A new row is made here, hidden while it is a draft; every other change waits for ``save_related``."""
        form.wanted = obj.own_snapshot()
        if change:
            return
        if hasattr(obj, "order"):
            obj.order = (self.model._default_manager.aggregate(last=models.Max("order"))["last"] or 0) + 1
        obj.is_published = obj.is_published and not self.is_draft(request)
        obj.save()

    def save_related(self, request, form, formsets, change):
        row, wanted = form.instance, dict(form.wanted)
        for formset in formsets:
            wanted |= self.wanted_parts(request, formset)
        if request.POST.get("_spanish_is_right") and self.is_draft(request):
            row.confirm_spanish(request.user)
        if self.is_draft(request):
            row.save_draft(wanted, request.user)
        else:
            row.publish(wanted, request.user)
            if request.POST.get("_spanish_is_right"):
                row.confirm_spanish(request.user)

    def wanted_parts(self, request, formset) -> dict:
        """Return the snapshot that the forms ask for; a new part is made, hidden until it is published."""
        formset.save(commit=False)
        wanted = {}
        kept = [form for form in formset.initial_forms if form not in formset.deleted_forms]
        for form in [*kept, *(form for form in formset.extra_forms if form.instance in formset.new_objects)]:
            part = form.instance
            wanted |= {f"{part.key}:{name}": value for name, value in part.own_snapshot().items()}
            if part in formset.new_objects:
                part.is_published = False
                part.save()
        return wanted

    @staticmethod
    def is_draft(request) -> bool:
        return "_draft" in request.POST or "_preview" in request.POST

    def delete_model(self, request, obj):
        with transaction.atomic():
            obj.record_deletion(request.user)
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for row in queryset:
                row.record_deletion(request.user)
            super().delete_queryset(request, queryset)

    def response_change(self, request, obj, post_url_continue=None):
        if "_preview" in request.POST:
            return HttpResponseRedirect(self.path_of(obj, "preview", "en"))
        published = gettext("Published in both languages.")
        draft = gettext("Saved as a draft. The public site has not changed.")
        self.message_user(request, draft if self.is_draft(request) else published, messages.SUCCESS)
        return HttpResponseRedirect(self.path_of(obj, "change"))

    response_add = response_change

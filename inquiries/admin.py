"""Inquiries as staff see them: decrypted here and nowhere else, read but never changed, longest waiting first."""

from django.contrib import admin, messages
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inquiries import answers
from inquiries.case_admin import CaseAdmin
from inquiries.keyring import SealError
from inquiries.models import ClosedDay, Event, Inquiry, InquiryText, MessageTemplate, OutboxNotice, WeeklyHours


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows; nothing here adds, changes or deletes one, and only what is offered can be filtered by."""

    actions = None

    def lookup_allowed(self, lookup, value, request):
        return lookup.removesuffix("__exact") in self.list_filter

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def readable(name: str, description):
    """Make a column of one encrypted answer; a value that does not open spoils its own cell only."""

    @admin.display(description=description)
    def column(self, inquiry):
        try:
            return answers.in_words(inquiry, name)
        except SealError:
            return _("cannot be read")

    return column


@admin.register(Inquiry)
class InquiryAdmin(CaseAdmin, ReadOnlyAdmin):
    list_display = ("reference", "waiting", "kind", "way", "person", "reach", "preferred_language", "stage", "flags")
    list_filter = ("kind", "way", "stage", "preferred_language")
    search_fields = ("reference",)
    search_help_text = _("A reference, or a whole name, phone number or email address.")
    list_per_page = 50
    show_full_result_count = False

    person = readable("name", _("name"))
    reach = readable("contact_way", _("how to reach"))

    def get_queryset(self, request):
        return super().get_queryset(request).longest_waiting_first().prefetch_related("texts")

    def get_ordering(self, request):
        return ("received_at", "id")

    def get_search_results(self, request, queryset, search_term):
        found, _may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found = found | queryset.filter(pk__in=Inquiry.objects.found_by(search_term).values("pk"))
        return found, False

    @admin.display(description=_("waiting"), ordering="received_at")
    def waiting(self, inquiry):
        return timesince(inquiry.received_at, depth=2)

    @admin.display(description=_("flags"))
    def flags(self, inquiry):
        is_amended = any(text.kind == InquiryText.Kind.AMENDMENT for text in inquiry.texts.all())
        return ", ".join(
            filter(None, [str(_("sent again with changes")) if is_amended else "", inquiry.screening_reasons])
        )

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        if response.status_code == 200:
            Event.objects.create(verb=Event.Verb.LISTED, actor=request.user)
        return response


@admin.register(OutboxNotice)
class OutboxNoticeAdmin(ReadOnlyAdmin):
    """What mail is owed and what became of it; no address stands here."""

    actions = ["try_again"]
    list_display = ("__str__", "inquiry", "user", "created_at", "attempts", "outcome")
    list_select_related = ("inquiry", "user")
    show_full_result_count = False

    def has_retry_permission(self, request):
        return request.user.has_perm("inquiries.change_outboxnotice")

    @admin.action(description=_("Try to send again"), permissions=["retry"])
    def try_again(self, request, queryset):
        count = sum(notice.retry(request.user) for notice in queryset.select_related("inquiry"))
        words = ngettext("%(count)d notice will be sent again.", "%(count)d notices will be sent again.", count)
        messages.success(request, words % {"count": count})

    @admin.display(description=_("state"))
    def outcome(self, notice):
        return notice.state()


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The audit trail: who did what, and when; no word of anybody."""

    list_display = ("at", "verb", "actor", "inquiry", "fields_changed")
    list_filter = ("verb",)
    list_select_related = ("actor", "inquiry")
    show_full_result_count = False
    fields = ("at", "verb", "actor", "inquiry", "fields_changed")

    @admin.display(description=_("changed"))
    def fields_changed(self, event):
        return event.fields


class SettledByNameAdmin(admin.ModelAdmin):
    """What a supervisor sets for everybody; each change is in the audit trail, without its words."""

    def log_addition(self, request, obj, message):
        self._record(request, obj)

    def log_change(self, request, obj, message):
        self._record(request, obj)

    def log_deletions(self, request, queryset):
        for row in queryset:
            self._record(request, row)

    def _record(self, request, obj):
        Event.objects.create(verb=Event.Verb.CHANGED, actor=request.user, fields=obj._meta.model_name)


@admin.register(WeeklyHours)
class WeeklyHoursAdmin(SettledByNameAdmin):
    list_display = ("weekday", "opens_at", "closes_at")


@admin.register(ClosedDay)
class ClosedDayAdmin(SettledByNameAdmin):
    list_display = ("day", "name")


@admin.register(MessageTemplate)
class MessageTemplateAdmin(SettledByNameAdmin):
    list_display = ("title", "is_offered")
    fields = ("title", ("body_en", "body_es"), "is_offered")

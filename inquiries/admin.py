"""Inquiries as staff see them: decrypted here and nowhere else, read but never changed, longest waiting first."""

from django.contrib import admin, messages
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inquiries import answers
from inquiries.audit import EventAudit
from inquiries.keyring import SealError
from inquiries.listing.desk import InquiryList
from inquiries.listing.export import InquiryExport
from inquiries.models import Event, Inquiry, InquiryText, OutboxNotice

CLEAR_FIELDS = ("reference", "kind", "way", "stage", "received_at", "preferred_language", "page_language")
ANSWER_COLUMNS = {f"answer_{name}": name for name in Inquiry.PERSONAL_FIELDS}


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


def label_of(name: str) -> str:
    return Inquiry._meta.get_field(name).verbose_name


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
class InquiryAdmin(InquiryExport, InquiryList, ReadOnlyAdmin):
    def get_fields(self, request, obj=None):
        return [*CLEAR_FIELDS, *ANSWER_COLUMNS, "first_answers", "timeline"]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        inquiry = self.get_object(request, object_id)
        if request.method == "GET" and response.status_code == 200 and inquiry is not None:
            inquiry.record(Event.Verb.OPENED, request.user)
        return response

    @admin.display(description=_("first answers, before they were changed"))
    def first_answers(self, inquiry):
        if not any(text.kind == InquiryText.Kind.AMENDMENT for text in inquiry.texts.all()):
            return self.get_empty_value_display()
        rows = ((label_of(name), answers.first_in_words(inquiry, name)) for name in Inquiry.PERSONAL_FIELDS)
        return format_html_join("", "<p>{}: {}</p>", (row for row in rows if row[1]))

    @admin.display(description=_("timeline"))
    def timeline(self, inquiry):
        events = inquiry.events.select_related("actor")
        rows = ((local_time(event.at), event.get_verb_display(), event.actor or "") for event in events)
        return format_html_join("", "<p>{} · {} {}</p>", rows)


# Columns under names of their own: under a field's name the admin would print the field itself.
for column, name in ANSWER_COLUMNS.items():
    setattr(InquiryAdmin, column, readable(name, label_of(name)))


def local_time(moment) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


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
class EventAdmin(EventAudit, ReadOnlyAdmin):
    pass

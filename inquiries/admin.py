"""Inquiries as staff see them: decrypted here and nowhere else, read but never changed, longest waiting first."""

import json

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from inquiries import answers
from inquiries.keyring import SealError
from inquiries.models import Event, Inquiry, InquiryText, OutboxNotice

CLEAR_FIELDS = ("reference", "kind", "way", "stage", "received_at", "preferred_language", "page_language")
ANSWER_COLUMNS = {f"answer_{name}": name for name in Inquiry.PERSONAL_FIELDS}


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows; nothing here adds, changes or deletes one."""

    actions = None

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
class InquiryAdmin(ReadOnlyAdmin):
    list_display = ("reference", "waiting", "kind", "way", "person", "reach", "preferred_language", "stage", "flags")
    list_filter = ("kind", "way", "stage", "preferred_language")
    search_fields = ("reference",)
    search_help_text = _("A reference, or a whole name, phone number or email address.")
    list_per_page = 50
    show_full_result_count = False

    person = readable("name", _("name"))
    reach = readable("contact_way", _("how to reach"))

    def get_queryset(self, request):
        return super().get_queryset(request).longest_waiting_first()

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
        return inquiry.screening_reasons

    def get_fields(self, request, obj=None):
        return [*CLEAR_FIELDS, *ANSWER_COLUMNS, "amendments", "timeline"]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        inquiry = self.get_object(request, object_id)
        if inquiry is not None and self.has_view_permission(request, inquiry):
            inquiry.record(Event.Verb.OPENED, request.user)
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=_("sent again with changes"))
    def amendments(self, inquiry):
        return format_html_join("", "<p>{}<br>{}</p>", (amendment_in_words(text) for text in inquiry.texts.all()))

    @admin.display(description=_("timeline"))
    def timeline(self, inquiry):
        events = inquiry.events.select_related("actor")
        rows = ((local_time(event.at), event.get_verb_display(), event.actor or "") for event in events)
        return format_html_join("", "<p>{} · {} {}</p>", rows)


# Columns under names of their own: under a field's name the admin would print the field itself.
for column, name in ANSWER_COLUMNS.items():
    setattr(InquiryAdmin, column, readable(name, Inquiry._meta.get_field(name).verbose_name))


def local_time(moment) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


def amendment_in_words(text: InquiryText) -> tuple[str, str]:
    """Return when answers were sent again, and what they changed to."""
    when = local_time(text.created_at)
    try:
        changed = json.loads(text.body)
    except SealError:
        return when, str(_("cannot be read"))
    lines = (
        f"{Inquiry._meta.get_field(name).verbose_name}: {answers.wording(name, value)}"
        for name, value in changed.items()
    )
    return when, "; ".join(lines)


@admin.register(OutboxNotice)
class OutboxNoticeAdmin(ReadOnlyAdmin):
    """What mail is owed and what became of it; no address stands here."""

    list_display = ("__str__", "inquiry", "user", "created_at", "attempts", "outcome")
    list_select_related = ("inquiry", "user")
    show_full_result_count = False

    @admin.display(description=_("state"))
    def outcome(self, notice):
        return notice.state()

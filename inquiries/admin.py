"""Inquiries as staff see them: decrypted here and nowhere else, read but never changed."""

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _, ngettext

from inquiries.desk.appointments import AppointmentFile
from inquiries.desk.audit_log import EventAudit
from inquiries.desk.case_views import CaseAdmin
from inquiries.desk.date_inputs import DayField, DayInput, TimeInput
from inquiries.desk.display import day_and_clock
from inquiries.desk.export_views import InquiryExport
from inquiries.desk.list_filters import PARAMETERS
from inquiries.desk.list_searches import FoundByPost
from inquiries.desk.list_views import InquiryList
from inquiries.desk.month_views import MonthPage
from inquiries.desk.new_inquiry import NewInquiry
from inquiries.desk.week_page import WeekPage
from inquiries.models import ClosedDay, Event, Inquiry, MessageTemplate, OutboxNotice, WeeklyHours

TEMPLATE_HINT = _("{name} and {reference} are filled in. No diagnosis, no substance, no program name.")


class ReadOnlyAdmin(admin.ModelAdmin):
    actions = None

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Inquiry)
class InquiryAdmin(
    FoundByPost, NewInquiry, AppointmentFile, MonthPage, CaseAdmin, InquiryExport, InquiryList, ReadOnlyAdmin
):
    list_parameters = PARAMETERS


@admin.register(OutboxNotice)
class OutboxNoticeAdmin(ReadOnlyAdmin):
    actions = ["try_again"]
    list_display = ("__str__", "inquiry", "user", "since", "attempts", "outcome")
    list_per_page = 50
    list_select_related = ("inquiry", "user")
    show_full_result_count = False

    def has_retry_permission(self, request):
        return request.user.has_perm("inquiries.change_outboxnotice")

    @admin.action(description=_("Try to send again"), permissions=["retry"])
    def try_again(self, request, queryset):
        count = sum(notice.retry(request.user) for notice in queryset.select_related("inquiry"))
        words = ngettext("%(count)d notice will be sent again.", "%(count)d notices will be sent again.", count)
        messages.success(request, words % {"count": count})

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, notice):
        return day_and_clock(notice.created_at)

    @admin.display(description=_("state"))
    def outcome(self, notice):
        return notice.state()


@admin.register(Event)
class EventAdmin(EventAudit, ReadOnlyAdmin):
    """The audit trail: who did what, and when; no word of anybody."""


class SettledByNameAdmin(admin.ModelAdmin):
    """What a supervisor sets for everybody; each change is in the audit trail, without its words."""

    formfield_overrides = {
        models.DateField: {"form_class": DayField, "widget": DayInput()},
        models.TimeField: {"widget": TimeInput()},
    }

    def log_change(self, request, obj, message):
        Event.objects.create(verb=Event.Verb.CHANGED, actor=request.user, fields=obj._meta.model_name)

    log_addition = log_change

    def log_deletions(self, request, queryset):
        for row in queryset:
            self.log_change(request, row, "")


@admin.register(WeeklyHours)
class WeeklyHoursAdmin(WeekPage, SettledByNameAdmin):
    """One table for all days, instead of a list of rows."""


@admin.register(ClosedDay)
class ClosedDayAdmin(SettledByNameAdmin):
    list_display = ("day", "name")


class MessageTemplateForm(forms.ModelForm):
    class Meta:
        model = MessageTemplate
        fields = ("title", "body_en", "body_es", "is_offered")
        help_texts = {
            "body_en": TEMPLATE_HINT,
            "body_es": TEMPLATE_HINT,
            "is_offered": _(
                "Staff can start from it when they write to a sender. Save and continue to see it filled in."
            ),
        }


@admin.register(MessageTemplate)
class MessageTemplateAdmin(SettledByNameAdmin):
    form = MessageTemplateForm
    list_display = ("title", "is_offered")
    readonly_fields = ("preview_en", "preview_es")

    def get_fields(self, request, obj=None):
        previews = [("preview_en", "preview_es")] if obj else []
        return ["title", ("body_en", "body_es"), "is_offered", *previews]

    @admin.display(description=_("as it is read, in English"))
    def preview_en(self, template):
        return filled_in("en", template)

    @admin.display(description=_("as it is read, in Spanish"))
    def preview_es(self, template):
        return filled_in("es", template)


def filled_in(language: str, template: MessageTemplate) -> str:
    text = linebreaks(template.filled(language, name="Rosa", reference="KF37-RD"), autoescape=True)
    return format_html('<div lang="{}">{}</div>', language, mark_safe(text))  # noqa: S308 - escaped above

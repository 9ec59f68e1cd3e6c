"""The audit trail as supervisors read it; no word of anybody."""

from datetime import time, timedelta

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from inquiries.contact_plans import local_moment
from inquiries.desk.date_inputs import DayField
from inquiries.desk.display import body_of, clock
from inquiries.desk.event_words import fields_in_words, words_about
from inquiries.desk.list_searches import NAMED, FoundByPost
from inquiries.desk.people import short_name
from inquiries.desk.timeline import people_named, result_of
from inquiries.models import Event, ExportReason
from inquiries.models.search import as_reference

Verb = Event.Verb
VERBS = [
    (
        _("By the sender"),
        [Verb.RECEIVED, Verb.AMENDED, Verb.REPEATED, Verb.ADDED, Verb.PLAN_CHANGED, Verb.WITHDRAWN, Verb.STATUS_READ],
    ),
    (
        _("Looked"),
        [Verb.OPENED, Verb.WORDS_READ, Verb.SEEN, Verb.LISTED, Verb.SEARCHED, Verb.PRINTED, Verb.EXPORTED,
         Verb.AUDIT_READ],
    ),
    (_("Worked on an inquiry"), [
        Verb.TAKEN_DOWN,
        Verb.CLAIMED, Verb.LET_GO, Verb.TAKEN, Verb.HANDED_OVER, Verb.TRIED, Verb.REACHED, Verb.NOTED, Verb.MESSAGED,
        Verb.ANSWERED, Verb.CORRECTED, Verb.NEXT_SET,
        Verb.MOVED_ON, Verb.REFERRAL_SETTLED, Verb.INSURANCE_SETTLED, Verb.LINKED, Verb.UNLINKED, Verb.SET_ASIDE,
        Verb.BROUGHT_BACK, Verb.CODE_GIVEN, Verb.CLOSED, Verb.REOPENED, Verb.UNDONE]),
    (_("Kept or erased"), [Verb.HELD, Verb.RELEASED, Verb.ERASED, Verb.PURGED]),
    (_("Accounts and sign-in"), [
        Verb.SIGNED_IN, Verb.SIGN_IN_FAILED, Verb.LOCKED_OUT, Verb.SIGNED_OUT, Verb.DEVICE_ADDED, Verb.DEVICE_REMOVED,
        Verb.ACCOUNT_MADE, Verb.ACCOUNT_CHANGED, Verb.ROLE_GIVEN, Verb.ROLE_TAKEN, Verb.SWITCHED_ON,
        Verb.SWITCHED_OFF]),
    (_("Settings and machinery"), [
        Verb.CHANGED, Verb.DUE_MOVED, Verb.ADDRESS_REFUSED, Verb.RETRIED, Verb.KEYS_ROTATED, Verb.NAMES_INDEXED,
        Verb.BACKED_UP, Verb.RESTORED]),
]  # fmt: skip
NOBODY = "nobody"
# Codes beside the event of an account; any other is the name of a role.
HOW = {
    "command": _("at the command line"),
    "set-up": _("with the set-up code"),
    "replaced": _("replaced by another one"),
    "restore": _("as a backup was restored"),
}
RECOVERY_CODES = "recovery-codes"
MAILS = "mails"
MOST_COUNTED = 5000  # events; whoever looks further back filters by person, inquiry or verb


class BoundedPaginator(Paginator):
    """So that a page takes as long at a million events as at a thousand."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[:MOST_COUNTED].count()


class VerbFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "verb__exact"

    def lookups(self, request, model_admin):
        return Verb.choices

    @property
    def groups(self):
        return [(group, [(verb.value, capfirst(verb.label)) for verb in verbs]) for group, verbs in VERBS]

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() in Verb else queryset


class PersonFilter(admin.SimpleListFilter):
    title = _("person")
    parameter_name = "actor__id__exact"
    column = "actor"

    def lookups(self, request, model_admin):
        staff = get_user_model().objects.order_by("first_name", "username")
        return [*((str(user.pk), short_name(user)) for user in staff), (NOBODY, capfirst(_("sender or system")))]

    @property
    def groups(self):
        return [("", self.lookup_choices)]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(**{self.column: None if self.value() == NOBODY else self.value()})


class AccountFilter(PersonFilter):
    title = _("account")
    parameter_name = "account__id__exact"
    column = "account"

    def lookups(self, request, model_admin):
        return super().lookups(request, model_admin)[:-1]


class SinceFilter(admin.SimpleListFilter):
    """A day typed in an input of the browser; what is no day narrows nothing."""

    title = _("from day")
    parameter_name = "since"
    is_day = True

    def lookups(self, request, model_admin):
        return ()

    def has_output(self):
        return True

    def value(self):
        try:
            return DayField(required=False).clean(super().value())
        except ValidationError:
            return None

    def queryset(self, request, queryset):
        day = self.value()
        return queryset.filter(at__gte=local_moment(day, time())) if day else queryset


class UntilFilter(SinceFilter):
    title = _("to day")
    parameter_name = "until"

    def queryset(self, request, queryset):
        day = self.value()
        return queryset.filter(at__lt=local_moment(day + timedelta(days=1), time())) if day else queryset


class EventAudit(FoundByPost):
    list_display = ("moment", "verb", "who", "about", "fields_changed", "details")
    list_per_page = 50
    list_filter = (VerbFilter, PersonFilter, AccountFilter, SinceFilter, UntilFilter)
    list_select_related = ("actor", "account", "inquiry")
    list_display_links = ("moment",)
    search_fields = ("inquiry__reference",)
    search_help_text = _("The reference of an inquiry: shows everybody who opened or changed it.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    list_max_show_all = 0
    sortable_by = ()
    fields = ("moment", "verb", "who", "about", "fields_changed", "details", "reason")

    def get_ordering(self, request):
        """Some days are read by their times: a try may have been logged later than it was made."""
        has_days = request.GET.get(SinceFilter.parameter_name) or request.GET.get(UntilFilter.parameter_name)
        return ("-at", "-id") if has_days else super().get_ordering(request)

    def get_search_results(self, request, queryset, search_term):
        is_asked = search_term.strip()
        return (queryset.filter(inquiry__reference=as_reference(search_term)) if is_asked else queryset), False

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        if response.status_code == 200:
            self._record(request, self._asked_for(request))
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if response.status_code == 200:
            self._record(request, "event")
        return response

    def _asked_for(self, request) -> str:
        names = {"verb__exact": "verb", "actor__id__exact": "person", "account__id__exact": "account"}
        names |= {NAMED: "inquiry", "since": "days", "until": "days"}
        return ",".join(sorted({word for name, word in names.items() if request.GET.get(name)})) or "all"

    @staticmethod
    def _record(request, detail):
        Event.objects.create(verb=Verb.AUDIT_READ, actor=request.user, detail=detail)

    @admin.display(description=_("when"))
    def moment(self, event):
        return f"{date_format(timezone.localtime(event.at), 'DATE_FORMAT')}, {clock(event.at)}"

    @admin.display(description=_("details"))
    def details(self, event):
        if event.verb == Verb.REACHED:
            return result_of(event)
        if event.account_id:
            return account_codes(event.detail)
        people = people_named([event]) if event.verb == Verb.HANDED_OVER else {}
        return words_about(event, people)

    @admin.display(description=_("who"))
    def who(self, event):
        return named(event.actor, event.actor_name) if event.actor else _("sender or system")

    @admin.display(description=_("inquiry or account"))
    def about(self, event):
        if event.account:
            return named(event.account, event.account_name)
        if not event.inquiry:
            return ""
        address = reverse("admin:inquiries_inquiry_change", args=[event.inquiry_id])
        return format_html('<a href="{}">{}</a>', address, event.inquiry.reference)

    @admin.display(description=_("changed"))
    def fields_changed(self, event):
        if event.account_id:
            return ", ".join(map(field_in_words, event.fields.split()))
        return fields_in_words(event.fields)

    @admin.display(description=_("reason of the export"))
    def reason(self, event):
        found = ExportReason.objects.filter(event=event).first()
        return body_of(found) if found else ""


def named(account, name_then: str | None) -> str:
    name = short_name(account)
    return f"{name} ({name_then})" if name_then and name_then != name else name


def account_codes(codes: str) -> str:
    return ", ".join(str(HOW.get(code, code.capitalize())) for code in codes.split(",") if code)


def field_in_words(name: str) -> str:
    labels = {field.name: field.verbose_name for field in get_user_model()._meta.get_fields() if field.concrete}
    return str({RECOVERY_CODES: _("recovery codes"), MAILS: _("which emails they get"), **labels}.get(name, name))

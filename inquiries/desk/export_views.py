"""The page on which a supervisor takes inquiries out of the desk: why, in which form, and which ones."""

import itertools
from datetime import time, timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.contact_plans import local_moment
from inquiries.desk import export_formats, export_whole
from inquiries.desk.date_inputs import DayField
from inquiries.desk.list_filters import KEPT_IN_VIEWS, FilterForm
from inquiries.desk.list_tabs import LABELS, tab_queryset
from inquiries.desk.pages import EXPORT, DeskPages
from inquiries.models import ExportReason, Inquiry

FORMS = {
    "csv": (export_formats.table_lines, "text/csv; charset=utf-8", "csv"),
    "json": (export_whole.json_lines, "application/x-ndjson", "jsonl"),
    "weeks": (export_formats.week_lines, "text/csv; charset=utf-8", "csv"),
}


class ExportForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you export them?"),
        max_length=500,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 3}),
        help_text=_("Kept with the record of this export. Name no person."),
        error_messages={"required": _("Say why you export them")},
    )
    lists = forms.ChoiceField(
        label=_("Of which lists"),
        choices=[("", _("Only the list above")), ("all", _("All lists: open, closed and set aside"))],
        required=False,
    )
    since = DayField(label=_("Received from (optional)"), required=False)
    until = DayField(label=_("Received until (optional)"), required=False)
    form = forms.ChoiceField(
        label=_("Form"),
        choices=[
            ("csv", _("A table for a spreadsheet (CSV)")),
            ("json", _("Everything, without loss (JSON)")),
            ("weeks", _("Numbers per week, rounded, without small ones (CSV)")),
        ],
        initial="csv",
    )
    notice = forms.ChoiceField(
        label=_("The notice that they may not be passed on"),
        choices=[("row", _("As the first row")), ("name", _("In the name of the file"))],
        initial="row",
    )


class InquiryExport(DeskPages):
    def get_urls(self):
        export = path("export/", self.admin_site.admin_view(self.export_view), name="inquiries_inquiry_export")
        return [export, *super().get_urls()]

    def export_view(self, request):
        if not request.user.has_perm(EXPORT):
            raise PermissionDenied
        narrowed = FilterForm(request.GET)
        form = ExportForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return exported(request.user, narrowed, form.cleaned_data)
        return self.page(request, "export.html", form=form, kept=shown(narrowed), title=_("Export"))


def shown(narrowed: FilterForm) -> list[tuple[str, str]]:
    kept = narrowed.kept()
    words = [(_("List"), LABELS[narrowed.chosen_tab])]
    for name in KEPT_IN_VIEWS:
        if name in kept and name not in ("tab", "now"):
            words.append((narrowed.fields[name].label, dict(narrowed.fields[name].choices).get(kept[name], kept[name])))
    return words


def exported(user, narrowed: FilterForm, asked: dict) -> StreamingHttpResponse:
    """Without its record nothing leaves."""
    now = timezone.now()
    everybody = Inquiry.objects.from_people().longest_waiting_first()
    chosen = everybody if asked["lists"] == "all" else tab_queryset(narrowed.chosen_tab, user, now)
    rows = narrowed.narrow(chosen)
    if asked["since"]:
        rows = rows.filter(received_at__gte=local_moment(asked["since"], time()))
    if asked["until"]:
        rows = rows.filter(received_at__lt=local_moment(asked["until"] + timedelta(days=1), time()))
    if narrowed.must_read:
        read, ids = rows.prefetch_related("texts").iterator(chunk_size=export_formats.CHUNK), []
        while some := list(itertools.islice(read, export_formats.CHUNK)):
            ids += [row.pk for row in narrowed.fitting(some, now)]
    else:
        ids = list(rows.values_list("pk", flat=True))
    ExportReason.record(user, asked["reason"], asked["form"], ids)
    lines, content_type, ending = FORMS[asked["form"]]
    is_named = asked["notice"] == "name"
    name = f"{'CONFIDENTIAL-do-not-pass-on-' if is_named else ''}inquiries-{timezone.localtime(now):%Y-%m-%d}.{ending}"
    response = StreamingHttpResponse(lines(ids, notice_first=not is_named), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from programs.editing import preview
from programs.editing.changes import changes_between
from programs.models import GuidePage, Revision

PER_PAGE = 20


class RevisionViews:
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/preview/<slug:language>/", wrap(self.preview_view), name=self.url_name("preview")),
            path("<path:object_id>/restore/<int:revision_id>/", wrap(self.restore_view), name=self.url_name("restore")),
            path("<path:object_id>/discard/", wrap(self.discard_view), name=self.url_name("discard")),
            path("<path:object_id>/move/", wrap(self.move_view), name=self.url_name("move")),
            *super().get_urls(),
        ]

    def url_name(self, verb: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{verb}"

    def path_of(self, row, verb: str, *args) -> str:
        return reverse(f"admin:{self.url_name(verb)}", args=[row.pk, *args])

    def stored_row(self, request, object_id, may_view=False):
        row = self.get_queryset(request).filter(pk=unquote(object_id)).first() if object_id.isdecimal() else None
        allowed = self.has_view_or_change_permission if may_view else self.has_change_permission
        if not allowed(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        return row

    def answer(self, request, row, template: str, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts, "original": row} | context
        return TemplateResponse(request, f"admin/programs/{template}.html", context)

    def preview_view(self, request, object_id, language):
        row = self.stored_row(request, object_id)
        paths = {code: self.path_of(row, "preview", code) for code in ("en", "es")}
        edit = self.path_of(row, "change")
        if language not in paths:
            raise Http404
        today = timezone.localdate()
        if preview.page_of(row, today) is None:
            self.message_user(request, _("No page shows this list, so there is nothing to preview."), messages.WARNING)
            return HttpResponseRedirect(edit)
        with translation.override(language):
            request.LANGUAGE_CODE, request.preview_paths = language, paths
            context = preview.context(row, today)
            is_home = context["page"].kind == GuidePage.Kind.HOME
            context |= {"public_template": f"programs/{'home' if is_home else 'page'}.html", "edit": edit, "row": row}
            response = TemplateResponse(request, "admin/programs/preview.html", context).render()
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Content-Language"] = language
        return response

    def history_view(self, request, object_id, extra_context=None):
        row = self.stored_row(request, object_id, may_view=True)
        history = list(Revision.objects.of(row).published().select_related("by"))
        page = Paginator(range(len(history)), PER_PAGE).get_page(request.GET.get("page"))
        draft = row.draft()
        return self.answer(
            request,
            row,
            "history",
            title=_("History"),
            page=page,
            entries=[self.entry(row, history, number) for number in page],
            draft=draft,
            draft_changes=draft and changes_between(row, row.snapshot(), row.snapshot() | draft.values),
            may_restore=self.has_change_permission(request, row),
        )

    @staticmethod
    def entry(row, history, number) -> dict:
        revision = history[number]
        before = history[number + 1].values if number + 1 < len(history) else None
        changes = [] if before is None else changes_between(row, before, revision.values)
        return {"revision": revision, "changes": changes, "is_first": before is None, "is_current": number == 0}

    def restore_view(self, request, object_id, revision_id):
        row = self.stored_row(request, object_id)
        revision = Revision.objects.of(row).published().filter(pk=revision_id).first()
        if revision is None:
            raise Http404
        if request.method == "POST":
            try:
                row.restore(revision, request.user)
                self.message_user(request, _("Restored and published in both languages."), messages.SUCCESS)
            except ValidationError as error:
                said = _("This version cannot be restored: %s") % " ".join(error.messages)
                self.message_user(request, said, messages.ERROR)
            return HttpResponseRedirect(self.path_of(row, "history"))
        changes = changes_between(row, row.snapshot(), row.restored(revision))
        title = _("Restore this version?")
        return self.answer(request, row, "restore", title=title, changes=changes, revision=revision)

    def discard_view(self, request, object_id):
        row = self.stored_row(request, object_id)
        draft = row.draft()
        if request.method == "POST":
            row.discard_draft()
            said = _("The changes were thrown away. The public site is as it was.")
            self.message_user(request, said, messages.SUCCESS)
        if request.method == "POST" or draft is None:
            return HttpResponseRedirect(self.path_of(row, "change"))
        changes = changes_between(row, row.snapshot() | draft.values, row.snapshot())
        return self.answer(request, row, "discard", title=_("Throw these changes away?"), changes=changes)

    def move_view(self, request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.stored_row(request, object_id)
        offset = 1 if request.POST.get("step") == "1" else -1
        is_moved = row.move(offset, request.user)
        said = _("Moved: %s") if is_moved else _("“%s” cannot move further.")
        self.message_user(request, said % row, messages.SUCCESS if is_moved else messages.WARNING)
        button = f"#{'down' if offset == 1 else 'up'}-{row.pk}"
        return HttpResponseRedirect(reverse(f"admin:{self.url_name('changelist')}") + button)

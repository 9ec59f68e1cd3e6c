"""The page of one inquiry and the pages of its verbs, as views of the admin."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from inquiries.desk.action_forms import ContactAttemptForm, NoteForm
from inquiries.desk.actions import BY_NAME, CHANGE, VERBS
from inquiries.desk.case_page import Case
from inquiries.desk.timeline import name_of
from inquiries.models import Event, Inquiry, InvalidTransition, MessageTemplate, Refused, StaleVersion
from inquiries.templatetags.desk_links import verb_url

CASE = "admin:inquiries_inquiry_change"


def case_url(inquiry) -> str:
    return reverse(CASE, args=[inquiry.pk])


class CaseAdmin:
    """A mixin of the admin of inquiries: reads, checks the right, calls the verb; the model does the rest."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        verbs = [
            path(
                f"<path:object_id>/{verb.name}/",
                wrap(partial(self.verb_view, verb=verb)),
                name=f"inquiries_inquiry_{verb.name.replace('-', '_')}",
            )
            for verb in VERBS
        ]
        sheet = path("<path:object_id>/sheet/", wrap(self.sheet_view), name="inquiries_inquiry_sheet")
        return [*verbs, sheet, *super().get_urls()]

    def shown(self, request, object_id) -> Inquiry:
        """Return the inquiry for somebody who may see it; 403 or 404 otherwise."""
        if not request.user.has_perm("inquiries.view_inquiry"):
            raise PermissionDenied
        rows = Inquiry.objects.select_related("owner").prefetch_related("texts")
        found = rows.filter(pk=object_id).first() if str(object_id).isdecimal() and len(str(object_id)) < 19 else None
        if found is None:
            raise Http404
        return found

    def page(self, request, template, inquiry, *, status=200, **context):
        case = Case(inquiry, request.user, timezone.now())
        common = {**self.admin_site.each_context(request), "opts": self.model._meta, "case": case, "inquiry": inquiry}
        common |= {"title": _("Inquiry %(reference)s") % {"reference": inquiry.reference}, "media": ""}
        response = TemplateResponse(request, f"admin/inquiries/inquiry/{template}", common | context, status=status)
        response["Cache-Control"] = "no-store"
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the whole case, and record that it was seen."""
        if TO_FIELD_VAR in request.GET:
            raise SuspiciousOperation("no other field leads to an inquiry")
        inquiry = self.shown(request, object_id)
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied  # an inquiry changes by its verbs only
        inquiry.opened(request.user)
        note_form = NoteForm(inquiry=inquiry, user=request.user, prefix=None)
        case = Case(inquiry, request.user, timezone.now())
        walk = case.walk
        context = {"note_form": note_form, "walk": walk, "duplicates": case.duplicates()}
        context["needs_work"] = walk["count"]
        return self.page(request, "change_form.html", inquiry, **context, **(extra_context or {}))

    def sheet_view(self, request, object_id):
        """Show the case on one sheet of paper, and record it."""
        inquiry = self.shown(request, object_id)
        inquiry.record(Event.Verb.PRINTED, request.user)
        return self.page(request, "sheet.html", inquiry)

    def verb_view(self, request, object_id, verb):
        """Ask what a verb needs, then do it; when it is refused, show every word again and say why."""
        inquiry = self.shown(request, object_id)
        if not request.user.has_perm(CHANGE) or not request.user.has_perm(verb.right):
            raise PermissionDenied
        options = {"inquiry": inquiry, "user": request.user}
        if request.method == "POST" and "fill" not in request.POST:
            form = verb.form(request.POST, **options)
            if form.is_valid():
                try:
                    self.do(verb, inquiry, request.user, form)
                except Refused as refused:
                    return self.show_refused(request, verb, inquiry, form, refused)
                if verb.halfway and not inquiry.is_settled:
                    messages.success(request, verb.halfway)
                    return HttpResponseRedirect(case_url(inquiry))
                messages.success(request, verb.done)
                return HttpResponseRedirect(self.next_url(request, verb, inquiry))
            return self.show_verb(request, verb, inquiry, form)
        template = self.chosen_template(request) if verb.name == "message" else None
        form = verb.form(**options, **({"template": template} if template else {}))
        return self.show_verb(request, verb, inquiry, form)

    def do(self, verb, inquiry, user, form):
        """Call the verb; a page that was overtaken is stale for every verb that shows the state."""
        if form.cleaned_data["version"] != inquiry.version and verb.name in ("message", "hold", "release"):
            raise inquiry.refusal(form.cleaned_data["version"])
        verb.call(inquiry, user, form.cleaned_data)

    def show_refused(self, request, verb, inquiry, form, refused):
        stored = self.shown(request, inquiry.pk)
        form.show_again_at(stored.version)
        form.add_error(None, in_words(refused, timezone.now()))
        return self.show_verb(request, verb, stored, form, status=409)

    def show_verb(self, request, verb, inquiry, form, status=200):
        context = {"verb": verb, "form": form, "is_try": isinstance(form, ContactAttemptForm)}
        if verb.name == "move-on":
            context["then"] = Inquiry.stage_after(inquiry.stage)
        if context["is_try"]:
            # The first try brings the inquiry to "Contacting" by itself.
            is_first = inquiry.stage == Inquiry.Stage.RECEIVED
            context["then_try"] = Inquiry.stage_after(Inquiry.Stage.CONTACTING if is_first else inquiry.stage)
        if verb.name == "message":
            context["templates"] = MessageTemplate.objects.filter(is_offered=True)
        return self.page(request, verb.template, inquiry, status=status, **context)

    def chosen_template(self, request) -> MessageTemplate | None:
        chosen = request.POST.get("template", "")
        return MessageTemplate.objects.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 10 else None

    def next_url(self, request, verb, inquiry) -> str:
        """After a verb the case asks for the next action, or closes."""
        wanted = {"move_on": "move-on", "close": "close"}
        then = (
            next((wanted[name] for name in wanted if name in request.POST), verb.then)
            if verb.name == "try"
            else verb.then
        )
        if then and BY_NAME[then].when(inquiry):
            return verb_url(then, inquiry)
        return case_url(inquiry)


def in_words(refused: Refused, now) -> str:
    """Say why nothing was saved, and by whom the page was overtaken."""
    if isinstance(refused, StaleVersion) and refused.event:
        who = name_of(refused.event.actor) if refused.event.actor else _("The sender")
        words = _("%(name)s changed this %(time)s ago. Nothing was saved. Your words are below.")
        return words % {"name": who, "time": timesince(refused.event.at, now, depth=1)}
    if isinstance(refused, InvalidTransition):
        nothing = _("Nothing was saved.")
        return f"{refused.message} {nothing}"
    return str(refused.message)

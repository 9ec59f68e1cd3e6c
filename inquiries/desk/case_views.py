"""The page of one inquiry and those of its verbs, as views of the admin; the model does the rest."""

from contextlib import suppress
from functools import partial

from django.contrib import messages
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from inquiries.desk.action_forms import ContactAttemptForm, NoteForm
from inquiries.desk.actions import BY_NAME, VERBS
from inquiries.desk.case_company import CAME_FROM, in_hand_of_another
from inquiries.desk.case_page import Case
from inquiries.desk.pages import DeskPages
from inquiries.desk.people import short_name
from inquiries.desk.undoing import may_undo, tell_done
from inquiries.models import (
    Claimed,
    Event,
    Inquiry,
    InvalidTransition,
    LastChange,
    MessageTemplate,
    Refused,
    StaleVersion,
)

CASE = "admin:inquiries_inquiry_change"


def case_url(inquiry) -> str:
    return reverse(CASE, args=[inquiry.pk])


def url_name(verb: str) -> str:
    return f"inquiries_inquiry_{verb.replace('-', '_')}"


def verb_url(name: str, inquiry) -> str:
    return reverse(f"admin:{url_name(name)}", args=[inquiry.pk])


class CaseAdmin(DeskPages):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        views = {verb.name: wrap(partial(self.verb_view, verb=verb)) for verb in VERBS}
        verbs = [path(f"<path:object_id>/{name}/", view, name=url_name(name)) for name, view in views.items()]
        sheet = path("<path:object_id>/sheet/", wrap(self.sheet_view), name="inquiries_inquiry_sheet")
        return [*verbs, sheet, *super().get_urls()]

    def shown(self, request, object_id) -> Inquiry:
        if not request.user.has_perm("inquiries.view_inquiry"):
            raise PermissionDenied
        rows = Inquiry.objects.select_related("owner", "claimed_by").prefetch_related("texts")
        found = rows.filter(pk=object_id).first() if str(object_id).isdecimal() and len(str(object_id)) < 19 else None
        if found is None:
            raise Http404
        return found

    def case_page(self, request, template, case, **context):
        title = _("Inquiry %(reference)s") % {"reference": case.reference}
        return self.page(request, template, case=case, inquiry=case.inquiry, title=title, **context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if TO_FIELD_VAR in request.GET:
            raise BadRequest("no other field leads to an inquiry")  # logged as a warning, and mailed to nobody
        inquiry = self.shown(request, object_id)
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied  # an inquiry changes by its verbs only
        inquiry.opened(request.user)
        note_form = NoteForm(inquiry=inquiry, user=request.user)
        case = Case(inquiry, request.user, timezone.now(), request.session.get(CAME_FROM))
        known = {} if case.walk["is_part"] else {"needs_work": case.walk["count"]}
        context = {"note_form": note_form, **known, **(extra_context or {})}
        return self.case_page(request, "change_form.html", case, **context)

    def sheet_view(self, request, object_id):
        inquiry = self.shown(request, object_id)
        inquiry.record(Event.Verb.PRINTED, request.user)
        return self.case_page(request, "sheet.html", Case(inquiry, request.user, timezone.now()))

    def verb_view(self, request, object_id, verb):
        inquiry = self.shown(request, object_id)
        if not verb.is_allowed(inquiry, request.user):
            raise PermissionDenied
        if verb.name == "undo" and (last := LastChange.objects.filter(inquiry=inquiry).first()):
            if not may_undo(request.user, last):
                raise PermissionDenied
        options = {"inquiry": inquiry, "user": request.user}
        if request.method == "GET" and verb.name == "try":
            with suppress(Refused):  # the page tells who has it
                inquiry.claim("try", request.user)
        if request.method != "POST" or "fill" in request.POST:
            if verb.name == "message":
                options["template"] = self.chosen_template(request)
            return self.show_verb(request, verb, inquiry, verb.form(**options))
        form = verb.form(request.POST, **options)
        if not form.is_valid():
            return self.show_verb(request, verb, inquiry, form)
        following = self.following(request, inquiry) if "next_person" in request.POST else ""
        try:
            returned = verb.call(inquiry, request.user, form.cleaned_data)
        except Refused as refused:
            return self.show_refused(request, verb, inquiry, form, refused)
        if verb.tells:
            return self.case_page(request, verb.tells, Case(inquiry, request.user, timezone.now()), told=returned)
        if following:
            tell_done(request, verb, returned, f"{inquiry.reference}: {verb.done}", inquiry)
            return HttpResponseRedirect(following)
        is_halfway = verb.halfway and not inquiry.is_settled
        others = [other] if (other := form.cleaned_data.get("other")) else []
        tell_done(request, verb, returned, verb.halfway if is_halfway else verb.done, inquiry, *others)
        return HttpResponseRedirect(case_url(inquiry) if is_halfway else self.next_url(request, verb, inquiry))

    def following(self, request, inquiry) -> str:
        """Who comes next in the list one came from, by the place that ``inquiry`` has before it is saved."""
        pk = Case(inquiry, request.user, timezone.now(), request.session.get(CAME_FROM)).walk["next"]
        return reverse(CASE, args=[pk]) if pk else ""

    def show_refused(self, request, verb, inquiry, form, refused):
        if verb.name == "undo":  # no page to try again: what stands there now is another change
            messages.error(request, refused.message)
            return HttpResponseRedirect(case_url(inquiry))
        stored = self.shown(request, inquiry.pk)
        form.show_again_at(stored.version)
        if isinstance(refused, Claimed):
            form.ask_again()
        form.add_error(None, why_refused(refused, timezone.now()))
        return self.show_verb(request, verb, stored, form, status=409)

    def show_verb(self, request, verb, inquiry, form, status=200):
        context = {"verb": verb, "form": form, "is_try": isinstance(form, ContactAttemptForm)}
        if verb.name == "move-on":
            context["then"] = Inquiry.stage_after(inquiry.stage)
        if context["is_try"]:
            # The first try brings the inquiry to "Contacting" by itself.
            is_first = inquiry.stage == Inquiry.Stage.RECEIVED
            stage = Inquiry.Stage.CONTACTING if is_first else inquiry.stage
            context["then_try"] = Inquiry.stage_after(stage) if inquiry.can("move_on") else None
        if verb.name == "message":
            context["templates"] = MessageTemplate.objects.filter(is_offered=True)
        case = Case(inquiry, request.user, timezone.now(), request.session.get(CAME_FROM))
        return self.case_page(request, verb.template, case, status=status, **context)

    def chosen_template(self, request) -> MessageTemplate | None:
        chosen = request.POST.get("template", "")
        return MessageTemplate.objects.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 10 else None

    def next_url(self, request, verb, inquiry) -> str:
        then = verb.then
        if verb.name == "try":
            then = "move-on" if "move_on" in request.POST else "close" if "close" in request.POST else ""
        if then and BY_NAME[then].when(inquiry):
            return verb_url(then, inquiry)
        return case_url(inquiry)


def why_refused(refused: Refused, now) -> str:
    if isinstance(refused, Claimed):
        return in_hand_of_another(refused.claim)
    if isinstance(refused, StaleVersion) and refused.event:
        who = short_name(refused.event.actor) if refused.event.actor else _("The sender")
        words = _("%(name)s changed this %(time)s ago. Nothing was saved. Your words are below.")
        return words % {"name": who, "time": timesince(refused.event.at, now, depth=1)}
    nothing = _("Nothing was saved.") if isinstance(refused, InvalidTransition) else ""
    return f"{refused.message} {nothing}".strip()

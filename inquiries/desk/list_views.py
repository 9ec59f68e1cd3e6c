from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from inquiries.desk import bulk_actions
from inquiries.desk.case_company import CAME_FROM
from inquiries.desk.list_filters import FilterForm
from inquiries.desk.list_page import ListPage
from inquiries.desk.list_searches import without_text
from inquiries.desk.list_tabs import NEEDS_WORK
from inquiries.desk.pages import EXPORT, DeskPages
from inquiries.models import Event, SavedView
from inquiries.models.saved_view import LONGEST_TITLE, MOST_VIEWS

LIST = "admin:inquiries_inquiry_changelist"


class SavedViewForm(forms.Form):
    name = forms.CharField(max_length=LONGEST_TITLE)


def filled_in_again(carried) -> dict:
    """What stood in the forms of the list when the session had ended."""
    found = {"ticked": carried.pop("chosen", []), "view_name": "".join(carried.pop("name", []))}
    carried.is_filled = any(found.values())
    return found


class InquiryList(DeskPages):
    def get_urls(self):
        save, delete = (self.admin_site.admin_view(require_POST(v)) for v in (self.save_view, self.delete_view_of_list))
        return [
            path("views/save/", save, name="inquiries_view_save"),
            path("views/<int:pk>/delete/", delete, name="inquiries_view_delete"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            return self.bulk_view(request)
        page = ListPage(request.GET, request.user, timezone.now(), request.looked_for)
        if not page.query:
            request.session[CAME_FROM] = page.form.kept()
        rights = {"verbs": bulk_actions.allowed(request.user), "may_export": request.user.has_perm(EXPORT)}
        context = {"title": _("Inquiries"), "page": page, "needs_work": page.counts[NEEDS_WORK], **rights}
        context |= filled_in_again(request.carried)
        response = self.page(request, "change_list.html", **context | (extra_context or {})).render()
        searched = {"verb": Event.Verb.SEARCHED, "detail": f"found:{len(page.rows)}"}
        looked = {"verb": Event.Verb.LISTED, "detail": page.tab}
        Event.objects.create(actor=request.user, **(searched if page.query else looked))
        return response

    def bulk_view(self, request):
        verb, keys = request.POST.get("verb", ""), request.POST.getlist("chosen")
        back = without_text(request.get_full_path())
        if verb not in bulk_actions.allowed(request.user):
            raise PermissionDenied
        now = timezone.now()
        chosen = bulk_actions.chosen_from(keys, verb, now)
        if not chosen:
            messages.warning(request, _("Nothing was chosen. Tick the inquiries first."))
            return HttpResponseRedirect(back)
        is_confirmed = "confirmed" in request.POST
        posted = request.POST if is_confirmed else None
        form = bulk_actions.HandOverForm(posted) if verb == bulk_actions.HAND_OVER else None
        if is_confirmed and (form is None or form.is_valid()):
            to = form.cleaned_data["to"] if form else None
            done, refused = bulk_actions.apply(keys, verb, request.user, now, to)
            if done:
                words = ngettext("Done for %(count)d inquiry.", "Done for %(count)d inquiries.", len(done))
                messages.success(request, words % {"count": len(done)})
            for reference, why in refused:
                messages.warning(request, f"{reference}: {why}")
            return HttpResponseRedirect(back)
        context = {"verb": verb, "label": bulk_actions.VERBS[verb], "form": form, "back": back}
        context["changing"] = [row for row in chosen if not row.why_not]
        context["staying"] = [row for row in chosen if row.why_not]
        return self.page(request, "bulk.html", title=_("Inquiries"), **context)

    def save_view(self, request):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        query = urlencode(FilterForm(request.POST).kept())
        form = SavedViewForm(request.POST)
        mine = list(SavedView.objects.filter(user=request.user))
        if not form.is_valid() or form.cleaned_data["name"] in [view.title for view in mine]:
            messages.error(request, _("Give the view a name that you have not used yet, up to 40 characters."))
        elif len(mine) >= MOST_VIEWS:
            messages.error(request, _("You have %(count)d views. Delete one first.") % {"count": MOST_VIEWS})
        else:
            SavedView.objects.create(user=request.user, label=form.cleaned_data["name"], query=query)
            messages.success(request, _("The view is saved."))  # its name would lie in the session
        return HttpResponseRedirect(f"{reverse(LIST)}?{query}")

    def delete_view_of_list(self, request, pk):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        SavedView.objects.filter(user=request.user, pk=pk).delete()
        return HttpResponseRedirect(reverse(LIST))

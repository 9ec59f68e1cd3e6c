"""What staff take down of a phone call, a visit or a letter, and the private code that they give."""

from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.crypto.tokens import SubmissionKey, TokenError
from inquiries.desk.actions import CHANGE
from inquiries.desk.aloud_forms import FORMS
from inquiries.desk.case_page import Case
from inquiries.desk.case_views import CaseAdmin
from inquiries.models import Inquiry
from inquiries.promises import promised


def url_name(way: str) -> str:
    return f"inquiries_inquiry_new_{way.replace('-', '_')}"


class NewInquiry(CaseAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        forms = [path(f"new/{way}/", wrap(partial(self.new_view, way=way)), name=url_name(way)) for way in FORMS]
        return [path("new/", wrap(self.which_view), name="inquiries_inquiry_new"), *forms, *super().get_urls()]

    def which_view(self, request):
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        ways = [(f"admin:{url_name(way)}", Inquiry.Way(way).label) for way in FORMS]
        return self.page(request, "new.html", ways=ways, title=_("New from a call, visit or letter"))

    def new_view(self, request, way):
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        form = FORMS[way](request.POST if request.method == "POST" else None)
        key = key_of(request.POST.get("token", ""))
        if form.is_valid() and key:
            return self.show_taken_down(request, form.inquiry().take_down(key, request.user), key)
        if form.is_bound and not key:
            form.add_error(None, _("This page cannot be saved any more. Save this one: your words are below."))
        context = {"form": form, "token": (key or SubmissionKey.new()).token(), "way": Inquiry.Way(way).label}
        return self.page(request, "new_form.html", title=_("New from a call, visit or letter"), **context)

    def show_taken_down(self, request, stored: Inquiry, key: SubmissionKey):
        """Also whenever the same page is sent again. A code that staff gave in place of this one is shown to nobody."""
        inquiry = self.shown(request, stored.pk)
        inquiry.opened(request.user)
        code = key.code if inquiry.has_code(key.code) and not inquiry.erased_at else ""
        told = {"code": code, "site": settings.SITE_URL, **promised(inquiry)}
        return self.case_page(request, "taken_down.html", Case(inquiry, request.user, timezone.now()), **told)


def key_of(token: str) -> SubmissionKey | None:
    try:
        return SubmissionKey.from_token(token)
    except TokenError:
        return None

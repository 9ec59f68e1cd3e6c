from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponseForbidden, HttpResponseRedirect
from django.urls import reverse

from inquiries.crypto import looks
from inquiries.intake import requests
from inquiries.models import Event
from iop_site.refusals import DATABASE_AWAY, Middleware, database_away, is_desk
from iop_site.staff import acting, form_recovery, hashing, known_browsers, lockout, sign_in_flow
from iop_site.staff.views import sign_in

# What the record of a look calls a page, where its URL name does not say it well enough.
PAGES = {"index": "today", "inquiries_inquiry_change": "beside", "inquiries_inquiry_changelist": "several"}
WITHOUT_PASSWORD = {"login", "logout", "set_up"}
AFTER_PASSWORD = {"second_step", "recovery", "enrol", "picture"}
NEW_CODES_PAGES = {"codes", "codes_print", "codes_text"}
GLANCES = {"for_me"}  # they are refused, never led to the sign-in, of which nobody would see anything


class LooksMiddleware(Middleware):
    """Without the record of whom it showed, a page is not shown; a streamed one records that before its first line."""

    def __call__(self, request):
        if not is_desk(request.path_info):
            return self.get_response(request)
        with looks.watched() as look:
            response = self.get_response(request)
        if look.untold:
            match = request.resolver_match
            name = match.url_name or "page"
            page = PAGES.get(name, name.removeprefix("inquiries_inquiry_"))
            own = str(match.kwargs.get("object_id", ""))
            try:
                Event.tell_looks(look.untold, request.user, page, of=int(own) if own.isdecimal() else None)
            except DATABASE_AWAY as error:
                return database_away(error)
        return response


class OneHashMiddleware(Middleware):
    """Stands before sessions and whatever else asks the database: a request whose turn it is not is answered 429."""

    def __call__(self, request):
        with hashing.visit(lambda: lockout.seat(request)) as visit:
            response = self.answer(request, visit)
        if visit.is_refused:
            response.status_code = 429
            response["Retry-After"] = str(hashing.RETRY_AFTER)
        return response

    def answer(self, request, visit):
        is_sign_in = request.method == "POST" and request.path_info == reverse("admin:login")
        if is_sign_in and not requests.is_too_large(request):  # its body is here: a slow one never keeps the slot
            try:
                visit.take_slot()
            except hashing.Busy as busy:
                return sign_in.busy_page(request, busy.message)
            except DATABASE_AWAY as error:
                return database_away(error)
        return self.get_response(request)


class DeskSessionMiddleware(SessionMiddleware):
    """What a page asks for by itself (``GLANCES``) prolongs no session and sets no cookie."""

    def process_response(self, request, response):
        is_glance = request.resolver_match and request.resolver_match.url_name in GLANCES
        return response if is_glance else super().process_response(request, response)


class DeskAccessMiddleware(Middleware):
    """Stands before every view of the desk, and sets ``request.carried`` (see ``form_recovery``) for who may pass; what
    was typed stands in the forms of the page again."""

    def __call__(self, request):
        with acting.by(lambda: request.user):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        request.carried = form_recovery.Words()
        if not is_desk(request.path_info):
            return None
        name = request.resolver_match.url_name
        if name in WITHOUT_PASSWORD:
            return None
        if name in GLANCES:
            return None if may_go_on(request) else HttpResponseForbidden()
        if not request.user.is_authenticated:
            return self.ask_to_sign_in(request)
        if not request.user.is_verified():
            return None if name in AFTER_PASSWORD else self.redirect_to(sign_in_flow.next_page(request), request)
        if sign_in_flow.NEW_CODES in request.session:
            if name not in NEW_CODES_PAGES:
                return HttpResponseRedirect(reverse("admin:codes"))
        elif request.user.must_choose_password and name != "own_password":
            return self.redirect_to(reverse("admin:own_password"), request)
        self.restore_typed(request)
        return None

    def process_template_response(self, request, response):
        if getattr(request, "carried", None) and response.context_data and not response.is_rendered:
            form_recovery.fill_in(response.context_data, request.carried)
        return response

    def ask_to_sign_in(self, request):
        owner = known_browsers.owner(request) if request.method == "POST" else ""
        sealed = form_recovery.seal(request, owner) if owner else ""
        if sealed:
            return sign_in.ended_session_page(request, sealed, form_recovery.page_of(request))
        return HttpResponseRedirect(sign_in.address(request.get_full_path()))

    def redirect_to(self, step, request):
        if request.method in ("GET", "HEAD"):
            sign_in_flow.remember_destination(request, request.get_full_path())
        return HttpResponseRedirect(step)

    def restore_typed(self, request):
        sealed = request.session.get(form_recovery.FIELD)
        if sealed is None:
            return
        words = form_recovery.unseal(sealed, request.user.pk, request.get_full_path())
        if request.method != "POST":
            request.carried = words
        elif words:
            del request.session[form_recovery.FIELD]


def may_go_on(request) -> bool:
    """Whether no step of the sign-in is left, of which a page must be shown first."""
    is_done = request.user.is_verified() and sign_in_flow.NEW_CODES not in request.session
    return is_done and not request.user.must_choose_password

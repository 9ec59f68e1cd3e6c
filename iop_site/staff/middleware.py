"""The door of the desk: whoever has not passed both steps of the sign-in reaches nothing behind it.

Nor does who still has a password that somebody else chose.
"""

from django.http import HttpResponseRedirect
from django.urls import reverse

from inquiries.crypto import looks
from inquiries.intake import requests
from inquiries.models import Event
from iop_site.middleware import AWAY, database_away, is_desk
from iop_site.staff import acting, form_recovery, hashing, known_browsers, lockout, sign_in_flow
from iop_site.staff.views import sign_in

# What a name of an address is called where it says who was seen there; else it says it itself, as "note" does.
PAGES = {"index": "today", "inquiries_inquiry_change": "beside", "inquiries_inquiry_changelist": "several"}
BEFORE_THE_DOOR = {"login", "logout", "set_up"}
BETWEEN_THE_STEPS = {"second_step", "recovery", "enrol", "picture"}
CODES = {"codes", "codes_print", "codes_text"}


class LooksMiddleware:
    """Records whom a page of the desk showed, wherever the view that made it recorded nothing itself.

    Without the record the page is not shown. Files that are streamed record what they hold before the first line.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_desk(request.path_info):
            return self.get_response(request)
        with looks.watched() as look:
            response = self.get_response(request)
        if look.untold:
            name = request.resolver_match.url_name or "page"
            page = PAGES.get(name, name.removeprefix("inquiries_inquiry_"))
            try:
                Event.tell_looks(look.untold, request.user, page)
            except AWAY as error:
                return database_away(error)
        return response


class OneHashMiddleware:
    """Stands before sessions and whatever else asks the database: a request whose turn it is not is answered 429."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with hashing.visit(lambda: lockout.seat(request)) as visit:
            response = self.answer(request, visit)
        if visit.is_refused:
            response.status_code = 429
            response["Retry-After"] = str(hashing.RETRY_AFTER)
        return response

    def answer(self, request, visit):
        """Pass the request on; a sign-in whose turn it is not is refused here, where it costs next to nothing."""
        is_sign_in = request.method == "POST" and request.path_info == reverse("admin:login")
        if is_sign_in and not requests.is_too_large(request):  # its body is here: a slow one never keeps the slot
            try:
                visit.take_slot()
            except hashing.Busy as busy:
                return sign_in.page_while_busy(request, busy.message)
            except AWAY as error:
                return database_away(error)
        return self.get_response(request)


class DeskDoorMiddleware:
    """Stands before every view under the desk's address, so that none can forget to ask.

    Sets ``request.carried`` (see ``iop_site.staff.form_recovery``) for those who may pass.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting.by(lambda: request.user):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        request.carried = {}
        if not is_desk(request.path_info):
            return None
        name = request.resolver_match.url_name
        if name in BEFORE_THE_DOOR:
            return None
        if not request.user.is_authenticated:
            return self.ask_to_sign_in(request)
        if not request.user.is_verified():
            return None if name in BETWEEN_THE_STEPS else self.lead_to(sign_in_flow.next_step(request), request)
        if sign_in_flow.CODES in request.session:
            if name not in CODES:
                return HttpResponseRedirect(reverse("admin:codes"))
        elif request.user.must_choose_password and name != "own_password":
            return self.lead_to(reverse("admin:own_password"), request)
        self.bring_carried(request)
        return None

    def ask_to_sign_in(self, request):
        owner = known_browsers.signed(request)[0] if request.method == "POST" else ""
        sealed = form_recovery.seal(request, owner) if owner else ""
        if sealed:
            return sign_in.page_after_the_end(request, sealed)
        return HttpResponseRedirect(sign_in.address(request.get_full_path()))

    def lead_to(self, step, request):
        """Go to a step of the sign-in, and remember where the user wanted to go."""
        if request.method in ("GET", "HEAD"):
            sign_in_flow.note_next(request, request.get_full_path())
        return HttpResponseRedirect(step)

    def bring_carried(self, request):
        sealed = request.session.get(form_recovery.FIELD)
        if sealed is None:
            return
        words = form_recovery.unseal(sealed, request.user.pk, request.get_full_path())
        if request.method == "POST":
            if words:
                del request.session[form_recovery.FIELD]
        else:
            request.carried = words

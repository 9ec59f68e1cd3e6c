import copy
import secrets

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import conditional_escape
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from inquiries.desk.list_searches import without_text
from inquiries.models import Event
from iop_site.staff import form_recovery, known_browsers, sign_in_flow
from iop_site.staff.forms import SignInForm
from iop_site.staff.models import Session
from iop_site.staff.views.pages import form_page, page

SENT = ("csrfmiddlewaretoken", "username", "next", form_recovery.FIELD)
_drawn: dict[str, str] = {}
ENDED = _(
    "You were signed out because nothing was done for a while. Nothing was saved yet: sign in, and what you "
    "typed is filled in again."
)


def address(next_page: str) -> str:
    return f"{reverse('admin:login')}?{urlencode({'next': without_text(next_page)})}"


@sensitive_post_parameters("password")
@form_page
@csrf_protect
def sign_in(request):
    next_page = request.POST.get("next") or request.GET.get("next") or ""
    if request.method != "POST":
        if admin.site.has_permission(request):
            sign_in_flow.remember_destination(request, next_page)
            return HttpResponseRedirect(sign_in_flow.pop_destination(request))
        return sign_in_page(request, SignInForm(), next_page)
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return sign_in_page(request, form, next_page, sealed=request.POST.get(form_recovery.FIELD, ""))
    sign_in_flow.begin(request, form.user)
    Session.clear_long_ended()
    sign_in_flow.remember_destination(request, next_page)
    if sealed := request.POST.get(form_recovery.FIELD):
        request.session[form_recovery.FIELD] = sealed
    response = HttpResponseRedirect(sign_in_flow.next_page(request))
    return known_browsers.remember_owner(response, request.user)


def sign_in_page(request, form, next_page: str, **extra):
    return page(request, "admin/login.html", _("Sign in"), form=form, next=next_page, **extra)


def busy_page(request, notice):
    """A flood must cost next to nothing: the page is drawn once, then filled with what was sent but the password."""
    drawn = _drawn.get(request.path_info) or _drawn.setdefault(request.path_info, _draw(request, notice))
    sent = [request.POST.get(name, "") for name in SENT]
    response = HttpResponse(drawn.format(*map(conditional_escape, sent)))
    add_never_cache_headers(response)
    response._has_been_logged = True  # the access log has it; a line of Django's for each costs more than the answer
    return response


def _draw(request, notice) -> str:
    """Return the page as a format string of the fields of ``SENT``."""
    stand_ins = [secrets.token_hex(16) for _field in SENT]
    token, name, next_page, sealed = stand_ins
    anybody = copy.copy(request)
    anybody.user = AnonymousUser()
    form = SignInForm(initial={"username": name})
    response = sign_in_page(anybody, form, next_page, sealed=sealed, notice=notice, csrf_token=token)
    drawn = response.render().content.decode().replace("{", "{{").replace("}", "}}")
    for number, stand_in in enumerate(stand_ins):
        drawn = drawn.replace(stand_in, f"{{{number}}}")
    return drawn


def ended_session_page(request, sealed: str, next_page: str):
    return sign_in_page(request, SignInForm(), next_page, sealed=sealed, notice=ENDED)


@never_cache
@csrf_protect
@require_POST
def sign_out(request):
    """Cookies go one by one: "cookies" in Clear-Site-Data would take the mark of a known browser with them."""
    if request.user.is_authenticated:
        Event.objects.create(verb=Event.Verb.SIGNED_OUT, actor=request.user)
    logout(request)
    response = HttpResponse(status=303, headers={"Location": reverse("admin:login")})
    response["Clear-Site-Data"] = '"cache", "storage"'
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.OWNER_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    return response

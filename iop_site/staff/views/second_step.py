"""The second step: the number of a phone, a recovery code instead, and setting a phone up."""

from io import BytesIO

import qrcode
from django.contrib import admin
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from qrcode.image.svg import SvgPathFillImage

from iop_site.staff import known_browsers, sign_in_flow
from iop_site.staff.forms import WAITING, EnrolForm, NumberForm, RecoveryForm, SavedForm

QUIET_ZONE = 4  # modules; ISO/IEC 18004 asks for as many
MAY_CHANGE = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(MAY_CHANGE)
def number(request):
    """Ask for the six digits of the phone."""
    return ask(request, NumberForm, "admin/second_step.html", detail="")


@never_cache
@require_http_methods(MAY_CHANGE)
def recovery(request):
    """Ask for a recovery code instead of the digits."""
    return ask(request, RecoveryForm, "admin/recovery.html", detail="recovery-code")


def ask(request, form_class, template: str, *, detail: str):
    if request.user.is_verified():
        return HttpResponseRedirect(sign_in_flow.take_next(request))
    authenticator = request.user.authenticator
    if authenticator is None:
        return HttpResponseRedirect(reverse("admin:enrol"))
    form = form_class(authenticator, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        sign_in_flow.complete(request, authenticator, detail)
        response = HttpResponseRedirect(sign_in_flow.take_next(request))
        return known_browsers.remember(response, request.user, is_through=True)
    return page(request, template, _("Second step"), form=form)


def page(request, template: str, title, **extra):
    """Answer with a page of the sign-in, as 429 if its form says that the phone waits."""
    context = {**admin.site.each_context(request), "title": title, **extra}
    return told_to_wait(TemplateResponse(request, template, context), extra.get("form"))


def told_to_wait(response, form):
    if form is not None and form.has_error("token", WAITING):
        response.status_code = 429
        response["Retry-After"] = str(max(1, form.authenticator.seconds_to_wait))  # it may be over by now
    return response


def may_enrol(request) -> bool:
    """A first phone needs the password alone; another one, the password and a number given once more."""
    if request.user.is_verified():
        return sign_in_flow.is_confirmed(request)
    return request.user.authenticator is None


def turn_away(request):
    return HttpResponseRedirect(reverse("admin:confirm" if request.user.is_verified() else "admin:second_step"))


@never_cache
@require_http_methods(MAY_CHANGE)
def enrol(request):
    """Set up a phone: a picture to scan, its key as text, and the first number to prove that it works."""
    if not may_enrol(request):
        return turn_away(request)
    authenticator = sign_in_flow.pending(request)
    form = EnrolForm(authenticator, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        sign_in_flow.complete(request, authenticator, detail="new-device")
        sign_in_flow.hold_codes(request, form.codes)
        response = HttpResponseRedirect(reverse("admin:codes"))
        return known_browsers.remember(response, request.user, is_through=True)
    key = authenticator.key
    groups = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    return page(request, "admin/enrol.html", _("Set up your second step"), form=form, key=groups)


@never_cache
@require_safe
def picture(request):
    """Draw the secret for the camera of the phone, dark on white with its quiet zone, whatever the colour scheme."""
    if not may_enrol(request):
        raise Http404
    image = qrcode.make(sign_in_flow.pending(request).address, image_factory=SvgPathFillImage, border=QUIET_ZONE)
    file = BytesIO()
    image.save(file)
    return HttpResponse(file.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@never_cache
@require_http_methods(MAY_CHANGE)
def codes(request):
    """Show the new recovery codes until the box is ticked, and never again."""
    held = sign_in_flow.held_codes(request)
    if not held:
        return HttpResponseRedirect(reverse("admin:account"))
    form = SavedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        del request.session[sign_in_flow.CODES]
        return HttpResponseRedirect(sign_in_flow.take_next(request))
    return page(request, "admin/codes.html", _("Save your recovery codes"), form=form, codes=held)


@never_cache
@require_safe
def codes_print(request):
    held = sign_in_flow.held_codes(request)
    if not held:
        raise Http404
    return page(request, "admin/codes_print.html", _("Recovery codes"), codes=held)


@never_cache
@require_safe
def codes_text(request):
    """Give the codes as a text file."""
    held = sign_in_flow.held_codes(request)
    if not held:
        raise Http404
    lines = [gettext("Recovery codes of the intake desk. Each opens it once."), "", *held, ""]
    name = slugify(gettext("Recovery codes"))
    headers = {"Content-Disposition": f'attachment; filename="{name}.txt"', "Cache-Control": "no-store"}
    return HttpResponse("\r\n".join(lines), content_type="text/plain; charset=utf-8", headers=headers)

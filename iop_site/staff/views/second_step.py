from io import BytesIO

import qrcode
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathFillImage

from iop_site.staff import known_browsers, sign_in_flow
from iop_site.staff.forms import EnrolForm, NumberForm, RecoveryForm, SavedForm
from iop_site.staff.views.pages import form_page, page, posted

QUIET_ZONE = 4  # modules; ISO/IEC 18004 asks for as many


@form_page
def number(request):
    return ask(request, NumberForm, "admin/second_step.html", detail="")


@form_page
def recovery(request):
    return ask(request, RecoveryForm, "admin/recovery.html", detail="recovery-code")


def ask(request, form_class, template: str, *, detail: str):
    if request.user.is_verified():
        return HttpResponseRedirect(sign_in_flow.pop_destination(request))
    authenticator = request.user.authenticator
    if authenticator is None:
        return HttpResponseRedirect(reverse("admin:enrol"))
    form = form_class(authenticator, posted(request))
    if form.is_valid():
        sign_in_flow.complete(request, authenticator, detail)
        response = HttpResponseRedirect(sign_in_flow.pop_destination(request))
        return known_browsers.remember(response, request.user)
    return page(request, template, _("Second step"), form=form)


def may_enrol(request) -> bool:
    """A first phone needs the password alone; another one, the password and a number given once more."""
    if request.user.is_verified():
        return sign_in_flow.is_confirmed(request)
    return request.user.authenticator is None


@form_page
def enrol(request):
    if not may_enrol(request):
        return HttpResponseRedirect(reverse("admin:confirm" if request.user.is_verified() else "admin:second_step"))
    authenticator = sign_in_flow.pending_authenticator(request)
    form = EnrolForm(authenticator, posted(request))
    if form.is_valid():
        sign_in_flow.complete(request, authenticator, detail="new-device")
        sign_in_flow.keep_new_codes(request, form.codes)
        response = HttpResponseRedirect(reverse("admin:codes"))
        return known_browsers.remember(response, request.user)
    key = authenticator.key
    groups = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    return page(request, "admin/enrol.html", _("Set up your second step"), form=form, key=groups)


@never_cache
@require_safe
def picture(request):
    if not may_enrol(request):
        raise Http404
    uri = sign_in_flow.pending_authenticator(request).otpauth_uri
    image = qrcode.make(uri, image_factory=SvgPathFillImage, border=QUIET_ZONE)
    file = BytesIO()
    image.save(file)
    return HttpResponse(file.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@form_page
def codes(request):
    new_codes = sign_in_flow.new_codes(request)
    if not new_codes:
        return HttpResponseRedirect(reverse("admin:account"))
    form = SavedForm(posted(request))
    if form.is_valid():
        del request.session[sign_in_flow.NEW_CODES]
        return HttpResponseRedirect(sign_in_flow.pop_destination(request))
    return page(request, "admin/codes.html", _("Save your recovery codes"), form=form, codes=new_codes)


def codes_or_404(request) -> list[str]:
    if found := sign_in_flow.new_codes(request):
        return found
    raise Http404


@never_cache
@require_safe
def codes_print(request):
    new_codes = codes_or_404(request)
    return page(request, "admin/codes_print.html", _("Recovery codes"), codes=new_codes)


@never_cache
@require_safe
def codes_text(request):
    new_codes = codes_or_404(request)
    lines = [gettext("Recovery codes of the intake desk. Each opens it once."), "", *new_codes, ""]
    name = slugify(gettext("Recovery codes"))
    headers = {"Content-Disposition": f'attachment; filename="{name}.txt"', "Cache-Control": "no-store"}
    return HttpResponse("\r\n".join(lines), content_type="text/plain; charset=utf-8", headers=headers)

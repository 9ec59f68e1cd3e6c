from django.contrib import admin
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from inquiries.intake import requests
from iop_site.refusals import refusal
from iop_site.staff import form_recovery
from iop_site.staff.forms import WAITING


def page(request, template: str, title, **extra):
    context = {**admin.site.each_context(request), "title": title, **extra}
    return told_to_wait(TemplateResponse(request, template, context), extra.get("form"))


def told_to_wait(response, form):
    if form is not None and form.has_error("token", WAITING):
        response.status_code = 429
        response["Retry-After"] = str(max(1, form.authenticator.seconds_to_wait))  # it may be over by now
    return response


def form_page(view):
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(view))


def posted(request):
    return request.POST if request.method == "POST" else None


def refuse_forged(request, reason=""):
    """No other site can put words into the session: its POST comes without the cookie, which is SameSite=Lax."""
    if not requests.is_origin_hidden(request):
        return refusal("403.html", 403)
    sealed = form_recovery.seal(request, request.user.pk) if request.user.is_authenticated else ""
    if sealed:
        request.session[form_recovery.FIELD] = sealed
    return refusal("403_origin.html", 403)

from django.contrib import admin
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

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

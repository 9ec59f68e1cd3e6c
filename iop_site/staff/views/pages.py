"""What the pages of the sign-in and of one's own account share."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods


def page(request, template: str, title, **extra):
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **extra})


def form_page(view):
    """Decorate a view that shows a form and takes it back."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(view))


def posted(request):
    """Return what a form is bound to: nothing unless it was sent."""
    return request.POST if request.method == "POST" else None

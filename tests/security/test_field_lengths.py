"""No form takes more than its column holds: SQLite would store it, PostgreSQL answer with an error."""

from django import forms
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.urls import get_resolver

from inquiries.models import Inquiry
from iop_site.staff.models import User
from tests.factories import staff_user

OURS = ("inquiries", "programs", "iop_site")
# Of plain forms: what is stored of them beyond sealed text, which has no length of its own.
STORED_IN = {
    "AskForm": [Inquiry],
    "FilterForm": [],  # looks for something, stores nothing
}
HASHED = {"password"}  # what is stored of it has one length


def of_class(form: type[forms.BaseForm]):
    """Yield every form of ours that descends from ``form``."""
    for child in form.__subclasses__():
        if child.__module__.split(".")[0] in OURS:
            yield child
        yield from of_class(child)


def of_the_desk(user):
    """Yield the forms that the desk makes of its models, those of the rows below another one too."""
    request = RequestFactory().get("/admin/")
    request.user = user
    for one in admin.site._registry.values():
        if not one.has_add_permission(request) and not one.has_change_permission(request):
            continue
        yield one.get_form(request)
        for inline in one.get_inline_instances(request):
            yield inline.get_formset(request).form


def columns(form: type[forms.BaseForm]) -> list[type[models.Model]]:
    if issubclass(form, forms.BaseModelForm) and form._meta.model:
        return [form._meta.model]
    return next((STORED_IN[base.__name__] for base in form.__mro__ if base.__name__ in STORED_IN), [])


def room(model: type[models.Model], name: str) -> int | None:
    return getattr({field.name: field for field in model._meta.get_fields()}.get(name), "max_length", None)


def test_no_field_of_a_form_is_longer_than_its_column(db):
    get_resolver().url_patterns  # noqa: B018 - imports every view, and so every form
    found = {*of_class(forms.BaseForm), *of_the_desk(staff_user(is_superuser=True))}
    checked, wrong = 0, []
    for form in found:
        for name, field in form.base_fields.items():
            if not isinstance(field, forms.CharField) or name in HASHED:
                continue
            limits = [limit for model in columns(form) if (limit := room(model, name))]
            longest = field.max_length or float("inf")
            checked += len(limits)
            if longest > min(limits, default=longest):
                wrong.append(f"{form.__module__}.{form.__name__}.{name}: {field.max_length} > {limits}")
    assert not wrong
    assert checked > 50
    assert {model for form in found for model in columns(form)} > {Inquiry, User}

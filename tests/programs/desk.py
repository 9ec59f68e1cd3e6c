"""Filling in the forms of the guide as a browser would."""

from django.urls import reverse

CONTENT = [
    f"programs.{verb}_{model}"
    for verb in ("view", "add", "change", "delete")
    for model in (
        "audience benefit carelevel credential crisisline enrollmentstep example facility glossaryterm guidepage "
        "reason schedulefact section servicearea siteprofile therapy"
    ).split()
]


def address(row, verb: str, *args) -> str:
    return reverse(f"admin:programs_{row._meta.model_name}_{verb}", args=[row.pk, *args])


def form_data(client, path: str) -> dict:
    """Return what a browser would send of the form at ``path``, without a button."""
    context = client.get(path).context
    forms = [context["adminform"].form]
    data = {"_seen": context.get("seen", "")}
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value is not None and value is not False and not field.field.disabled:
                data[field.html_name] = str(value)
    return data


def send(client, row, button: str, **changes):
    """Change a row through its form and press a button; a value of ``None`` unticks a box."""
    path = address(row, "change")
    data = {name: value for name, value in (form_data(client, path) | changes).items() if value is not None}
    return client.post(path, data | {button: "1"})

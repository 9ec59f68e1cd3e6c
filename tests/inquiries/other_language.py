"""Pressing the button of the other language, as a browser does it."""

from tests.inquiries.form_pages import Page

LEFT_UNSENT = ("submit", "checkbox", "radio")


def fields_of(page: Page) -> dict[str, list[str]]:
    """Return what a browser sends of a page with one form, whichever button is pressed."""
    inputs = [e for e in page.all("input") if e.get("name") and ("checked" in e or e["type"] not in LEFT_UNSENT)]
    sent: dict[str, list[str]] = {}
    for field in inputs:
        sent.setdefault(field["name"], []).append(field.get("value", "on"))
    for area in page.all("textarea"):
        sent[area["name"]] = [page.raw_text_of("textarea", name=area["name"])]
    return sent


def button_of(page: Page) -> dict:
    """Return the one button of a page that shows it in the other language."""
    [button] = [e for e in page.all("button") if "lang" in e]
    return button


def in_other_language(client, response):
    """Press it."""
    page = Page(response)
    button = button_of(page)
    path, _, fragment = button["formaction"].partition("#")
    assert "?" not in path and fragment == "problem"
    assert any(form.get("id") == button["form"] for form in page.all("form", method="post"))
    return client.post(path, {**fields_of(page), button["name"]: button["value"]})

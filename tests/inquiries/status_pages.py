"""What the tests of the status page share: typing the code, and pressing the buttons of its pages."""

from inquiries.crypto.tokens import SubmissionKey
from tests.factories import stored_inquiry
from tests.inquiries.form_pages import Page

PATH = {"en": "/status/", "es": "/es/estado/"}


def sent(**answers):
    """Return a stored inquiry and its private code."""
    key = SubmissionKey.new()
    return stored_inquiry(key, **answers), key.code


def open_with(client, code, language="en", **carried):
    """Type a code and press the button."""
    return client.post(PATH[language], {"code": code, "step": "open", **carried})


def press(client, response, step, language="en", **typed):
    """Press a button of the page in ``response``, with what the page carries."""
    carried = {e["name"]: e["value"] for e in Page(response).all("input", type="hidden")}
    return client.post(PATH[language], {**carried, "step": step, **typed})


def heading(response) -> str:
    return Page(response).texts_of("h1")[0]

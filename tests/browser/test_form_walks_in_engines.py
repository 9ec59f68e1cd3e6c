"""Each of the four forms in both languages, from an error to taking the request back, in three engines."""

import pytest

from inquiries.models import Inquiry
from tests.browser import checks
from tests.browser.test_leave import go
from tests.inquiries.form_pages import ANSWERS, PATHS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
STATUS = {"en": "/status/", "es": "/es/estado/"}
TYPED = {"name", "phone", "email", "question", "organization", "client_reference"}


def answer(tab, way: str):
    tab.evaluate("document.querySelectorAll('.fold').forEach((fold) => { fold.open = true; })")
    chosen_first = sorted(ANSWERS[way].items(), key=lambda item: item[0] != "contact_way")  # it shows its own field
    for name, value in chosen_first:
        if not value:
            continue
        if name in TYPED:
            tab.fill(f"[name={name}]", value)
        elif value == "on":
            tab.check(f"[name={name}]")
        else:
            for choice in value if isinstance(value, list) else [value]:
                tab.check(f"[name={name}][value={choice}]")


def faults(tab) -> list[str]:
    return checks.structure(tab) + checks.axe(tab) + checks.overflow(tab)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("way", PATHS)
def test_from_an_error_to_taking_it_back(tab, way, language):
    tab.goto(PATHS[way][language])
    tab.resize(360, 640)
    go(tab, "check")
    assert tab.evaluate("document.activeElement.id") == "problem"
    assert faults(tab) == []
    answer(tab, way)
    go(tab, "check")
    assert faults(tab) == []
    go(tab, "send")
    inquiry = Inquiry.objects.get()
    assert inquiry.reference in tab.text(".ticket") and faults(tab) == []
    code = tab.evaluate("[...document.querySelectorAll('b.code')].at(-1).innerText.replace(/\\s+/g, ' ')")
    tab.goto(STATUS[language])
    tab.fill("[name=code]", code)
    go(tab, "open")
    assert faults(tab) == []
    tab.fill("[name=words]", "Mornings")
    for step in ("add", "ask", "withdraw"):
        go(tab, step)
        assert faults(tab) == []
    assert Inquiry.objects.get().name == ""
    assert not tab.evaluate("document.cookie || localStorage.length + sessionStorage.length")

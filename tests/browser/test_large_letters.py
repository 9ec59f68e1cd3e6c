"""A small phone, long Spanish words and letters twice as large: every page of a request still fits."""

import pytest

from tests.browser.conftest import NARROW, PHONE, press
from tests.browser.test_the_request import tick

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
FORM = "/es/pedir-contacto/yo/"
# The words of a button that stand on more lines than one, broken within a word.
BROKEN = """() => [...document.querySelectorAll('.care-buttons a')].filter(a => {
  const text = [...a.childNodes].find(node => node.nodeType === 3 && node.data.trim()), range = document.createRange();
  return [...text.data.matchAll(/\\S+/g)].some(({ 0: word, index }) => {
    range.setStart(text, index); range.setEnd(text, index + word.length);
    return new Set([...range.getClientRects()].map(rect => rect.top)).size > 1;
  });
}).map(a => a.textContent.trim())"""


@pytest.fixture
def guide():
    """No test here looks at the guide."""


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "360"])
def test_the_red_buttons_take_two_lines_at_most(open_page, size):
    page, _ear = open_page(FORM, size=size)
    boxes = [button.bounding_box() for button in page.locator(".care-buttons a").all()]
    assert len(boxes) == 3 and all(44 <= box["height"] < 64 for box in boxes)


def test_with_letters_twice_as_large_no_page_is_wider_than_the_phone(open_page):
    page, _ear = open_page(FORM, size=PHONE, bypass_csp=True)

    def fits():
        page.add_style_tag(content=":root { font-size: 200% }")
        return page.evaluate("document.documentElement.scrollWidth") == PHONE["width"] and page.evaluate(BROKEN) == []

    assert fits()
    page.fill("[name=name]", "Rosa Ficticia")
    tick(page, "contact_way", "call")
    page.fill("[name=phone]", "626 555 0142")
    tick(page, "preferred_language", "es")
    page.fill("[name=question]", "quiero suicidarme")
    tick(page, "agree")
    for step in ("check", "send", "open", "plan"):
        press(page, step)
        assert fits(), step

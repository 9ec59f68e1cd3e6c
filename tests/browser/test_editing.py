"""The guide edited in a browser: sound in every state, by keyboard alone, with script off."""

import pytest

from programs.models import Benefit, GuidePage, Revision
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.test_desk import sound
from tests.factories import staff_user
from tests.programs.desk import address

pytestmark = pytest.mark.django_db(transaction=True)
HARD = "You should simply come. It is easy. It is the best. An addict comes. " + "many " * 25 + "words."


def edited_page() -> GuidePage:
    """A page with everything at once: a history, older Spanish, a draft, and words to look at again."""
    page = GuidePage.objects.get(key="what-is-iop")
    section = page.sections.first()
    page.publish(page.snapshot() | {f"{section.key}:body_en": "New words."}, staff_user(first_name="Marisol"))
    page.refresh_from_db()
    page.save_draft(page.snapshot() | {"answer_en": HARD, "answer_es": "Es fácil."}, staff_user(first_name="Ana"))
    return page


PAGES = {
    "change": lambda page: address(page, "change"),
    "list": lambda page: "/admin/programs/guidepage/",
    "history": lambda page: address(page, "history"),
    "restore": lambda page: address(page, "restore", Revision.objects.of(page).published().last().pk),
    "discard": lambda page: address(page, "discard"),
    "review": lambda page: address(page, "review"),
    "preview": lambda page: address(page, "preview", "en"),
    "preview in Spanish": lambda page: address(page, "preview", "es"),
    "a list row": lambda page: address(Benefit.objects.first(), "preview", "en"),
    "Spanish desk": lambda page: f"/es{address(page, 'change')}",
}


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_editing_is_sound(desk_page, name):
    page, ear = desk_page("/admin/")
    page.goto(f"{ear.origin}{PAGES[name](edited_page())}")
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert sound(page, ear) == []
    assert page.evaluate(checks.HEADINGS) == []
    page.set_viewport_size(NARROW)
    assert checks.overflow(page) == []


def press_to(page, accessible_name: str, presses=80):
    """Press Tab until something of this name has the focus."""
    for _press in range(presses):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent).trim(); }"
        )
        if name == accessible_name:
            return
    raise AssertionError(f"Tab does not reach {accessible_name!r}")


def write(page, field: str, words: str):
    press_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def test_an_editors_day_by_keyboard(desk_page):
    page, ear = desk_page("/admin/")
    benefit = Benefit.objects.get(key="flexibility")
    old = benefit.body_en
    page.goto(f"{ear.origin}{address(benefit, 'change')}")
    write(page, "Text, English", "You keep your own week.")
    write(page, "Text, Spanish", "Usted sigue con su semana.")
    press_to(page, "Save and preview")
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview/en/")
    assert "You keep your own week." in page.inner_text("main")
    benefit.refresh_from_db()
    assert benefit.body_en == old
    press_to(page, "Back to editing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    press_to(page, "Publish both")
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    page.goto(f"{ear.origin}/es/beneficios/")
    assert "Usted sigue con su semana." in page.inner_text("main")
    page.goto(f"{ear.origin}{address(benefit, 'history')}")
    press_to(page, "Restore this version …")
    page.keyboard.press("Enter")
    page.wait_for_url("**/restore/**")
    press_to(page, "Restore and publish both")
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    page.goto(f"{ear.origin}/benefits/")
    assert old in page.inner_text("main") and "You keep your own week." not in page.inner_text("main")


def test_return_in_a_field_saves_a_draft_and_publishes_nothing(desk_page):
    page, ear = desk_page("/admin/")
    benefit = Benefit.objects.get(key="flexibility")
    page.goto(f"{ear.origin}{address(benefit, 'change')}")
    write(page, "Title, English", "Pressed return")
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    benefit.refresh_from_db()
    assert benefit.title_en != "Pressed return" and benefit.draft().values == {"title_en": "Pressed return"}


def test_a_row_moves_by_keyboard_without_script_and_the_focus_stays_near(desk_page):
    page, ear = desk_page("/admin/", java_script_enabled=False)
    second = Benefit.objects.all()[1]
    page.goto(f"{ear.origin}/admin/programs/benefit/")
    page.focus(f"#up-{second.pk}")
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    assert Benefit.objects.first() == second and page.url.endswith(f"#up-{second.pk}")


def test_the_headings_of_the_languages_stay_on_top(desk_page):
    page, ear = desk_page("/admin/")
    page.goto(f"{ear.origin}{address(GuidePage.objects.get(key='what-is-iop'), 'change')}")
    page.evaluate("document.querySelector('#id_answer_en').scrollIntoView({block: 'end'})")
    assert page.locator(".languages").bounding_box()["y"] >= 0

"""The sign-in as a person goes through it: sound in both schemes, on a phone, without scripts, and shut behind them."""

import pytest

from iop_site.staff.models import Authenticator, SetUpCode
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.test_desk import sound
from tests.factories import PASSWORD, phone_of, staff_user
from tests.iop_site.test_second_step import number

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guide():
    """No test here looks at the guide."""


def look(page, ear):
    """Whether the page is sound as it stands, light and wide, dark and small."""
    for scheme, size in (("light", WIDE), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert sound(page, ear) == []
    page.set_viewport_size(NARROW)
    assert checks.overflow(page) == []


def sign_in(page, username, password=PASSWORD):
    page.fill("#id_username", username)
    page.fill("#id_password", password)
    page.click("button.default")


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_first_account_goes_from_the_code_to_the_desk(open_page, prefix):
    page, ear = open_page(f"{prefix}/admin/login/")
    code = SetUpCode.renew()
    page.goto(f"{ear.origin}{prefix}/admin/set-up/")
    look(page, ear)
    fields = {
        "code": code,
        "username": "marisol",
        "first_name": "Marisol",
        "email": "m@example.com",
        "password": PASSWORD,
        "again": "other",
    }
    for name, text in fields.items():
        page.fill(f"#id_{name}", text)
    page.click("button.default")
    look(page, ear)
    for name in ("password", "again"):
        page.fill(f"#id_{name}", PASSWORD)
    page.click("button.default")
    page.wait_for_url("**/second-step/set-up/")
    page.click("summary")
    assert page.locator("img.picture").evaluate("image => image.complete && image.naturalWidth > 0")
    look(page, ear)
    page.fill("#id_token", number(Authenticator.objects.get()))
    page.click("button.default")
    page.wait_for_url("**/codes/")
    look(page, ear)
    page.goto(f"{ear.origin}{prefix}/admin/second-step/codes/print/")
    look(page, ear)
    page.goto(f"{ear.origin}{prefix}/admin/second-step/codes/")
    page.check("#id_is_saved")
    page.click("button.default")
    page.wait_for_url(f"**{prefix}/admin/")


def test_both_steps_without_scripts_and_nothing_to_go_back_to(open_page):
    user = staff_user(is_superuser=True)
    phone = phone_of(user)
    page, ear = open_page("/admin/account/", java_script_enabled=False)
    sign_in(page, user.username, "wrong")
    assert page.locator("[role=alert]").count() == 1
    sign_in(page, user.username)
    page.fill("#id_token", number(phone))
    page.click("button.default")
    page.wait_for_url("**/admin/account/")
    page.click("#logout-form button")
    page.wait_for_url("**/admin/login/")
    kept = {cookie["name"] for cookie in page.context.cookies()}
    assert kept == {"csrftoken", "desk_known"}  # a new token, of the form to sign in
    page.go_back()
    assert page.locator("#id_password").count() == 1 and user.username not in page.content()


def test_the_second_step_and_its_mistakes_are_sound(open_page):
    user = staff_user(is_superuser=True)
    phone_of(user)
    page, ear = open_page("/admin/")
    sign_in(page, user.username)
    look(page, ear)
    page.fill("#id_token", "000000")
    page.click("button.default")
    look(page, ear)
    page.goto(f"{ear.origin}/admin/second-step/recovery/")
    look(page, ear)
    page.locator(".as-link").click()
    page.wait_for_url("**/admin/login/")

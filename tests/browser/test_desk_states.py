"""The pages and states of the desk that no other test looks at, sitting by sitting: sound, and within the policy."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from inquiries.desk import list_page as page_of_list
from inquiries.models import ClosedDay, Inquiry, MessageTemplate, OutboxNotice, SavedView
from iop_site.staff.models import User
from programs.models import Credential, SiteProfile
from tests.browser import checks
from tests.browser.conftest import NARROW, PHONE, WIDE
from tests.browser.test_case_pages import busy_inquiry
from tests.browser.test_crawl import WATCH
from tests.factories import PASSWORD, staff_in, stored_inquiry

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
BY_NIGHT = ["color-contrast", "link-in-text-block", "target-size"]
SAID_BY_THE_BROWSER = "Failed to load resource"  # of a page that answers 400 or more, as it should


class Sitting:
    """One signed-in browser that goes from state to state; ``found`` holds what is wrong, by the name of the state."""

    def __init__(self, page, ear):
        self.page, self.ear, self.found = page, ear, {}
        page.add_init_script(WATCH)

    def look(self, name: str):
        page = self.page
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        wrong = [*checks.axe(page), *page.evaluate(checks.IDS), *page.evaluate(checks.HEADINGS)]
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        wrong += checks.axe(page, runOnly=BY_NIGHT)
        page.set_viewport_size(NARROW)
        wrong += checks.overflow(page)
        wrong += [text for text in self.ear.messages if SAID_BY_THE_BROWSER not in text]
        wrong += [f"asked {url}" for url in self.ear.foreign]
        self.ear.messages.clear()
        page.set_viewport_size(WIDE)
        if wrong:
            self.found[name] = wrong

    def go(self, path: str):
        self.page.goto(f"{self.ear.origin}{path}")

    def open(self, *paths: str):
        for path in paths:
            self.go(path)
            self.look(path)

    def press(self, selector: str, name: str = ""):
        self.page.evaluate("for (const form of document.forms) form.noValidate = true")  # the server is asked
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look(f"{self.page.url} {name or selector}")


def case(inquiry, verb="change") -> str:
    return reverse(f"admin:inquiries_inquiry_{verb.replace('-', '_')}", args=[inquiry.pk])


def row(obj, verb="change") -> str:
    return reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_{verb}", args=[obj.pk])


def test_lists_and_cases_in_every_state(desk_page, monkeypatch):
    monkeypatch.setattr(page_of_list, "PER_PAGE", 2)
    staff_in("Supervisor", first_name="Marisol")
    for number in range(2):
        stored_inquiry(name=f"Rosa Fictitious {number}", phone=f"+162655501{number:02d}")
    busy, closed, aside = busy_inquiry(), stored_inquiry(question="a"), stored_inquiry(question="b")
    page, ear = desk_page("/admin/")
    chief, sitting = User.objects.get(is_superuser=True), Sitting(page, ear)
    MessageTemplate.objects.create(title="Made up", body_en="Hello {name}", body_es="Hola, {name}")
    for inquiry in (closed, aside):
        inquiry.opened(chief)
    closed.close("answered", "status-page", chief)
    closed.hold("A complaint is open.", chief)
    aside.set_aside(chief)
    Inquiry.objects.filter(pk=busy.pk).update(due_at=timezone.now() - timedelta(days=2))
    cases = "/admin/inquiries/inquiry/"
    sitting.open(
        "/admin/", *(f"{cases}?{query}" for query in ("tab=overdue", "tab=aside", "tab=closed", "page=2", "q=no"))
    )
    sitting.open(case(closed), case(aside), case(busy, "history"), case(closed, "release"))
    sitting.open(*(case(busy, verb) for verb in ("answered", "not-same", "note", "referral")))
    wrongly = [(busy, verb) for verb in ("next", "close", "message", "hand-over", "link", "note")]
    for inquiry, verb in [*wrongly, (closed, "reopen")]:
        sitting.go(case(inquiry, verb))
        sitting.press("[name=save]", "with errors")
    sitting.go(case(busy, "message"))
    sitting.press("[name=fill]")
    sitting.go(case(busy, "hold"))
    busy.note("Somebody was faster.", chief)
    page.fill("#id_note", "A complaint is open.")
    sitting.press("[name=save]", "stale")
    assert sitting.found == {}


def test_lists_where_something_was_left_out(desk_page):
    stored_inquiry()
    page, ear = desk_page("/admin/")
    chief, sitting, cases = User.objects.get(is_superuser=True), Sitting(page, ear), "/admin/inquiries/inquiry/"
    sitting.go(cases)
    sitting.press("[name=verb][value=take]", "nothing chosen")
    for verb in ("set-aside", "hand-over"):
        sitting.go(cases)
        page.locator("[name=chosen]").first.check()
        sitting.press(f"[name=verb][value={verb}]")
    sitting.press("[name=confirmed]", "without a person")
    SavedView.objects.create(user=chief, label="Mine", query="tab=open")
    sitting.go(cases)
    page.get_by_text("Save this view").click()
    page.fill("#view_name", "Mine")
    sitting.press(".list-views details button", "name used twice")
    sitting.go("/admin/inquiries/inquiry/export/")
    sitting.press("button.is-main", "without a reason")
    assert sitting.found == {}


def test_what_a_supervisor_reads_and_sets(desk_page):
    other = staff_in("Supervisor", first_name="Marisol")
    inquiry = stored_inquiry()
    day = ClosedDay.objects.create(day="2026-12-25", name="Made up")
    template = MessageTemplate.objects.create(title="Made up", body_en="Hello {name}", body_es="Hola, {name}")
    OutboxNotice.objects.update(last_error="TimeoutError", attempts=3, created_at=timezone.now() - timedelta(days=2))
    page, ear = desk_page("/admin/")
    sitting, desk = Sitting(page, ear), "/admin/inquiries"
    sitting.open("/admin/", f"{desk}/event/?verb__exact=restored", row(inquiry.events.first()), "/admin/staff/")
    sitting.open("/admin/inquiries/", row(OutboxNotice.objects.first()))
    sitting.open(f"{desk}/weeklyhours/")
    page.locator("[name=closes_0]").fill("08:00")
    sitting.press("#content [type=submit]", "with errors")
    for thing in (day, template):
        sitting.open(f"{desk}/{thing._meta.model_name}/", row(thing))
        sitting.go(f"{desk}/{thing._meta.model_name}/add/")
        sitting.press("[name=_save]", "with errors")
    sitting.open(row(day, "history"), row(day, "delete"))
    sitting.press("#content [type=submit]", "deleted")
    sitting.go(f"{desk}/outboxnotice/")
    page.locator("[name=_selected_action]").first.check()
    page.select_option("[name=action]", "try_again")
    sitting.press("[name=index]", "sent again")
    sitting.open(row(other), "/admin/staff/user/?is_active__exact=0")
    for path in ("/admin/staff/user/add/", reverse("admin:auth_user_password_change", args=[other.pk])):
        sitting.open(path)
        sitting.press("#content [type=submit]", "with errors")
    sitting.go(row(other))
    page.fill("#id_username", "")
    sitting.press("[name=_save]", "with errors")
    assert sitting.found == {}


def test_the_own_account_and_what_is_refused(desk_page):
    page, ear = desk_page("/admin/")
    sitting = Sitting(page, ear)
    sitting.open("/admin/password_change/done/")
    sitting.go("/admin/password_change/")
    sitting.press("#content [type=submit]", "with errors")
    sitting.go("/admin/account/confirm/")
    sitting.press("button.default", "with errors")
    User.objects.update(must_choose_password=True)
    sitting.open("/admin/")
    sitting.press("button.default", "with errors")
    page.fill("#id_old_password", PASSWORD)
    for name in ("new_password1", "new_password2"):
        page.fill(f"#id_{name}", "purple lantern orchard")
    sitting.press("button.default", "chosen")
    assert page.url.endswith("/admin/")
    sitting.open(
        "/admin/nothing/", "/admin/inquiries/inquiry/add/", "/admin/inquiries/inquiry/1/change/?_to_field=name"
    )
    sitting.go("/admin/staff/user/add/")
    page.context.clear_cookies(name="csrftoken")
    sitting.press("#content [type=submit]", "without the token")
    sitting.go("/admin/staff/user/add/")
    page.fill("#id_username", "newcomer")
    User.objects.get().sessions.all().delete()
    sitting.press("#content [type=submit]", "after the end of the session")
    for _try in range(6):
        page.fill("#id_username", "nobody")
        page.fill("#id_password", "wrong")
        with page.expect_navigation():
            page.click("button.default")
    sitting.look("locked out")
    assert sitting.found == {}


def test_every_list_of_the_guide(desk_page):
    page, ear = desk_page("/admin/")
    soon = timezone.localdate() + timedelta(days=12)
    claim = Credential.objects.create(key="made-up", title_en="Example certification", expires_on=soon)
    models = [model for model in apps.get_app_config("programs").get_models() if admin.site.is_registered(model)]
    sitting = Sitting(page, ear)
    sitting.open("/admin/", "/admin/programs/", row(SiteProfile.objects.first()), row(claim))
    sitting.open(*(reverse(f"admin:programs_{model._meta.model_name}_changelist") for model in models))
    assert len(models) > 10 and sitting.found == {}

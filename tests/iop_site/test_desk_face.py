"""The desk wears the site's colours, shows each member of staff only what they may open, and speaks both languages."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation

from inquiries.models import ClosedDay
from iop_site.staff import roles
from programs.models import Therapy
from tests.factories import staff_in, staff_user, stored_inquiry

pytestmark = [pytest.mark.once, pytest.mark.django_db]
TEMPLATES = Path(__file__).resolve().parents[2] / "templates/admin"
OWN_STRING = re.compile(
    r"""{% translate (["'])(.+?)\1|{% blocktranslate trimmed %}\s*(.+?)\s*{% endblocktranslate %}""", re.S
)
FOOTER = "Do not write a diagnosis or a substance anywhere on this desk. Times are Duarte time."
BAR = {
    "Inquiries": "inquiries.view_inquiry",
    "Notices": "inquiries.view_outboxnotice",
    "Guide": "programs.view_guidepage",
    "Claims": "programs.view_credential",
    "Audit": "inquiries.view_event",
}


@pytest.fixture
def desk(client):
    client.force_login(get_user_model().objects.create_superuser("chief"))
    return client


@pytest.fixture
def pages(desk):
    """One page of each kind, as text."""
    therapy = Therapy.objects.create(key="made-up", title_en="Group therapy")
    case = stored_inquiry()
    paths = [
        reverse("admin:index"),
        reverse("admin:password_change"),
        reverse("admin:inquiries_inquiry_changelist"),
        reverse("admin:inquiries_inquiry_change", args=[case.pk]),
        reverse("admin:programs_therapy_changelist"),
        reverse("admin:programs_therapy_add"),
        reverse("admin:programs_therapy_change", args=[therapy.pk]),
        reverse("admin:programs_therapy_history", args=[therapy.pk]),
        reverse("admin:programs_therapy_delete", args=[therapy.pk]),
    ]
    texts = {path: desk.get(path).content.decode() for path in paths}
    desk.logout()
    sign_in = reverse("admin:login")
    return texts | {sign_in: desk.get(sign_in).content.decode()}


def bar(page: str) -> list[str]:
    nav = re.search(r'<nav class="desk-nav".*?</nav>', page, re.S)
    return re.findall(r"<li>\s*<a [^>]*>([^<]*?) ?(?:<span.*?)?</a>", nav[0]) if nav else []


def test_the_stylesheet_comes_after_every_other(pages):
    for path, page in pages.items():
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        ours = [sheet for sheet in sheets if "/admin/css/" not in sheet]
        assert sheets[-len(ours) :] == ours and "/static/css/desk.css" in ours, path
        assert "dark_mode.css" not in page and "theme.js" not in page, path


def test_no_page_has_inline_style_or_script(pages):
    for path, page in pages.items():
        assert "<style" not in page and not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)[^>]*>", page), path


def test_every_page_says_what_must_not_be_written(pages):
    for path, page in pages.items():
        assert FOOTER in page, path


def test_every_page_has_one_main_heading(pages):
    for path, page in pages.items():
        assert len(re.findall(r"<h1\b", page)) == 1, path


@pytest.mark.parametrize(("label", "permission"), BAR.items())
def test_the_bar_shows_only_what_the_user_may_view(client, label, permission):
    client.force_login(staff_user(permission))
    assert bar(client.get(reverse("admin:index")).content.decode()) == ["Today", label]


def test_the_bar_shows_all_to_who_may_view_all(desk):
    assert bar(desk.get(reverse("admin:index")).content.decode()) == ["Today", *BAR, "Staff"]


def test_what_each_role_opens_all_day_is_not_folded(client):
    for role, words in ((roles.CONTENT, ["Today", "Guide", "Claims"]), (roles.SUPERVISOR, ["Today", "Inquiries"])):
        client.force_login(staff_in(role))
        page = client.get(reverse("admin:index")).content.decode()
        assert bar(page.replace('<details class="desk-more">', "</nav>")) == words


def test_who_may_change_a_list_finds_it_in_the_bar_too(client):
    client.force_login(staff_user("programs.change_guidepage"))
    assert bar(client.get(reverse("admin:index")).content.decode()) == ["Today", "Guide"]


def test_the_bar_is_not_there_before_signing_in(client):
    page = client.get(reverse("admin:login")).content.decode()
    assert not bar(page) and "logout-form" not in page


def test_the_bar_marks_where_one_is(desk):
    case = stored_inquiry()
    on_the_list = desk.get(reverse("admin:inquiries_inquiry_changelist")).content.decode()
    in_the_case = desk.get(reverse("admin:inquiries_inquiry_change", args=[case.pk])).content.decode()
    assert re.search(r'aria-current="page">Inquiries ', on_the_list)
    assert re.search(r'aria-current="true">Inquiries ', in_the_case)


def test_signing_out_is_a_button_that_posts(desk):
    page = desk.get(reverse("admin:index")).content.decode()
    assert re.search(r'<form id="logout-form" method="post".*?<button type="submit">Sign out</button>', page, re.S)


def test_english_and_spanish_of_a_text_stand_in_one_row(pages):
    page = next(page for path, page in pages.items() if path.endswith("/change/") and "therapy" in path)
    rows = re.findall(r'<div class="form-row ([^"]+)">', page)
    assert "field-title_en field-title_es" in [" ".join(row.split()) for row in rows]


def test_the_search_field_has_a_label_in_words(desk):
    page = desk.get(reverse("admin:inquiries_inquiry_changelist")).content.decode()
    assert '<label for="find_q">Find</label>' in page


def test_the_spanish_desk_is_marked_and_linked_as_spanish(desk):
    page = desk.get("/es/admin/").content.decode()
    assert '<html lang="es"' in page and "Todas las listas" in page
    assert 'href="/es/admin/inquiries/inquiry/"' in page and 'href="/admin/' not in page


def own_strings() -> set[str]:
    found = (match for path in TEMPLATES.rglob("*.html") for match in OWN_STRING.findall(path.read_text("utf-8")))
    return {
        quoted or re.sub(r"\s+", " ", block).replace("{{ ", "%(").replace(" }}", ")s")
        for _quote, quoted, block in found
    }


def test_every_string_of_the_desk_has_its_spanish():
    with translation.override("es"):
        missing = {text for text in own_strings() if translation.gettext(text) == text and text != "Error:"}
    assert own_strings() and not missing


def trail(page: str) -> list[str]:
    nav = re.search(r'<nav aria-label="[^"]+">\s*<div class="breadcrumbs">.*?</nav>', page, re.S)
    return [word.strip() for word in re.sub(r"<[^>]+>", "", nav[0]).split("›")] if nav else []


def addresses_with_a_trail() -> list[str]:
    """Stock pages and our own, of each kind."""
    therapy = Therapy.objects.create(key="made-up", title_en="Group therapy")
    case, user, day = stored_inquiry(), staff_user(), ClosedDay.objects.create(day="2026-12-25", name="Made up")
    return [
        reverse("admin:password_change"),
        reverse("admin:password_change_done"),
        reverse("admin:account"),
        reverse("admin:app_list", args=["inquiries"]),
        reverse("admin:inquiries_inquiry_changelist"),
        reverse("admin:inquiries_inquiry_change", args=[case.pk]),
        reverse("admin:inquiries_inquiry_close", args=[case.pk]),
        reverse("admin:inquiries_inquiry_history", args=[case.pk]),
        reverse("admin:inquiries_inquiry_export"),
        reverse("admin:inquiries_event_changelist"),
        reverse("admin:inquiries_event_change", args=[case.events.first().pk]),
        reverse("admin:inquiries_closedday_delete", args=[day.pk]),
        reverse("admin:inquiries_closedday_history", args=[day.pk]),
        reverse("admin:staff_user_add"),
        reverse("admin:staff_user_change", args=[user.pk]),
        reverse("admin:auth_user_password_change", args=[user.pk]),
        reverse("admin:programs_therapy_change", args=[therapy.pk]),
        reverse("admin:programs_therapy_history", args=[therapy.pk]),
        reverse("admin:programs_siteprofile_missing"),
    ]


@pytest.mark.parametrize(("language", "today"), [("en", "Today"), ("es", "Hoy")])
def test_the_first_page_has_one_name_on_every_page(desk, language, today):
    with translation.override(language):
        paths = addresses_with_a_trail()
    for path in paths:
        words = trail(desk.get(path).content.decode())
        assert words[:1] == [today] and len(words) > 1 and all(words), (path, words)


def test_the_way_to_a_page_names_its_list_and_its_row(desk):
    day = ClosedDay.objects.create(day="2026-12-25", name="Made up")
    page = desk.get(reverse("admin:inquiries_closedday_history", args=[day.pk])).content.decode()
    assert trail(page) == ["Today", "Closed days", str(day), "History"]
    page = desk.get(reverse("admin:inquiries_closedday_change", args=[day.pk])).content.decode()
    assert trail(page) == ["Today", "Closed days", str(day)]


def test_the_lists_of_one_part_have_a_page_with_a_heading(desk):
    page = desk.get(reverse("admin:app_list", args=["inquiries"])).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Inquiries"] and "Weekly hours" in page

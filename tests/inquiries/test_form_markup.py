"""What assistive technology, password managers and browsers without script are given."""

import pytest

from tests.inquiries.form_pages import PATHS, Page, get_page, post, send
from tests.inquiries.test_form_rules import EMPTY

pytestmark = [pytest.mark.once, pytest.mark.django_db]

CONTROLS = ("input", "textarea")


def empty_form(client, way):
    return get_page(client, PATHS[way]["en"])


def form_with_errors(client, way):
    return Page(post(client, "check", way, **EMPTY))


def check_page(client, way):
    return Page(post(client, "check", way))


def sent_page(client, way):
    return Page(send(client, way))


@pytest.mark.parametrize("page_of", [empty_form, form_with_errors, check_page, sent_page])
@pytest.mark.parametrize("way", PATHS)
def test_every_id_is_there_once_and_every_pointer_finds_its_id(client, way, page_of):
    page = page_of(client, way)
    ids = [attrs["id"] for _tag, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in page.elements:
        pointers = [*attrs.get("aria-describedby", "").split(), *attrs.get("aria-labelledby", "").split()]
        pointers += [attrs["for"]] if "for" in attrs else []
        pointers += [attrs["form"]] if "form" in attrs else []
        if tag == "a" and attrs["href"].startswith("#") and len(attrs["href"]) > 1:
            pointers.append(attrs["href"][1:])
        assert set(pointers) <= set(ids), (tag, attrs)


@pytest.mark.parametrize("way", PATHS)
def test_every_control_has_a_label_or_a_legend(client, way):
    page = empty_form(client, way)
    labelled = {label["for"] for label in page.all("label")}
    controls = [e for tag in CONTROLS for e in page.all(tag) if e.get("type") != "hidden"]
    assert {control["id"] for control in controls} == labelled
    assert len(page.all("fieldset")) == len(page.all("legend"))


@pytest.mark.parametrize("way", PATHS)
def test_a_wrong_answer_is_tied_to_its_error_and_its_hint(client, way):
    page = form_with_errors(client, way)
    marked = [e for tag in CONTROLS for e in page.all(tag) if e.get("aria-invalid") == "true"]
    assert marked
    described = [e.get("aria-describedby", "") for _tag, e in page.elements]
    for place in page.all("p", class_="error-text"):
        assert [d for d in described if place["id"] in d.split()], place
    # A group is described on its fieldset, not once more on each of its boxes.
    assert not [e for e in page.all("input", type="radio") if "aria-describedby" in e]


@pytest.mark.parametrize("way", PATHS)
def test_the_browser_neither_refuses_nor_cuts_anything(client, way):
    page = empty_form(client, way)
    for tag, attrs in page.elements:
        assert not {"required", "maxlength", "pattern", "placeholder"} & set(attrs), (tag, attrs)
    assert [form for form in page.all("form", method="post") if "novalidate" in form]


def test_the_error_summary_takes_focus_without_script(client):
    page = form_with_errors(client, "me")
    (summary,) = page.all("div", id="problem")
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1") and "autofocus" in summary
    assert page.all("form", method="post")[0]["action"] == "/ask/me/#problem"
    assert "There is a problem" in page.texts_of("h2")
    assert page.all("a", href="#id_contact_way_0")


@pytest.mark.parametrize("page_of", [empty_form, form_with_errors, check_page, sent_page])
def test_there_is_one_h1(client, page_of):
    assert len(page_of(client, "me").all("h1")) == 1


TOKENS = {
    "me": {"name": "given-name", "phone": "tel", "email": "email"},
    "refer": {
        "name": "name",
        "organization": "organization",
        "role": "organization-title",
        "phone": "tel",
        "email": "email",
    },
}


@pytest.mark.parametrize("way", TOKENS)
def test_browsers_may_fill_in_what_they_know(client, way):
    page = empty_form(client, way)
    for name, token in TOKENS[way].items():
        assert page.all("input", name=name)[0]["autocomplete"] == token
    assert page.all("input", name="phone")[0]["inputmode"] == "tel"
    for name in ("name", "email"):
        assert page.all("input", name=name)[0]["spellcheck"] == "false"


def test_the_trap_is_out_of_the_way_and_says_what_it_is(client):
    page = empty_form(client, "me")
    (box,) = page.all("input", name="remark")
    assert (box["tabindex"], box["autocomplete"]) == ("-1", "off")
    assert page.all("div", class_="trap")[0]["aria-hidden"] == "true"
    assert "Leave this box empty" in page.text
    assert "Deje este cuadro vacío" in get_page(client, PATHS["me"]["es"]).text


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_language_is_named_in_itself(client, language):
    page = get_page(client, PATHS["me"][language])
    assert "English" in page.texts_of("label", lang="en")
    assert "Español" in page.texts_of("label", lang="es")
    check = Page(post(client, "check", "me", language))
    assert check.texts_of("dd", lang="es") == ["Español"]


def test_typed_text_finds_its_own_direction_on_the_check_page(client):
    page = check_page(client, "me")
    assert len(page.all("dd", dir="auto")) == len(page.all("dt"))
    for way in PATHS:
        form = empty_form(client, way)
        written = [*form.all("textarea"), *form.all("input", type="text")]
        assert not [e for e in written if e["name"] != "remark" and (e.get("dir"), e.get("rows", "3")) != ("auto", "3")]

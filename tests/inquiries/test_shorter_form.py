"""What is required first, the rest on request; each answer is changed from the check page; one round mends a form."""

import pytest
from django.forms import widgets

from inquiries.models import Inquiry
from inquiries.questions.forms import LovedOneForm, MeForm, QuestionForm, ReferForm
from tests.inquiries.form_pages import ANSWERS, PATHS, Page, get_page, post, send

pytestmark = [pytest.mark.once, pytest.mark.django_db]

CHOSEN = (widgets.RadioSelect, widgets.CheckboxSelectMultiple, widgets.CheckboxInput)
FORMS = {form.way: form for form in (MeForm, LovedOneForm, ReferForm, QuestionForm)}
BOTH = {"phone": "626 555 0199", "email": "kim@example.com"}
WRONG = {
    "name": ["", "x" * 81, "\u200b"],
    "contact_way": ["", "fax"],
    "phone": ["", "555 01", "626\0 555 0142"],
    "email": ["kim@example"],
    "preferred_language": ["", "tlh"],
    "other_language": ["x" * 81],
    "person_knows": ["", "perhaps"],
    "relationship": ["boss"],
    "organization": ["", "x" * 81],
    "role": ["x" * 81],
    "client_reference": ["x" * 41],
    "client_knows": [""],
    "how_soon": ["yesterday"],
    "given_reference": ["x" * 41],
    "question": ["x" * 1001],
    "agree": [""],
}
MISTAKES = [
    (way, name, wrong) for way in PATHS for name in FORMS[way].base_fields for wrong in WRONG.get(name, [])
]  # fmt: skip


@pytest.mark.parametrize("way", PATHS)
def test_what_must_be_answered_stands_before_what_may_be_left_out(way):
    form = FORMS[way]()
    is_optional = [form.fields[name].is_optional for name in form.asked if name not in ("other_language", "first")]
    assert is_optional == sorted(is_optional)
    assert not [name for name in form.folded if form.fields[name].required]


def test_the_relationship_is_asked_last_in_the_words_of_the_person(client):
    assert list(LovedOneForm().fields)[-3:] == ["relationship", "agree", "remark"]
    text = get_page(client, PATHS["loved-one"]["en"]).text
    assert "I am their" in text and "Husband, wife or partner" in text and "Moving from another program" in text
    assert "Coming from another program" in get_page(client, PATHS["me"]["en"]).text


@pytest.mark.parametrize("way", ["me", "loved-one", "refer"])
def test_what_is_folded_is_shown_once_something_stands_in_it(client, way):
    assert "open" not in get_page(client, PATHS[way]["en"]).all("details")[-1]
    assert "open" in Page(post(client, "change", way, topics=["cost"])).all("details")[-1]


def test_what_is_wrong_in_the_fold_is_shown(client):
    page = Page(post(client, "check", good_times=[], topics=[], given_reference="x" * 41))
    assert "open" in page.all("details")[-1] and page.problems == ["The reference must be 40 characters or fewer"]


@pytest.mark.parametrize("way", PATHS)
def test_change_beside_an_answer_leads_to_its_question_and_keeps_all(client, way):
    check = Page(post(client, "check", way))
    buttons = check.all("button", class_="link-button")
    assert len(buttons) == len(check.texts_of("dt"))
    for button in buttons:
        path, _, control = button["formaction"].partition("#")
        form = Page(client.post(path, check.pressing(button["value"])))
        assert form.all("input", id=control) or form.all("textarea", id=control)
        assert form.value("name") == ANSWERS[way]["name"] and not form.problems


@pytest.mark.parametrize(("way", "name", "wrong"), MISTAKES)
def test_after_one_mistake_one_round_is_enough(client, way, name, wrong):
    """What the first answer names is mended, and nothing else: then the form is taken."""
    right = ANSWERS[way] | ({"preferred_language": "other"} if name == "other_language" else {})
    right |= {"email": "", "contact_way": "email"} | BOTH if name == "email" and way != "refer" else {}
    first = Page(post(client, "check", way, **right | {name: wrong}))
    if first.title.startswith("Error: "):
        named = [link["href"] for link in first.all("a") if link.get("href", "").startswith("#id_")]
        assert [one.removeprefix("#id_").removesuffix("_0") for one in named] == [name]
        mended = what_the_form_sends(first, FORMS[way]) | {name: right.get(name, "")}
        first = Page(client.post(PATHS[way]["en"], mended | {"step": "check"}))
    assert first.title.startswith("Check before you send")


def what_the_form_sends(page: Page, form) -> dict:
    """Return what stands in the fields of the page that came back, as a browser sends it."""
    sent = {}
    for name, field in form.base_fields.items():
        is_text = not isinstance(field.widget, CHOSEN)
        sent[name] = page.value(name) if is_text else page.chosen(name)
    return sent | {"token": page.token}


@pytest.mark.parametrize(("first", "way"), [("", "call-work"), ("phone", "call-work"), ("email", "email-work")])
def test_both_ways_to_a_professional_are_kept_and_one_comes_first(client, first, way):
    check = Page(post(client, "check", "refer", **BOTH))
    assert "Which comes first?" in check.text and not check.texts_of("p", class_="note")
    if first:
        check = Page(client.post(PATHS["refer"]["en"], check.pressing(f"{first}-first")))
    client.post(PATHS["refer"]["en"], check.pressing("send"))
    inquiry = Inquiry.objects.get()
    assert (inquiry.contact_way, inquiry.phone, inquiry.email) == (way, "+16265550199", "kim@example.com")


def test_who_gives_one_way_is_not_asked_which_comes_first(client):
    assert "Which comes first?" not in Page(post(client, "check", "refer")).text


def test_another_language_has_its_own_field_and_is_kept_only_if_chosen(client):
    page = Page(post(client, "check", preferred_language="other", other_language="Armenian"))
    assert "Armenian" in page.texts_of("dd")
    page = Page(post(client, "check", other_language="Armenian"))
    assert page.texts_of("p", class_="note") == [
        "You also typed the name of a language. We do not need it, so we will not keep it."
    ]
    send(client, other_language="Armenian")
    assert Inquiry.objects.get().other_language == ""


def test_a_form_of_the_release_before_is_taken(client):
    old = {name: value for name, value in ANSWERS["loved-one"].items() if name != "other_language"}
    assert send(client, "loved-one", **old).status_code == 200
    assert send(client, "refer").status_code == 200


@pytest.mark.parametrize("path", ["/ask/", "/ask/me/", "/es/pedir-contacto/ser-querido/", "/status/"])
def test_an_empty_page_is_compressed_and_one_with_words_is_not(client, path):
    zipped = {"HTTP_ACCEPT_ENCODING": "br, gzip"}
    assert client.get(path, **zipped)["Content-Encoding"] == "br"
    assert client.get(path, HTTP_ACCEPT_ENCODING="gzip")["Content-Encoding"] == "gzip"
    assert client.get(path, HTTP_ACCEPT_ENCODING="br;q=0").headers.get("Content-Encoding") is None
    assert "Content-Encoding" not in client.get(path, {"name": "typed by a stranger"}, **zipped)
    if path != "/ask/":
        assert "Content-Encoding" not in client.post(path, {"step": "check", "name": "typed"}, **zipped)


def test_nothing_of_an_address_comes_back_in_a_page(client):
    for path in ("/ask/", "/ask/me/", "/status/"):
        assert "reflected" not in client.get(path, {"name": "reflected", "token": "reflected"}).content.decode()

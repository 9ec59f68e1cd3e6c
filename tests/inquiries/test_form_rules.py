"""What the form asks for, and the words in which it says what is missing or wrong."""

import pytest

from inquiries.models import Inquiry
from tests.inquiries.form_pages import PATHS, Page, get_page, post, send

pytestmark = [pytest.mark.once, pytest.mark.django_db]

EMPTY = {
    "name": "",
    "contact_way": "",
    "phone": "",
    "email": "",
    "preferred_language": "",
    "agree": "",
    "person_knows": "",
    "question": "",
    "organization": "",
    "client_knows": "",
}
MISSING = {
    "me": {
        "en": [
            "Enter a name we can use",
            "Choose a safe way to reach you",
            "Choose a language",
            "Check the box if you agree that we may contact you",
        ],
        "es": [
            "Escriba un nombre que podamos usar",
            "Elija una forma segura de comunicarnos con usted",
            "Elija un idioma",
            "Marque la casilla si acepta que nos comuniquemos con usted",
        ],
    },
    "loved-one": {
        "en": [
            "Enter a name we can use",
            "Choose “Yes”, “No” or “Not sure”",
            "Choose a safe way to reach you",
            "Choose a language",
            "Check the box if you agree that we may contact you",
        ],
        "es": [
            "Escriba un nombre que podamos usar",
            "Elija “Sí”, “No” o “No sé”",
            "Elija una forma segura de comunicarnos con usted",
            "Elija un idioma",
            "Marque la casilla si acepta que nos comuniquemos con usted",
        ],
    },
    "refer": {
        "en": [
            "Enter a name we can use",
            "Enter the name of your organization",
            "Enter a work phone or a work email",
            "Check the box if your client knows",
            "Check the box if you agree that we may contact you",
        ],
        "es": [
            "Escriba un nombre que podamos usar",
            "Escriba el nombre de su organización",
            "Escriba un teléfono o un correo del trabajo",
            "Marque la casilla si su cliente sabe de esta solicitud",
            "Marque la casilla si acepta que nos comuniquemos con usted",
        ],
    },
    "question": {
        "en": [
            "Enter a name we can use",
            "Choose a safe way to reach you",
            "Choose a language",
            "Enter your question",
            "Check the box if you agree that we may contact you",
        ],
        "es": [
            "Escriba un nombre que podamos usar",
            "Elija una forma segura de comunicarnos con usted",
            "Elija un idioma",
            "Escriba su pregunta",
            "Marque la casilla si acepta que nos comuniquemos con usted",
        ],
    },
}
ONE_WRONG = [
    ({"name": "x" * 81}, "Name must be 80 characters or fewer", "El nombre debe tener 80 caracteres o menos"),
    (
        {"contact_way": "call", "phone": ""},
        "Enter a phone number so we can call or text you",
        "Escriba un número de teléfono para que podamos llamarle o mandarle un mensaje",
    ),
    (
        {"contact_way": "text", "phone": "626 555 01"},
        "Enter a phone number with 10 digits, or start with + for another country",
        "Escriba un número de 10 dígitos, o empiece con + si es de otro país",
    ),
    (
        {"contact_way": "email", "email": ""},
        "Enter an email address so we can write to you",
        "Escriba un correo electrónico para que podamos escribirle",
    ),
    (
        {"contact_way": "email", "email": "rosa@example"},
        "Enter a full email address, like name@example.com",
        "Escriba el correo electrónico completo, como nombre@ejemplo.com",
    ),
    (
        {"question": "x" * 1001},
        "Your question must be 1,000 characters or fewer",
        "Su pregunta debe tener 1,000 caracteres o menos",
    ),
    ({"contact_way": "fax"}, "Choose a safe way to reach you", "Elija una forma segura de comunicarnos con usted"),
    ({"preferred_language": "tlh"}, "Choose a language", "Elija un idioma"),
]
WRONG_AT_WORK = [
    ({"organization": "x" * 81}, "Organization must be 80 characters or fewer"),
    ({"role": "x" * 81}, "Your role must be 80 characters or fewer"),
    ({"client_reference": "x" * 41}, "Your own reference for this client must be 40 characters or fewer"),
    ({"phone": "555 01"}, "Enter a phone number with 10 digits, or start with + for another country"),
    ({"phone": "", "email": "kim"}, "Enter a full email address, like name@example.com"),
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("way", PATHS)
def test_an_empty_form_is_told_all_that_is_missing_in_the_order_of_the_page(client, way, language):
    for step in ("check", "send"):
        page = Page(post(client, step, way, language, **EMPTY))
        assert page.problems == MISSING[way][language]
        assert page.title.startswith("Error: ")
        for words in page.problems:
            assert page.texts_of("p", class_="error-text").count(f"Error: {words}") == 1
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(("answers", "english", "spanish"), ONE_WRONG)
def test_one_wrong_answer_is_named_in_the_words_of_its_label(client, answers, english, spanish):
    assert Page(post(client, "check", "me", "en", **answers)).problems == [english]
    assert Page(post(client, "check", "me", "es", **answers)).problems == [spanish]


@pytest.mark.parametrize(("answers", "english"), WRONG_AT_WORK)
def test_one_wrong_answer_of_a_professional_is_named(client, answers, english):
    assert Page(post(client, "check", "refer", **answers)).problems == [english]


def test_before_a_way_is_chosen_a_number_may_be_missing_but_not_wrong(client):
    page = Page(post(client, "check", contact_way="", phone="626 555 01"))
    assert page.problems == [
        "Choose a safe way to reach you",
        "Enter a phone number with 10 digits, or start with + for another country",
    ]
    assert Page(post(client, "check", contact_way="", phone="")).problems == ["Choose a safe way to reach you"]


@pytest.mark.parametrize(
    "answers",
    [
        {"name": "x" * 80},
        {"name": "e\u0301" * 80},  # 160 code points as typed, 80 as kept
        {"question": "é" * 1000},
        {"question": "a\r\n" * 333},
        {"question": ""},
        {"preferred_language": "other"},
        {"good_times": ["any", "midnight"]},
    ],
)
def test_what_fits_is_taken(client, answers):
    assert send(client, **answers).status_code == 200
    assert Inquiry.objects.count() == 1


def test_a_time_that_is_not_offered_is_passed_over(client):
    send(client, good_times=["midnight", "any", "morning"])
    assert Inquiry.objects.get().good_times == "morning any"


def test_the_longest_email_is_254_characters(client):
    longest = "a" * 64 + "@" + ".".join(["b" * 62] * 3)[: 254 - 65 - 4] + ".com"
    assert len(longest) == 254
    assert Page(post(client, "check", contact_way="email", email="x" + longest)).problems
    send(client, contact_way="email", email=longest)
    assert Inquiry.objects.get().email == longest


def test_a_text_that_shows_nothing_is_no_name(client):
    for name in ("\u200b", " \u2060\ufeff ", "\u3164"):
        assert Page(post(client, "check", name=name)).problems == ["Enter a name we can use"]


def test_a_nul_is_taken_out_and_said(client):
    page = Page(post(client, "check", name="Ro\0sa"))
    assert page.problems == ["We took out a character that we cannot read. Check this answer"]
    assert page.value("name") == "Rosa"
    assert Page(post(client, "check", phone="626\0 555 0142")).value("phone") == "626 555 0142"


@pytest.mark.parametrize("way", PATHS)
def test_what_may_be_skipped_says_so_in_its_label(client, way):
    optional = {
        "me": {"When is a good time?", "What would you like to talk about?", "Is there anything you want to ask?"},
        "question": set(),
    }
    optional["loved-one"] = optional["me"] | {"I am their"}
    optional["refer"] = optional["me"] | {
        "How soon do you need to hear from us?",
        "Your role",
        "Your own reference for this client",
        "Which language does your client prefer?",
    }
    optional["me"] = optional["me"] | {"Did someone give you a reference from us?"}
    optional[way] |= {"Which language?"}
    page = get_page(client, PATHS[way]["en"])
    labels = page.texts_of("label") + page.texts_of("legend")
    assert {words.removesuffix(" (optional)") for words in labels if words.endswith("(optional)")} == optional[way]


def test_each_way_has_its_own_introduction(client):
    texts = {way: get_page(client, PATHS[way]["en"]).text for way in PATHS}
    not_them = "We will contact you, not the person you are worried about. You do not need to give us their name."
    no_records = "Do not send your client's name, records or diagnosis here. We will contact you to take the referral."
    assert [way for way in texts if not_them in texts[way]] == ["loved-one"]
    assert [way for way in texts if no_records in texts[way]] == ["refer"]
    for text in texts.values():
        assert "Answer each one unless it says “optional”." in text
        assert "Call 911 or 988 now if:" in text

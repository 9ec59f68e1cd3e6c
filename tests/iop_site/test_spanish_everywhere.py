"""No English is left on a Spanish page: each page is read in both languages, and nothing may be the same in both."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from inquiries.models import OutboxNotice, WeeklyHours
from iop_site.page_chrome import page_path
from programs.models import GuidePage
from tests.factories import stored_inquiry
from tests.inquiries.form_pages import ANSWERS, post

pytestmark = [pytest.mark.once, pytest.mark.django_db]
READ_ALOUD = {"alt", "aria-label", "placeholder", "title"}
INLINE = {"a", "b", "i", "em", "strong", "span", "small", "abbr", "code"}
SILENT = {"script", "style", "svg", "textarea"}
STEPS = [("check", {}), ("check", {"name": "", "phone": "1", "email": "x", "agree": ""}), ("send", {})]
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "use", "path", "source", "wbr"}

# The same in both languages on purpose: names, numbers of credentials, and words that both languages share.
SHARED = re.compile(
    r"""Dedicato(\ Treatment\ Center)?|California\ Department\ of\ Health\ Care\ Services\ \(DHCS\)
    |California\ Prime\ Recovery|Community\ Care\ Center|Soulegria|Joint\ Commission|BBB\ \(Better\ Business\ Bureau\)
    |HCO-ID|TTY|English|Español|Intake|Content|Supervisor
    |Rosa\ Peña|[A-Z]{2}\d\d-[A-Z]{2}|\b[A-Z]\b|190913BP|crisis|no|error:?|[\W\d_]+|""",
    re.VERBOSE | re.IGNORECASE,
)


class Reader(HTMLParser):
    """Collects what a page says in its own language, one text for each block, and what it says in attributes."""

    def __init__(self, language: str):
        super().__init__()
        self.language, self.texts, self.words, self.silent = language, [], "", []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and attrs.get("name") == "description":
            self.texts.append(attrs["content"])
        if tag in VOID:
            return
        is_foreign = attrs.get("lang", self.language) != self.language
        if self.silent or is_foreign or tag in SILENT:
            self.silent.append(tag)
            return
        self.texts += [value for name, value in attrs.items() if name in READ_ALOUD and value]
        if tag not in INLINE:
            self.end_block()

    def handle_endtag(self, tag):
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
        elif tag not in INLINE:
            self.end_block()

    def handle_data(self, data):
        if not self.silent:
            self.words += data

    def end_block(self):
        text = " ".join(self.words.split())
        if text:
            self.texts.append(text)
        self.words = ""


def read(html: str, language: str) -> set[str]:
    reader = Reader(language)
    reader.feed(html)
    reader.end_block()
    return set(reader.texts)


def same_in_both(english: str, spanish: str) -> list[str]:
    """Return the texts that a Spanish page has in common with its English twin, but for names and figures."""
    common = read(english, "en") & read(spanish, "es")
    return sorted(text for text in common if not re.fullmatch(f"(?:{SHARED.pattern})+", text, SHARED.flags))


def views(patterns=None, namespace="") -> list[str]:
    """Return the name of every view of the public site whose address needs no argument."""
    names = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and not pattern.pattern.converters:
                names.append(f"{namespace}{pattern.name}")
        elif pattern.namespace != "admin":
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names += views(pattern.url_patterns, inner)
    return names


def in_both(name: str, *args) -> list[str]:
    paths = []
    for language in ("en", "es"):
        with translation.override(language):
            paths.append(reverse(name, args=args))
    return paths


LEADS_ON = ("leave", "inquiries:ask_refer_before")  # no pages of their own
PUBLIC = [name for name in dict.fromkeys(views()) if len(set(in_both(name))) == 2 and name not in LEADS_ON]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_has_no_english_left_and_its_language_link_leads_to_its_twin(client, guide, name):
    english_path, spanish_path = in_both(name)
    english, spanish = client.get(english_path), client.get(spanish_path)
    assert english.status_code == spanish.status_code == 200
    assert same_in_both(english.content.decode(), spanish.content.decode()) == []
    assert spanish_path in ways_to_other_language(english)
    assert english_path in ways_to_other_language(spanish)


def ways_to_other_language(response) -> list[str]:
    """Return where the links lead that name a language, and the button that a page with a form has instead."""
    page = response.content.decode()
    return re.findall(r'<a href="([^"]*)"[^>]*hreflang=', page) + re.findall(r'formaction="([^"#]*)#problem"', page)


def test_every_page_of_the_guide_has_no_english_left_and_links_to_its_twin(client, guide):
    for page in GuidePage.objects.all():
        paths = []
        for language in ("en", "es"):
            with translation.override(language):
                paths.append(page_path(page))
        english, spanish = (client.get(path) for path in paths)
        assert same_in_both(english.content.decode(), spanish.content.decode()) == [], page.key
        assert paths[1] in ways_to_other_language(english), page.key
        assert paths[0] in ways_to_other_language(spanish), page.key


@pytest.mark.parametrize("way", list(ANSWERS))
@pytest.mark.parametrize(("step", "changes"), STEPS, ids=["check", "problems", "sent"])
def test_no_answer_to_a_form_has_english_left(client, guide, way, step, changes):
    english, spanish = (post(client, step, way, language, **changes) for language in ("en", "es"))
    typed = {str(value) for value in ANSWERS[way].values()} | {"(626) 555-0142", "(626) 555-0199"}
    assert set(same_in_both(english.content.decode(), spanish.content.decode())) <= typed


@pytest.mark.parametrize("path", ["no-such-page/", "ask/no-such-way/"])
def test_a_page_that_is_not_found_has_no_english_left(client, guide, path):
    english, spanish = client.get(f"/{path}"), client.get(f"/es/{path}")
    assert english.status_code == spanish.status_code == 404
    assert same_in_both(english.content.decode(), spanish.content.decode()) == []


@pytest.mark.parametrize("code", ["400", "403", "413", "429", "500", "503"])
def test_a_static_error_page_says_everything_in_both_languages(code):
    page = render_to_string(f"{code}.html")
    english, spanish = page.split('<section lang="es">')
    blocks = [len(re.findall(r"<(?:h1|h2|p)\b", part)) for part in (english, spanish)]
    assert blocks[0] == blocks[1] > 2
    assert read(english.split("<body>")[1], "en").isdisjoint(read(spanish, "en"))


@pytest.mark.parametrize("kind", [kind for kind in OutboxNotice.Kind if kind != OutboxNotice.Kind.CANARY])
def test_a_mail_has_no_english_left(kind):
    context = {"inquiry": stored_inquiry(), "desk_url": "https://example.com/"}
    for part in ("subject", "body"):
        texts = []
        for language in ("en", "es"):
            with translation.override(language):
                texts.append(render_to_string(f"inquiries/mail/{kind.value}_{part}.txt", context))
        english, spanish = ({line.strip() for line in text.splitlines()} for text in texts)
        assert {line for line in english & spanish if line} <= {"https://example.com/"}


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model.__name__)
@pytest.mark.parametrize("view", ["changelist", "add", "change", "history", "delete"])
def test_no_page_of_the_desk_has_english_left(admin_client, guide, model, view):
    stored_inquiry()
    row = model._default_manager.first()
    if view in ("change", "history", "delete") and not row:
        return
    args = [row.pk] if view in ("change", "history", "delete") else []
    if model is WeeklyHours and view != "changelist":  # one table, whose rows have no pages
        return
    paths = in_both(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", *args)
    english, spanish = (admin_client.get(path) for path in paths)
    assert english.status_code == spanish.status_code
    if english.status_code == 200:
        same = same_in_both(english.content.decode(), spanish.content.decode())
        assert [text for text in same if "**" not in text and text not in typed_by_people(row)] == []


def typed_by_people(row) -> set[str]:
    """Return what stands in ``row`` in no language: keys, names and codes."""
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields] if row else []
    return {str(value) for value in values} | {"admin", "admin@example.com", "md5"}


@pytest.mark.parametrize("name", ["index", "password_change", "programs_siteprofile_missing", "login"])
def test_no_other_page_of_the_desk_has_english_left(admin_client, client, guide, name):
    reader = client if name == "login" else admin_client
    english, spanish = (reader.get(path).content.decode() for path in in_both(f"admin:{name}"))
    assert same_in_both(english, spanish) == []

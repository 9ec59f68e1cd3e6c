"""What the tests of the form share: filling it in, and reading the pages that it answers with."""

import html
import re
from html.parser import HTMLParser

from inquiries.crypto.tokens import SubmissionKey

PERSON = {
    "name": "Rosa Fictitious",
    "contact_way": "call",
    "phone": "(626) 555-0142",
    "preferred_language": "es",
    "agree": "on",
}
ANSWERS = {
    "me": {**PERSON, "good_times": ["afternoon", "evening"], "topics": ["cost"], "question": "Is it at night?"},
    "loved-one": {**PERSON, "relationship": "sibling", "person_knows": "not-sure"},
    "refer": {
        "name": "Kim Fictitious",
        "organization": "A made-up clinic",
        "phone": "626 555 0199",
        "client_reference": "case 7",
        "client_knows": "on",
        "agree": "on",
    },
    "question": {**PERSON, "contact_way": "email", "email": "rosa@example.com", "phone": "", "question": "How long?"},
}
PATHS = {
    "me": {"en": "/ask/me/", "es": "/es/pedir-contacto/yo/"},
    "loved-one": {"en": "/ask/loved-one/", "es": "/es/pedir-contacto/ser-querido/"},
    "refer": {"en": "/ask/refer/", "es": "/es/pedir-contacto/referir/"},
    "question": {"en": "/ask/question/", "es": "/es/pedir-contacto/pregunta/"},
}
VOID = {"input", "meta", "link", "br", "img", "hr", "path", "use"}


class Page(HTMLParser):
    """A page as a browser reads it: its elements in order, and the text of each."""

    def __init__(self, response):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.texts: dict[int, list[str]] = {}
        self._open: list[tuple[str, int]] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.words.append(data)
        for _tag, place in self._open:
            self.texts.setdefault(place, []).append(data)

    @property
    def text(self) -> str:
        """Everything that is read, with single blanks."""
        return " ".join("".join(self.words).split())

    @property
    def title(self) -> str:
        return self.texts_of("title")[0]

    def all(self, tag: str, **attrs) -> list[dict]:
        """Return the attributes of each element of this kind; ``class_`` asks for one class of several."""
        return [found for _place, found in self._found(tag, attrs)]

    def texts_of(self, tag: str, **attrs) -> list[str]:
        """Return the text of each element of this kind, with single blanks."""
        return [self._text(place) for place, _found in self._found(tag, attrs)]

    def raw_text_of(self, tag: str, **attrs) -> str:
        """Return the text of the first such element as it stands, less the newline that a browser drops."""
        place = next(place for place, _found in self._found(tag, attrs))
        return "".join(self.texts.get(place, [])).removeprefix("\n")

    def _text(self, place):
        return " ".join("".join(self.texts.get(place, [])).split())

    def _found(self, tag, attrs):
        class_ = attrs.pop("class_", None)
        for place, (name, found) in enumerate(self.elements):
            if name == tag and all(found.get(key.replace("_", "-")) == value for key, value in attrs.items()):
                if class_ is None or class_ in found.get("class", "").split():
                    yield place, found

    @property
    def token(self) -> str:
        return self.all("input", name="token")[0]["value"]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return the names and values that the form carries unseen, without its token."""
        return [(e["name"], e["value"]) for e in self.all("input", type="hidden") if e["name"] != "token"]

    def pressing(self, step: str) -> dict:
        """Return what a browser sends when a button of the check page is pressed."""
        names = {name for name, _value in self.hidden}
        carried = {name: [value for other, value in self.hidden if other == name] for name in names}
        return {**carried, "token": self.token, "step": step}

    @property
    def problems(self) -> list[str]:
        """Return the lines of the error summary."""
        return [text for text, link in zip(self.texts_of("a"), self.all("a"), strict=True) if is_error_link(link)]

    def value(self, name: str) -> str:
        """Return what stands in a text field."""
        fields = self.all("input", name=name)
        return fields[0].get("value", "") if fields else self.raw_text_of("textarea", name=name)

    def chosen(self, name: str) -> list[str]:
        """Return what is chosen in a group."""
        return [e.get("value", "on") for e in self.all("input", name=name) if "checked" in e]


def is_error_link(link: dict) -> bool:
    return link.get("href", "").startswith("#id_")


def get_page(client, path) -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response)


def post(client, step, way="me", language="en", /, **answers):
    """Press the button ``step`` of a well filled form, with other ``answers`` and a new token unless one is given."""
    data = {**ANSWERS[way], "token": SubmissionKey.new().token(), "step": step, **answers}
    return client.post(PATHS[way][language], data)


def send(client, way="me", language="en", /, **answers):
    """Press Send, as on the check page."""
    return post(client, "send", way, language, **answers)


def reference_in(response) -> str:
    """Return the reference on a sent page."""
    return re.search(r"\b[A-Z]{2}\d\d-[A-Z]{2}\b", html.unescape(response.content.decode()))[0]


def without_receipt(response) -> str:
    """Return the text of a sent page without what is drawn anew for each: reference and private code."""
    return re.sub(r"\d{4} \d{4} \d{4} \d{4}", "", Page(response).text.replace(reference_in(response), ""))

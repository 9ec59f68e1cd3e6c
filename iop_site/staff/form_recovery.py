"""What was typed when a session had run out: carried sealed over the sign-in, then filled in again where it stood."""

import json
import re
import time

from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
from django.forms import BaseForm, BaseFormSet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from inquiries.crypto import keyring
from inquiries.crypto.keyring import SealError
from inquiries.desk.list_filters import FilterForm
from inquiries.desk.list_searches import without_text

MAX_AGE = 30 * 60  # seconds
FIELD = "carried"
SEEN, VERSION = "_seen", "version"  # whoever's words are filled in again is told, too, that the row changed meanwhile
TICK = "_spanish_is_right"
NEVER = re.compile(rf"^_(?!seen$|spanish_is_right$)|password|token|code|^action$|^{FIELD}$|^next$", re.I)
SHORTEST = 4  # characters; of what no field takes, "on" or the number of a row tells nobody anything


class Words(QueryDict):
    """What was typed. Whoever fills a field with it takes it out; what is left is shown in a fold."""

    is_filled = False

    def __init__(self, fields=None, lists=None):
        super().__init__(mutable=True)
        for name, text in (fields or {}).items():
            self.setlist(name, (lists or {}).get(name, [text]))

    @property
    def left(self) -> list[str]:
        names = (name for name in self if not name.startswith("_") and name not in (VERSION, "verb"))
        return [text for name in names for text in self.getlist(name) if tells(text)]


def tells(text: str) -> bool:
    return len(text) >= SHORTEST and not (text.isdigit() and len(text) < 7)


def _context(user_pk) -> str:
    return f"carried|{user_pk}"


def page_of(request) -> str:
    """Return the address of the page that the form stands on; most are sent to their own."""
    if request.resolver_match and request.resolver_match.url_name == "inquiries_view_save":
        kept = urlencode(FilterForm(request.POST).kept())
        return f"{reverse('admin:inquiries_inquiry_changelist')}?{kept}"
    return without_text(request.get_full_path())


def seal(request, user_pk) -> str:
    names = [name for name in request.POST if not NEVER.search(name)]
    if not any(request.POST[name] for name in names if name != VERSION):
        return ""
    kept = {
        "at": time.time(),
        "path": page_of(request),
        "fields": {name: request.POST[name] for name in names},  # the release before reads these alone
        "lists": {name: found for name in names if len(found := request.POST.getlist(name)) > 1},
    }
    return keyring.current().seal(json.dumps(kept, ensure_ascii=False), _context(user_pk))


def unseal(sealed: str, user_pk, path: str) -> Words:
    try:
        kept = json.loads(keyring.current().open(sealed, _context(user_pk)))
    except SealError:
        return Words()
    is_fresh = 0 <= time.time() - kept["at"] <= MAX_AGE
    return Words(kept["fields"], kept.get("lists")) if is_fresh and kept["path"] == without_text(path) else Words()


def fill_in(context: dict, words: Words):
    """Fill the forms of a page."""
    for form, prefixes in forms_of(context, words):
        prefix = next((prefix for prefix in prefixes if is_meant(form, prefix, words)), None)
        if prefix is not None and not form.is_bound:
            for field in form:
                refill(field, name_under(prefix, field), words)
    if "seen" in context and SEEN in words:
        context |= {"seen": words.pop(SEEN)[-1], "spanish_is_right": words.pop(TICK, [])}


def forms_of(context: dict, words: Words):
    """Yield each form with the prefixes that it may have been typed under: a new row moves the others."""
    for value in context.values():
        for one in value if isinstance(value, list) else [value]:
            found = one.formset if isinstance(one, InlineAdminFormSet) else one
            found = found.form if isinstance(found, AdminForm) else found
            if isinstance(found, BaseForm):
                yield found, [found.prefix or ""]
            elif isinstance(found, BaseFormSet):
                typed = sum(name.startswith(f"{found.prefix}-") for name in words)
                prefixes = [found.add_prefix(place) for place in range(typed)]
                yield from ((form, prefixes) for form in found.forms)


def name_under(prefix: str, field) -> str:
    return f"{prefix}-{field.name}" if prefix else field.name


def is_meant(form, prefix: str, words: Words) -> bool:
    """Whether it was this form, about this row."""
    told = {name_under(prefix, field): field.value() for field in form.hidden_fields() if field.name != VERSION}
    is_here = any(name_under(prefix, field) in words for field in form.visible_fields())
    return is_here and all(str(value or "") == words.get(name, "") for name, value in told.items())


def refill(field, name: str, words: Words):
    widget = field.field.widget
    if field.field.disabled or NEVER.search(name) or widget.value_omitted_from_data(words, {}, name):
        return
    value = widget.value_from_datadict(words, {}, name)
    if not is_offered(field.field, value):
        return
    field.initial = value
    taken = words.pop(name, [])
    words.is_filled = words.is_filled or (not field.is_hidden and any(taken))


def is_offered(field, value) -> bool:
    if not hasattr(field, "choices"):
        return True
    chosen = value if isinstance(value, list) else [value]
    return all(one in (None, "") or field.valid_value(one) for one in chosen)

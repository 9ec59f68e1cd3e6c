"""A list of the desk is looked up by what it offers itself, whatever an address asks: no fault, and no pattern."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inquiries.models import ClosedDay, MessageTemplate
from iop_site.staff.lists import OF_EVERY_LIST, OfferedLookups
from iop_site.staff.site import DeskSite
from tests.factories import staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)
KINDS = list({type(admin.site.get_model_admin(model)).__mro__[2]: model for model in LISTS}.values())
LOOKUPS = [
    "", "exact", "regex", "iregex", "range", "in", "contains", "istartswith", "year", "date", "date__lt", "isnull",
    "gt", "search", "nonsense",
]  # fmt: skip
PATTERN = r"^((\w|\s|\W)+)+x$"
NONSENSE = [
    "", "-1", "1,2,3", "abc", "9" * 24, "9" * 4400, str(2**63), "1e999", "(", PATTERN, "9999-12-31", "\ud800",
    "x" * 3000, "1.2.-99.x", ".".join(["1"] * 1500), "password",
]  # fmt: skip


def ids(model) -> str:
    return model._meta.label_lower


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def looked_up(model) -> list[str]:
    """Return every name by which stock would look rows up, one relation deep, and some that there are not."""
    names = ["pk", "nonsense", "nonsense__regex", "id__id__id"]
    for field in model._meta.get_fields():
        names.append(field.name)
        if field.is_relation and field.related_model:
            names += [f"{field.name}__{further.name}" for further in field.related_model._meta.get_fields()]
    return [f"{name}__{lookup}" if lookup else name for name in names for lookup in LOOKUPS]


def is_pattern(sql: str) -> bool:
    return " REGEXP " in sql or " ~ " in sql or " ~* " in sql or "SIMILAR TO" in sql


@pytest.fixture
def chief(client, guide):
    stored_inquiry()
    MessageTemplate.objects.create(title="Made up", body_en="Made up", body_es="Inventado")
    user = staff_user(is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def asked(rf, chief):
    request = rf.get("/admin/")
    request.user = chief
    return request


def test_every_list_has_the_rule_also_those_registered_later(asked):
    later = DeskSite()
    later.register(ClosedDay, type("Late", (ModelAdmin,), {"list_filter": ["name"], "date_hierarchy": "day"}))
    for one in [*admin.site._registry.values(), later.get_model_admin(ClosedDay)]:
        assert type(one).__mro__[1] is OfferedLookups, f"{one} looks up what it does not offer"
        assert type(one).lookup_allowed is OfferedLookups.lookup_allowed
        if one.model not in KINDS:
            continue  # its class was asked already
        allowed = {name for name in looked_up(one.model) if one.lookup_allowed(name, "1", asked)}
        assert allowed <= one.lookups_of_filters(asked)
        assert not [name for name in allowed if name.rpartition("__")[2] in ("regex", "iregex", "range", "contains")]


@pytest.mark.long
@pytest.mark.parametrize("model", LISTS, ids=ids)
def test_what_a_list_does_not_offer_is_not_asked_of_the_database(client, chief, asked, model):
    one, path = admin.site.get_model_admin(model), list_of(model)
    offered = one.lookups_of_filters(asked) | OF_EVERY_LIST | set(getattr(one, "list_parameters", ()))
    foreign = [name for name in looked_up(model) if name not in offered]
    assert len(foreign) > 100
    for start in range(0, len(foreign), 150):
        some = foreign[start : start + 150]
        query = urlencode(dict.fromkeys(some, PATTERN))
        with CaptureQueriesContext(connection) as queries:
            led_on = client.get(f"{path}?{query}")
            answered = client.post(f"{path}?{query}", {"action": "none"})
        assert (led_on.status_code, led_on.headers.get("Location")) == (302, path), some
        assert answered.status_code < 500, some
        assert not [query["sql"] for query in queries if is_pattern(query["sql"]) or PATTERN in query["sql"]]


@pytest.mark.long
@pytest.mark.parametrize("model", KINDS, ids=ids)
def test_no_value_of_what_a_list_offers_brings_a_fault(client, chief, asked, model):
    one = admin.site.get_model_admin(model)
    of_stock = {"o", "p", "q", "_to_field"}  # each answers alone, and the same on every list of a kind
    together = OF_EVERY_LIST - of_stock | set(getattr(one, "list_parameters", ()))
    is_first = model._meta.model_name in ("event", "user", "guidepage")
    alone = [[name] for name in one.lookups_of_filters(asked) | (of_stock if is_first else set())]
    for names in [*alone, together]:
        for value in NONSENSE:
            query = urlencode(dict.fromkeys(sorted(names), value), errors="replace")
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"{list_of(model)}?{query}")
            assert answer.status_code < 500, query
            assert not any(is_pattern(query["sql"]) for query in queries)


def test_what_is_known_of_an_address_stands(client, chief):
    answer = client.get("/admin/staff/user/?is_active__exact=1&username__regex=a&o=1")
    assert answer.status_code == 302 and answer["Location"] == "/admin/staff/user/?is_active__exact=1&o=1"


def test_what_was_typed_stands_in_no_address_that_leads_on(client, chief):
    answer = client.get("/admin/staff/user/?q=Rosa&username__regex=Rosa")
    assert answer.status_code == 302 and "Rosa" not in answer["Location"]


@pytest.mark.parametrize("year", ["0", "1", "9999", "10000", "9" * 30, "x"])
@pytest.mark.parametrize("name", ["day__year", "day__gte", "day"])
def test_a_list_by_dates_of_a_later_admin_has_the_rule_too(chief, rf, year, name):
    site = DeskSite()
    site.register(ClosedDay, type("Late", (ModelAdmin,), {"date_hierarchy": "day", "list_filter": ["day"]}))
    request = rf.get("/admin/inquiries/closedday/", {name: year})
    request.user = chief
    chief.is_verified = lambda: True
    assert site.get_model_admin(ClosedDay).changelist_view(request).status_code in (200, 302)


@pytest.mark.parametrize("key", ["abc", "", "9" * 24, "9" * 4400, str(2**63), "-1", "1.5"])
@pytest.mark.parametrize("model", KINDS, ids=ids)
def test_no_key_of_a_ticked_row_brings_a_fault(client, chief, model, key):
    for action in ("delete_selected", "try_again", "nonsense", ""):
        data = {"action": action, "_selected_action": [key, "0"], "post": "yes", "verb": "take", "chosen": key}
        assert client.post(list_of(model), data).status_code < 500


@pytest.mark.parametrize("field", ["user", "groups", "inquiry", "x" * 3000])
@pytest.mark.parametrize("value", ["", "9" * 24, "(", "0"])
def test_no_question_for_a_completion_brings_a_fault(client, chief, field, value):
    for model in ("outboxnotice", "event", "nonsense"):
        query = {"app_label": "inquiries", "model_name": model, "field_name": field, "term": value, "page": value}
        assert client.get(reverse("admin:autocomplete"), query).status_code < 500

"""Who gets what at every address of the desk, GET and an empty POST: read from the resolver, compared with one table.

An address that comes new fails here until the table says who may open it.
"""

from fnmatch import fnmatchcase

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver, reverse

from inquiries.models import ClosedDay, Inquiry, MessageTemplate, OutboxNotice, WeeklyHours
from iop_site.staff import roles
from programs.models import GuidePage, Notice, OldAddress, ServiceArea
from tests.factories import pass_second_step, staff_in, staff_user, stored_inquiry

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.one_step]
SECRET = "Unheard Ofname"
WHO = ("anonymous", "one step", "intake", "content", "supervisor", "superuser")
# Codes of GET/POST. The first row that fits counts. 302 leads to the sign-in, its next step, or where it goes on.
TABLE = """
login                             200/200   200/200  302/200  302/200  302/200    302/200
logout                            405/303   405/303  405/303  405/303  405/303    405/303
set_up                            404/404   404/404  404/404  404/404  404/404    404/404
enrol                             302/302   200/200  302/302  302/302  302/302    302/302
picture                           302/302   200/405  404/405  404/405  404/405    404/405
second_step                       302/302   302/302  302/302  302/302  302/302    302/302
recovery                          302/302   302/302  302/302  302/302  302/302    302/302
codes                             302/302   302/302  302/302  302/302  302/302    302/302
codes_*                           302/302   302/302  404/405  404/405  404/405    404/405
account                           302/302   302/302  200/405  200/405  200/405    200/405
choose_mails                      302/302   302/302  405/302  405/403  405/302    405/302
for_me                            403/403   403/403  200/405  403/405  200/405    200/405
confirm                           302/302   302/302  200/200  200/200  200/200    200/200
sign_out_elsewhere                302/302   302/302  405/302  405/302  405/302    405/302
own_password                      302/302   302/302  302/302  302/302  302/302    302/302
password_change                   302/302   302/302  200/200  200/200  200/200    200/200
password_change_done              302/302   302/302  200/405  200/405  200/405    200/405
index                             302/302   302/302  200/200  200/200  200/200    200/200
app_list                          302/302   302/302  200/200  404/404  200/200    200/200
autocomplete                      302/302   302/302  403/405  403/405  403/405    403/405
jsi18n                            302/302   302/302  200/405  200/405  200/405    200/405
view_on_site                      302/302   302/302  404/404  404/404  404/404    404/404
inquiries_closedday_*             302/302   302/302  403/403  403/403  200/200    200/200
inquiries_weeklyhours_*           302/302   302/302  403/403  403/403  200/200    200/200
inquiries_messagetemplate_changelist 302/302 302/302 200/200  403/403  200/200    200/200
inquiries_messagetemplate_change  302/302   302/302  200/403  403/403  200/200    200/200
inquiries_messagetemplate_history 302/302   302/302  200/200  403/403  200/200    200/200
inquiries_messagetemplate_*       302/302   302/302  403/403  403/403  200/200    200/200
inquiries_view_save               302/302   302/302  405/302  405/403  405/302    405/302
inquiries_view_delete             302/302   302/302  405/302  405/403  405/302    405/302
inquiries_inquiry_find            302/302   302/302  302/302  403/403  302/302    302/302
inquiries_event_find              302/302   302/302  403/403  403/403  302/302    302/302
inquiries_inquiry_export          302/302   302/302  403/403  403/403  200/200    200/200
inquiries_inquiry_appointment     302/302   302/302  404/404  403/403  404/404    404/404
inquiries_inquiry_month           302/302   302/302  403/403  403/403  200/200    200/200
inquiries_inquiry_hand_over       302/302   302/302  403/403  403/403  200/200    200/200
inquiries_inquiry_hold            302/302   302/302  403/403  403/403  200/200    200/200
inquiries_inquiry_release         302/302   302/302  403/403  403/403  200/200    200/200
inquiries_inquiry_changelist      302/302   302/302  200/403  403/403  200/403    200/403
inquiries_inquiry_change          302/302   302/302  200/403  403/403  200/403    200/403
inquiries_inquiry_history         302/302   302/302  200/200  403/403  200/200    200/200
inquiries_event_changelist        302/302   302/302  403/403  403/403  200/200    200/200
inquiries_event_change            302/302   302/302  403/403  403/403  200/403    200/403
inquiries_event_history           302/302   302/302  403/403  403/403  200/200    200/200
inquiries_outboxnotice_changelist 302/302   302/302  403/403  403/403  200/200    200/200
inquiries_outboxnotice_change     302/302   302/302  403/403  403/403  200/403    200/403
inquiries_outboxnotice_history    302/302   302/302  403/403  403/403  200/200    200/200
inquiries_*_add                   302/302   302/302  403/403  403/403  403/403    403/403
inquiries_*_delete                302/302   302/302  403/403  403/403  403/403    403/403
inquiries_inquiry_*               302/302   302/302  200/200  403/403  200/200    200/200
programs_oldaddress_delete        302/302   302/302  403/403  200/200  200/200    200/200
programs_oldaddress_change        302/302   302/302  403/403  200/403  200/403    200/403
programs_oldaddress_add           302/302   302/302  403/403  403/403  403/403    403/403
programs_dangerwords_delete       302/302   302/302  403/403  403/403  403/403    200/200
programs_dangerwords_move         302/302   302/302  405/403  405/403  405/302    405/302
programs_dangerwords_discard      302/302   302/302  403/403  403/403  302/302    302/302
programs_dangerwords_preview      302/302   302/302  403/403  403/403  404/404    404/404
programs_dangerwords_restore      302/302   302/302  403/403  403/403  404/404    404/404
programs_dangerwords_*            302/302   302/302  403/403  403/403  200/200    200/200
programs_*_delete                 302/302   302/302  403/403  403/403  403/403    200/200
programs_*_move                   302/302   302/302  405/403  405/302  405/302    405/302
programs_*_discard                302/302   302/302  403/403  302/302  302/302    302/302
programs_*_preview                302/302   302/302  403/403  404/404  404/404    404/404
programs_*_restore                302/302   302/302  403/403  404/404  404/404    404/404
programs_*                        302/302   302/302  403/403  200/200  200/200    200/200
staff_user_find                   302/302   302/302  403/403  403/403  302/302    302/302
staff_user_delete                 302/302   302/302  403/403  403/403  403/403    403/403
staff_user_*                      302/302   302/302  403/403  403/403  200/200    200/200
auth_user_password_change         302/302   302/302  403/403  403/403  200/200    200/200
"""
ROWS = [(row.split()[0], dict(zip(WHO, row.split()[1:], strict=True))) for row in TABLE.strip().splitlines()]


def desk_names() -> list[str]:
    _prefix, resolver = next(found for key, found in get_resolver().namespace_dict.items() if key == "admin")
    return sorted(name for name in resolver.reverse_dict if isinstance(name, str))


def row_of(name: str):
    """The primary key of a row to ask for."""
    for model in apps.get_models():
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return model._default_manager.values_list("pk", flat=True).first() or 0
    return get_user_model().objects.values_list("pk", flat=True).first()


def address(name: str) -> str:
    if name == "app_list":
        return reverse("admin:app_list", args=["inquiries"])
    if name == "view_on_site":
        return reverse("admin:view_on_site", args=[1, 1])
    patterns = next(found for key, found in get_resolver().namespace_dict.items() if key == "admin")[1]
    needed = patterns.reverse_dict.getlist(name)[0][0][0][1]
    return reverse(f"admin:{name}", args=[row_of(name)] * len(needed))


def client_of(who: str) -> Client:
    client = Client(raise_request_exception=True)
    if who == "anonymous":
        return client
    user = {
        "one step": lambda: staff_user(is_superuser=True),
        "superuser": lambda: staff_user(is_superuser=True),
    }.get(who, lambda: staff_in(who.title()))()
    client.force_login(user)
    if who != "one step":
        pass_second_step(client, user)
    return client


@pytest.fixture
def rows(guide):
    staff_user("inquiries.view_inquiry", username="somebody")
    stored_inquiry(name=SECRET)
    ServiceArea.objects.create(key="made-up")
    WeeklyHours.objects.get_or_create(weekday=6, defaults={"opens_at": "09:00", "closes_at": "10:00"})
    ClosedDay.objects.create(day="2026-12-25", name="Made up")
    MessageTemplate.objects.create(title="Made up", body_en="Made up", body_es="Inventado")
    Notice.objects.create(place=Notice.Place.CERTIFICATION)
    OldAddress.objects.create(language="en", slug="made-up", page=GuidePage.objects.last())
    assert OutboxNotice.objects.exists()


def expected(name: str, who: str) -> str | None:
    return next((codes[who] for pattern, codes in ROWS if fnmatchcase(name, pattern)), None)


@pytest.mark.parametrize("name", desk_names())
def test_the_table_says_who_may_open_each_address(name):
    assert any(fnmatchcase(name, pattern) for pattern, _codes in ROWS), (
        f"admin:{name} is a new address of the desk: say in TABLE of {__name__} what each role gets there"
    )


@pytest.mark.parametrize(
    "who", [pytest.param(who, marks=pytest.mark.long if who == "superuser" else ()) for who in WHO]
)
def test_each_role_gets_what_the_table_says(rows, who):
    client, wrong = client_of(who), []
    for name in sorted(desk_names(), key="logout".__eq__):  # signing out comes last
        answers = [client.get(address(name)), client.post(address(name))]
        codes = "/".join(str(answer.status_code) for answer in answers)
        if codes != expected(name, who):
            wrong.append(f"{who} at admin:{name}: {codes}, the table says {expected(name, who)}")
        if who in ("anonymous", "one step"):
            assert not [name for answer in answers if SECRET in answer.content.decode()]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("role", [roles.CONTENT, roles.INTAKE, roles.SUPERVISOR])
def test_no_bulk_action_deletes_an_inquiry(rows, role):
    client = Client()
    user = staff_in(role)
    client.force_login(user)
    pass_second_step(client, user)
    chosen = {"action": "delete_selected", "_selected_action": list(Inquiry.objects.values_list("pk", flat=True))}
    client.post(reverse("admin:inquiries_inquiry_changelist"), chosen | {"post": "yes"})
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("page", ["", "inquiries/inquiry/", "account/", "nothing/"])
def test_the_spanish_desk_has_the_same_door(client, page):
    path = f"/es/admin/{page}"
    assert client.get(path).url.startswith("/es/admin/login/?next=")
    client.force_login(staff_user(is_superuser=True))
    assert client.get(path).url == "/es/admin/second-step/set-up/"


@pytest.mark.parametrize("query", ["?_to_field=name", "?q=Unheard", "?e=1"])
@pytest.mark.parametrize("name", ["changelist", "change", "history"])
def test_content_reads_nothing_of_an_inquiry_by_any_detour(rows, name, query):
    client, name = client_of("content"), f"inquiries_inquiry_{name}"
    answer = client.get(address(name) + query)
    assert answer.status_code in (400, 403) and SECRET not in answer.content.decode()


def test_the_first_page_shows_content_nothing_of_an_inquiry(rows):
    page = client_of("content").get(reverse("admin:index")).content.decode()
    assert SECRET not in page and Inquiry.objects.get().reference not in page

"""The first account is made once, with a code from the start; supervisors make the others, within their own rights."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Event, Inquiry, Refused
from iop_site.staff import roles
from iop_site.staff.models import SetUpCode
from tests.factories import staff_in, staff_user, stored_inquiry

pytestmark = pytest.mark.django_db
NEW = "correct horse battery"


def first(client, code, changes=()):
    data = {"username": "marisol", "first_name": "Marisol", "email": "m@example.com", "password": NEW, "again": NEW}
    return client.post("/admin/set-up/", data | {"code": code} | dict(changes))


def test_the_first_account_is_a_supervisor_who_sets_up_a_phone_next(client):
    code = SetUpCode.renew()
    assert first(client, code.lower().replace("-", " ")).url == "/admin/second-step/set-up/"
    user = get_user_model().objects.get()
    assert client.cookies["desk_owner"].value.startswith(f"{user.pk}:")  # what they type later can be sealed for them
    assert [group.name for group in user.groups.all()] == [roles.SUPERVISOR] and not user.is_superuser
    assert client.get("/admin/").url == "/admin/second-step/set-up/"
    assert client.get("/admin/set-up/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"code": "wrong"}, {"password": "short", "again": "short"}, {"again": "other"}, {"email": ""}, {"first_name": ""}],
)
def test_a_set_up_with_a_mistake_makes_nothing_and_can_be_mended(client, changes):
    code = SetUpCode.renew()
    assert first(client, code, changes).status_code == 200
    assert not get_user_model().objects.exists()
    assert first(client, code).status_code == 302


def test_the_code_is_valid_for_a_day_once_and_only_the_last_one(client):
    old, code = SetUpCode.renew(), SetUpCode.renew()
    assert first(client, old).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert first(client, code).status_code == 404
    assert SetUpCode.redeem(code, lambda: "made") == "made"
    assert SetUpCode.redeem(code, lambda: "made") is None


def test_there_is_no_set_up_once_there_is_staff_or_before_a_start(client):
    assert client.get("/admin/set-up/").status_code == 404
    code = SetUpCode.renew()
    staff_user()
    assert first(client, code).status_code == 404


def rights(role) -> set[str]:
    permissions = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}


def test_each_role_has_its_rights_and_no_more():
    assert rights(roles.INTAKE) >= {"inquiries.view_inquiry", "inquiries.change_inquiry"}
    assert not [right for right in rights(roles.INTAKE) if not right.startswith("inquiries.")]
    assert not rights(roles.INTAKE) & {"inquiries.view_event", "inquiries.export_inquiry", "inquiries.assign_inquiry"}
    assert not [right for right in rights(roles.CONTENT) if not right.startswith("programs.")]
    assert "programs.change_guidepage" in rights(roles.CONTENT)
    assert rights(roles.SUPERVISOR) > rights(roles.INTAKE) | rights(roles.CONTENT) | {
        "inquiries.export_inquiry",
        "inquiries.assign_inquiry",
        "inquiries.view_event",
        "staff.change_user",
    }


def test_no_role_deletes_what_is_not_its_own():
    for role in roles.ROLES:
        deletable = {right.rpartition("_")[2] for right in rights(role) if ".delete_" in right}
        assert deletable <= {"savedview", "messagetemplate", "closedday", "weeklyhours", "oldaddress"}


def test_migrating_again_grants_what_was_lost_and_takes_what_was_slipped_in():
    group = Group.objects.get(name=roles.INTAKE)
    before = rights(roles.INTAKE)
    group.permissions.set(Permission.objects.filter(codename="delete_inquiry"))
    call_command("migrate", verbosity=0)
    assert rights(roles.INTAKE) == before


@pytest.fixture
def supervisor(client):
    user = staff_in(roles.SUPERVISOR)
    client.force_login(user)
    return client


def change(user):
    return reverse("admin:staff_user_change", args=[user.pk])


def test_a_supervisor_makes_an_account_with_a_role(supervisor):
    intake = Group.objects.get(name=roles.INTAKE)
    data = {
        "username": "newcomer",
        "first_name": "New",
        "email": "n@example.com",
        "groups": [intake.pk],
        "password1": NEW,
        "password2": NEW,
    }
    response = supervisor.post("/admin/staff/user/add/", data | {"is_superuser": "on", "is_staff": ""})
    assert response.status_code == 302
    user = get_user_model().objects.get(username="newcomer")
    assert (user.is_staff, user.is_superuser, list(user.groups.all())) == (True, False, [intake])


def test_who_is_new_has_a_first_name_by_which_colleagues_know_them(supervisor):
    data = {"username": "newcomer", "email": "n@example.com", "password1": NEW, "password2": NEW}
    page = supervisor.post("/admin/staff/user/add/", data)
    assert page.status_code == 200 and list(page.context["adminform"].form.errors) == ["first_name"]
    assert not get_user_model().objects.filter(username="newcomer").exists()


def test_a_supervisor_gives_no_right_that_is_not_theirs(supervisor):
    stronger = Group.objects.create(name="Stronger")
    stronger.permissions.set(Permission.objects.filter(codename="delete_user"))
    user = staff_in(roles.INTAKE)
    data = {"username": user.username, "groups": [stronger.pk], "is_superuser": "on", "user_permissions": [1]}
    assert supervisor.post(change(user), data).status_code == 200
    user = get_user_model().objects.get(pk=user.pk)
    assert not user.is_superuser and stronger not in user.groups.all() and not user.user_permissions.exists()


@pytest.mark.parametrize("stronger", [{"is_superuser": True}, {"is_superuser": True, "is_active": False}])
def test_a_supervisor_changes_no_account_that_may_more(supervisor, stronger):
    user = staff_user(**stronger)
    assert supervisor.post(change(user), {"username": "mine"}).status_code == 403
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    data = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert supervisor.post(path, data).status_code == 403


def test_a_supervisor_gives_another_a_password_and_it_is_recorded(supervisor):
    user = staff_in(roles.INTAKE)
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    assert supervisor.post(path, {"password1": NEW, "password2": NEW, "usable_password": "true"}).status_code == 302
    event = Event.objects.get(verb="account-changed", fields="password")
    assert event.actor != user and event.account == user
    own = reverse("admin:auth_user_password_change", args=[event.actor.pk])
    assert supervisor.post(own, {"password1": NEW, "password2": NEW}).url == "/admin/password_change/"


@pytest.fixture
def two_cases():
    """(who owns two open cases and a closed one, the cases)"""
    owner = staff_in(roles.INTAKE, first_name="Ana")
    cases = [stored_inquiry(question=f"Question {number}") for number in range(3)]
    for case in cases:
        case.take(owner)
    cases[2].opened(owner)
    cases[2].close("answered", "status-page", owner)
    return owner, cases


def form_of(user, **changes):
    names = {"username": user.username, "email": user.email, "first_name": user.first_name}
    return names | {"groups": [group.pk for group in user.groups.all()]} | changes


@pytest.mark.parametrize("is_handed_to_somebody", [True, False])
def test_switching_an_account_off_first_hands_its_open_cases_over(supervisor, two_cases, is_handed_to_somebody):
    owner, cases = two_cases
    colleague = staff_in(roles.INTAKE, first_name="Bo")
    refused = supervisor.post(change(owner), form_of(owner))
    assert "Choose whom the open cases go to" in refused.content.decode()
    assert get_user_model().objects.get(pk=owner.pk).is_active
    to = colleague if is_handed_to_somebody else None
    saved = supervisor.post(change(owner), form_of(owner, hand_over_to=to.pk if to else "nobody"), follow=True)
    assert "2 open cases are handed over." in saved.content.decode()
    assert not get_user_model().objects.get(pk=owner.pk).is_active
    assert [Inquiry.objects.get(pk=case.pk).owner for case in cases] == [to, to, owner]
    told = Event.objects.filter(verb="handed-over").values_list("inquiry", "detail")
    assert sorted(told) == [(case.pk, f"to:{to.pk if to else 'nobody'}") for case in cases[:2]]


def test_whoever_works_no_more_has_nobody_in_hand(supervisor, two_cases):
    owner, _cases = two_cases
    of_nobody = stored_inquiry(question="Of nobody")
    of_nobody.claim("call", owner)
    supervisor.post(change(owner), form_of(owner, is_active="on", last_name="New"))
    assert Inquiry.objects.get(pk=of_nobody.pk).claimed_by == owner
    supervisor.post(change(owner), form_of(owner, hand_over_to="nobody"))
    assert Inquiry.objects.get(pk=of_nobody.pk).claimed_by is None


def test_so_does_taking_away_the_role_that_works_and_nothing_else(supervisor, two_cases):
    owner, cases = two_cases
    assert supervisor.post(change(owner), form_of(owner, is_active="on", last_name="New")).status_code == 302
    assert Inquiry.objects.get(pk=cases[0].pk).owner == owner
    refused = supervisor.post(change(owner), form_of(owner, is_active="on", groups=[]))
    assert "Choose whom the open cases go to" in refused.content.decode()


def test_an_account_without_open_cases_is_not_asked_and_shows_no_hash(supervisor):
    page = supervisor.get(change(staff_in(roles.INTAKE))).content.decode()
    assert "Their open cases go to" not in page
    assert "Give another password" in page and "salt" not in page and "hash" not in page


def test_what_somebody_who_is_switched_off_still_owns_is_nobody_s(supervisor, two_cases):
    owner, cases = two_cases
    get_user_model().objects.filter(pk=owner.pk).update(is_active=False)
    assert {row.pk for row in Inquiry.objects.unassigned()} == {case.pk for case in cases[:2]}
    page = supervisor.get("/admin/inquiries/inquiry/?tab=unassigned")
    assert page.context["page"].counts["unassigned"].number == 2 and len(page.context["page"].rows) == 2
    assert "Ana (switched off)" in page.content.decode()
    for query in (f"owner={owner.pk}", "owner=none"):
        assert len(supervisor.get(f"/admin/inquiries/inquiry/?tab=open&{query}").context["page"].rows) == 2
    somebody = staff_in(roles.INTAKE)
    case = Inquiry.objects.get(pk=cases[0].pk)
    assert case.can("take")
    case.take(somebody)
    assert Inquiry.objects.get(pk=case.pk).owner == somebody
    with pytest.raises(Refused):
        case.take(somebody)


def test_a_supervisor_switches_an_account_off_and_its_sessions_end(supervisor):
    user = staff_in(roles.INTAKE)
    other = type(supervisor)()
    other.force_login(user)
    assert supervisor.post(change(user), {"username": user.username, "email": user.email}).status_code == 302
    assert not get_user_model().objects.get(pk=user.pk).is_active and not user.sessions.exists()
    assert other.get("/admin/").url.startswith("/admin/login/")

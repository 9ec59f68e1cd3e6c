"""Who was given a password by somebody else chooses their own before the desk opens to them."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Event
from iop_site.staff import roles
from iop_site.staff.middleware import GLANCES
from iop_site.staff.models import User
from iop_site.staff.models.user import GIVEN_LASTS
from tests.factories import PASSWORD, pass_second_step, phone_of, staff_in, staff_user
from tests.iop_site.test_access_matrix import address, desk_names, rows  # noqa: F401 - a fixture
from tests.iop_site.test_second_step import enrol, number

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]
GIVEN, OWN = "correct horse battery", "purple lantern orchard"
PAGE = "/admin/own-password/"
# Reached before both steps, or the page itself; everything else of the desk waits.
NOT_BEHIND = {"login", "logout", "set_up", "own_password"}


@pytest.fixture
def supervisor(client):
    user = staff_in(roles.SUPERVISOR)
    client.force_login(user)
    pass_second_step(client, user)
    return client


def choose(client, old=GIVEN, new=OWN, again=None):
    return client.post(PAGE, {"old_password": old, "new_password1": new, "new_password2": again or new})


def given(client, user):
    """Have a supervisor give ``user`` a password."""
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    data = {"password1": GIVEN, "password2": GIVEN, "usable_password": "true"}
    assert client.post(path, data).status_code == 302


def signed_in(client_class, user):
    """A browser of ``user`` through both steps, with the password that was given."""
    browser = client_class()
    browser.post("/admin/login/", {"username": user.username, "password": GIVEN, "next": "/admin/account/"})
    browser.post("/admin/second-step/", {"token": number(phone_of(user))})
    return browser


def test_a_new_person_sets_up_a_phone_chooses_a_password_and_is_in(supervisor):
    data = {
        "username": "newcomer",
        "first_name": "New",
        "email": "n@example.com",
        "password1": GIVEN,
        "password2": GIVEN,
    }
    data["groups"] = [Group.objects.get(name=roles.INTAKE).pk]
    assert "Its owner chooses another one" in supervisor.get("/admin/staff/user/add/").content.decode()
    assert supervisor.post("/admin/staff/user/add/", data).status_code == 302
    user, browser = User.objects.get(username="newcomer"), type(supervisor)()
    browser.post("/admin/login/", {"username": "newcomer", "password": GIVEN, "next": "/admin/inquiries/inquiry/"})
    enrol(browser, user)
    saved = browser.post("/admin/second-step/codes/", {"is_saved": "on"})
    assert browser.get(saved.url).url == PAGE
    assert "Choose your own password" in browser.get(PAGE).content.decode()
    assert choose(browser).url == "/admin/inquiries/inquiry/"
    assert browser.get("/admin/inquiries/inquiry/").status_code == 200
    user.refresh_from_db()
    assert user.check_password(OWN) and not user.must_choose_password
    assert browser.get(PAGE).url == "/admin/password_change/"


def test_after_a_reset_the_owner_chooses_again_other_sessions_end_and_it_is_recorded(
    supervisor, settings, django_capture_on_commit_callbacks
):
    settings.HAS_MAIL_SERVER = True
    user = staff_in(roles.INTAKE)
    given(supervisor, user)
    browser, other = signed_in(type(supervisor), user), signed_in(type(supervisor), user)
    assert browser.get("/admin/").url == PAGE
    with django_capture_on_commit_callbacks(execute=True):
        assert choose(browser).url == "/admin/"
    assert browser.get("/admin/").status_code == 200 and user.sessions.count() == 1
    assert other.get("/admin/").url.startswith("/admin/login/")
    changes = Event.objects.filter(verb="account-changed", fields="password", account=user).order_by("pk")
    assert [event.actor == user for event in changes] == [False, True]
    assert [letter.to for letter in mail.outbox] == [[user.email]]


def test_one_who_has_a_password_of_somebody_else_reaches_nothing_else(rows, client):  # noqa: F811
    user = staff_user(is_superuser=True, must_choose_password=True)
    client.force_login(user)
    pass_second_step(client, user)
    wrong = []
    for name in sorted(set(desk_names()) - NOT_BEHIND):
        answers = [client.get(address(name)), client.post(address(name))]
        wanted = (403, None) if name in GLANCES else (302, PAGE)
        wrong += [name for answer in answers if (answer.status_code, answer.get("Location")) != wanted]
    assert wrong == []
    assert client.get("/es/admin/").url == "/es/admin/own-password/"
    assert client.get(PAGE).status_code == 200 and client.post(reverse("admin:logout")).status_code == 303


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"new": GIVEN}, "Choose another password than the one that you were given."),
        ({"old": "not it"}, "Your old password was entered incorrectly."),
        ({"new": "short"}, "at least 12 characters"),
        ({"again": "something quite different"}, "didn’t match"),
    ],
)
def test_what_does_not_do_is_said_and_nothing_is_changed(supervisor, typed, error):
    user = staff_in(roles.INTAKE)
    given(supervisor, user)
    browser = signed_in(type(supervisor), user)
    page = choose(browser, **typed)
    assert page.status_code == 200 and error in page.content.decode()
    user.refresh_from_db()
    assert user.must_choose_password and user.check_password(GIVEN)
    assert browser.get("/admin/").url == PAGE


def test_a_password_that_was_given_and_not_used_for_seven_days_opens_nothing(supervisor):
    user = staff_in(roles.INTAKE)
    given(supervisor, user)
    page = reverse("admin:staff_user_change", args=[user.pk])
    assert "Not replaced yet; good until" in supervisor.get(page).content.decode()
    browser = signed_in(type(supervisor), user)  # who has not chosen their own by then is out as well
    User.objects.filter(pk=user.pk).update(password_given_at=timezone.now() - GIVEN_LASTS)
    assert browser.get(PAGE).url.startswith("/admin/login/")
    answer = type(supervisor)().post("/admin/login/", {"username": user.username, "password": GIVEN})
    assert answer.status_code == 200 and "User name or password is not right" in answer.content.decode()
    assert "Not replaced within 7 days" in supervisor.get(page).content.decode()
    given(supervisor, user)
    answer = type(supervisor)().post("/admin/login/", {"username": user.username, "password": GIVEN})
    assert answer.url.startswith("/admin/second-step/")


def test_the_operator_revives_a_lapsed_account_at_the_command_line(supervisor, monkeypatch):
    user = staff_in(roles.SUPERVISOR)
    given(supervisor, user)
    User.objects.filter(pk=user.pk).update(password_given_at=timezone.now() - GIVEN_LASTS)
    monkeypatch.setattr("getpass.getpass", lambda prompt: OWN)
    call_command("changepassword", user.username, stdout=StringIO())
    answer = type(supervisor)().post("/admin/login/", {"username": user.username, "password": OWN})
    assert answer.url.startswith("/admin/second-step/")


def test_a_password_of_ones_own_does_not_lapse(supervisor):
    user = staff_in(roles.INTAKE)
    given(supervisor, user)
    choose(signed_in(type(supervisor), user))
    User.objects.filter(pk=user.pk).update(password_given_at=timezone.now() - 2 * GIVEN_LASTS)
    answer = type(supervisor)().post("/admin/login/", {"username": user.username, "password": OWN})
    assert answer.url.startswith("/admin/second-step/")
    page = supervisor.get(reverse("admin:staff_user_change", args=[user.pk])).content.decode()
    assert "None: the password is their own." in page


def test_before_the_second_step_the_password_cannot_be_chosen(supervisor):
    user = staff_in(roles.INTAKE)
    given(supervisor, user)
    phone_of(user)
    browser = type(supervisor)()
    browser.post("/admin/login/", {"username": user.username, "password": GIVEN})
    assert browser.get(PAGE).url == "/admin/second-step/" and choose(browser).url == "/admin/second-step/"
    assert User.objects.get(pk=user.pk).check_password(GIVEN)


def test_who_chose_their_own_is_not_asked(client):
    user = staff_user(is_superuser=True)
    client.force_login(user)
    pass_second_step(client, user)
    new = {"old_password": PASSWORD, "new_password1": OWN, "new_password2": OWN, "token": number(phone_of(user))}
    assert client.post("/admin/password_change/", new).status_code == 302
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("spelling", ["{}", "0{}", "%2B{}", "{}%20"])
def test_nobody_gives_themselves_a_password_as_a_supervisor_gives_one(supervisor, spelling):
    """It asks for no old password: whoever sits down at an open desk must not get past the own one."""
    user = User.objects.get()
    before, path = user.password, f"/admin/staff/user/{spelling.format(user.pk)}/password/"
    assert supervisor.get(path).url == reverse("admin:password_change")
    supervisor.post(path, {"password1": OWN, "password2": OWN})
    assert User.objects.get().password == before

"""Every change of an account leaves an event, whoever makes it and however: names of fields, never their values."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from inquiries.models import Event
from iop_site.staff import roles
from iop_site.staff.models import Authenticator, SetUpCode, User
from tests.factories import PASSWORD, phone_of, staff_in, staff_user

pytestmark = pytest.mark.django_db
NEW = "correct horse battery"


@pytest.fixture
def supervisor(client):
    user = staff_in(roles.SUPERVISOR, username="dev")
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def user():
    return staff_in(roles.INTAKE, username="ana", email="ana@example.com", wants_inquiry_notices=False)


class Trail:
    """The events since it was made."""

    def __init__(self):
        self.start = Event.objects.count()

    def events(self):
        return list(Event.objects.order_by("pk")[self.start :])

    def __call__(self):
        return [(event.verb, event.fields, event.detail) for event in self.events()]


def role(name):
    return Group.objects.get(name=name)


def post_change(client, user, **changes):
    groups = [group.pk for group in user.groups.all()]
    data = {"username": user.username, "email": user.email, "groups": groups, "is_active": "on"} | changes
    data = {name: value for name, value in data.items() if value is not None}
    assert client.post(reverse("admin:staff_user_change", args=[user.pk]), data).status_code == 302


@pytest.mark.parametrize(
    ("changes", "events"),
    [
        ({"username": "anna"}, [("account-changed", "username", "")]),
        ({"email": "other@example.com"}, [("account-changed", "email", "")]),
        ({"first_name": "Ana", "last_name": "Dee"}, [("account-changed", "first_name last_name", "")]),
        ({"wants_inquiry_notices": "on"}, [("account-changed", "wants_inquiry_notices", "")]),
        ({"is_active": None}, [("switched-off", "", "")]),
        ({}, []),
    ],
)
def test_what_a_supervisor_changes_is_told_by_the_names_of_the_fields(supervisor, user, changes, events):
    trail = Trail()
    post_change(supervisor, user, **changes)
    assert trail() == events
    for event in trail.events():
        assert (event.actor, event.actor_name) == (supervisor.user, "dev")
        assert (event.account, event.account_name) == (user, changes.get("username", "ana"))


def test_making_a_supervisor_and_taking_a_role_are_told_with_the_role(supervisor, user):
    trail = Trail()
    post_change(supervisor, user, groups=[role(roles.SUPERVISOR).pk])
    assert sorted(trail()) == [("role-given", "", "supervisor"), ("role-taken", "", "intake")]
    assert {(event.actor_name, event.account_name) for event in trail.events()} == {("dev", "ana")}


def test_switching_on_again_is_told(supervisor, user):
    post_change(supervisor, user, is_active=None)
    user.refresh_from_db()
    trail = Trail()
    post_change(supervisor, user)
    assert trail() == [("switched-on", "", "")]


def test_a_new_account_and_a_given_password_are_told(supervisor, user):
    trail = Trail()
    data = {"username": "new", "first_name": "New", "email": "n@example.com", "groups": [role(roles.INTAKE).pk]}
    supervisor.post("/admin/staff/user/add/", data | {"password1": NEW, "password2": NEW})
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    supervisor.post(path, {"password1": NEW, "password2": NEW, "usable_password": "true"})
    made, given = ("account-made", "", ""), ("role-given", "", "intake")
    assert trail() == [made, given, ("account-changed", "password", "")]
    assert {event.actor_name for event in trail.events()} == {"dev"}


def test_the_first_account_is_told_as_made_by_itself(client):
    trail = Trail()
    data = {"username": "marisol", "first_name": "Marisol", "email": "m@example.com", "password": NEW, "again": NEW}
    client.post("/admin/set-up/", data | {"code": SetUpCode.renew()})
    assert trail() == [("account-made", "", "set-up"), ("role-given", "", "supervisor,set-up")]
    assert {(event.actor_name, event.account_name) for event in trail.events()} == {("marisol", "marisol")}


def command(*arguments, **options):
    return lambda user: call_command(*arguments, stdout=StringIO(), **options)


def save(update_fields=None, **values):
    def change(user):
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=update_fields)

    return change


def rename_in_bulk(user):
    user.username = "b"
    User.objects.bulk_update([user], ["username"])


def plant_a_phone(user):
    Authenticator.objects.create(user=staff_user(), confirmed=True, secret="5e" * 20)


def give_a_right(user):
    user.user_permissions.add(Permission.objects.get(codename="delete_user"))


MADE = {"username": "root", "email": "r@example.com", "interactive": False}
AT_THE_COMMAND_LINE = {
    "a superuser is made": (command("createsuperuser", **MADE), "account-made is_superuser command"),
    "a password is set": (command("changepassword", "ana"), "account-changed password command"),
    "a second step is taken": (command("mfa_reset", "ana"), "device-removed  command"),
    "a second step is planted": (plant_a_phone, "device-added  command"),
    "an email is saved": (save(email="b@example.com"), "account-changed email command"),
    "one field is saved": (save(["is_superuser"], is_superuser=True), "account-changed is_superuser command"),
    "many are switched off": (lambda user: User.objects.update(is_active=False), "switched-off  command"),
    "a hash is put in place": (lambda user: User.objects.update(password="x$y"), "account-changed password command"),
    "many are renamed": (rename_in_bulk, "account-changed username command"),
    "a role is given": (lambda user: user.groups.add(role(roles.CONTENT)), "role-given  content,command"),
    "a role gets members": (lambda user: role(roles.CONTENT).user_set.set([user]), "role-given  content,command"),
    "all roles are taken": (lambda user: user.groups.clear(), "role-taken  intake,command"),
    "all members are taken": (lambda user: role(roles.INTAKE).user_set.clear(), "role-taken  intake,command"),
    "a right is given": (give_a_right, "account-changed user_permissions command"),
}


@pytest.mark.parametrize("change", AT_THE_COMMAND_LINE)
def test_what_is_done_at_the_command_line_or_in_a_shell_is_told(user, monkeypatch, change):
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    phone_of(user)
    do, event = AT_THE_COMMAND_LINE[change]
    trail = Trail()
    do(user)
    assert event in [" ".join(words) for words in trail()]
    assert not [event for event in trail.events() if event.actor or event.account is None]


def test_a_sign_in_changes_no_account(client, user):
    phone_of(user)
    trail = Trail()
    assert client.post("/admin/login/", {"username": "ana", "password": PASSWORD}).status_code == 302
    assert trail() == []


def test_a_password_that_is_hashed_anew_is_no_new_one(client, user, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    trail = Trail()
    answer = client.post("/admin/login/", {"username": "ana", "password": PASSWORD})
    before, user.password = user.password, User.objects.get(pk=user.pk).password
    assert answer.status_code == 302 and before != user.password
    assert trail() == []


def test_accounts_are_not_made_in_bulk_past_the_events():
    with pytest.raises(TypeError):
        User.objects.bulk_create([User(username="x")])


def test_no_event_holds_a_value(supervisor, user):
    words = {"email": "zoraida@example.com", "first_name": "Zoraida", "last_name": "Zoraida"}
    post_change(supervisor, user, **words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM inquiries_event")
        assert "zoraida" not in repr(cursor.fetchall()).lower()


class TestLetters:
    @pytest.fixture(autouse=True)
    def server(self, settings):
        settings.HAS_MAIL_SERVER = True

    def test_a_changed_email_is_told_to_the_old_address(self, supervisor, user, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            post_change(supervisor, user, email="new@example.com")
        [letter] = mail.outbox
        assert letter.to == ["ana@example.com"]
        assert "new@example.com" not in letter.body and "ana" not in letter.body

    def test_a_first_email_is_told_to_nobody(self, user, django_capture_on_commit_callbacks):
        User.objects.filter(pk=user.pk).update(email="")
        user.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            user.email = "new@example.com"
            user.save()
        assert mail.outbox == []

    def test_a_letter_speaks_every_language_of_the_site(self, user, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            user.set_password(NEW)
            user.save()
        [letter] = mail.outbox
        assert "Your account was changed" in letter.subject and "Se cambió" in letter.body + letter.subject

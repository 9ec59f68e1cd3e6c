"""Signing in takes a password and a number; whatever is wrong, a stranger learns nothing and waits after five tries."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from inquiries.models import Event
from iop_site.staff import forms, lockout
from tests.factories import PASSWORD, phone_of, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_step]
LOGIN = "/admin/login/"


def sign_in(client, username, password=PASSWORD, **extra):
    data = {key: extra.pop(key) for key in ("next", "carried") if key in extra}
    return client.post(LOGIN, {"username": username, "password": password, **data}, **extra)


def verbs():
    return list(Event.objects.exclude(verb="account-made").order_by("id").values_list("verb", "detail"))


def test_the_password_alone_leads_to_the_second_step_and_opens_nothing(client):
    user = staff_user(is_superuser=True)
    assert sign_in(client, user.username).url == "/admin/second-step/set-up/"
    assert client.get("/admin/inquiries/inquiry/").url == "/admin/second-step/set-up/"
    phone_of(user)
    assert client.get("/admin/inquiries/inquiry/").url == "/admin/second-step/"
    assert client.get("/admin/second-step/set-up/").url == "/admin/second-step/"


def plain(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|value="someone"', "", page)


def test_every_refusal_is_the_same(client):
    staff_user(username="known")
    staff_user(username="inactive", is_active=False)
    staff_user(username="visitor", is_staff=False)
    answers = [
        sign_in(client, "known", "wrong"),
        sign_in(client, "unknown"),
        sign_in(client, "inactive"),
        sign_in(client, "visitor"),
    ]
    assert {answer.status_code for answer in answers} == {200}
    pages = {re.sub(r'value="(known|unknown|inactive|visitor)"', "", plain(a.content.decode())) for a in answers}
    assert len(pages) == 1 and "User name or password is not right" in pages.pop()


def test_from_the_sixth_wrong_try_on_even_the_right_password_waits(client, django_user_model):
    user, other = staff_user(), staff_user()
    for _try in range(5):
        last = sign_in(client, user.username, "wrong")
    assert last.status_code == 429 and "Wait 15 minutes" in last.content.decode()
    assert sign_in(client, user.username).status_code == 429
    assert sign_in(client, other.username).status_code == 302
    assert sign_in(client, user.username, REMOTE_ADDR="192.0.2.7").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, user.username).status_code == 302


def test_an_unknown_name_is_locked_out_like_a_known_one(client):
    codes = [sign_in(client, "nobody", "wrong").status_code for _try in range(6)]
    assert codes == [200, 200, 200, 200, 429, 429]


def test_trying_while_locked_out_does_not_prolong_it(client):
    user = staff_user()
    for _try in range(8):
        sign_in(client, user.username, "wrong")
    assert verbs() == [("sign-in-failed", "password")] * 4 + [("locked-out", "password")]
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_a_forwarded_address_is_believed_only_from_own_proxies(client, settings):
    for number in range(6):
        answer = sign_in(client, "nobody", "wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert answer.status_code == 429
    settings.TRUSTED_PROXIES = 1
    assert sign_in(client, "nobody", "wrong", HTTP_X_FORWARDED_FOR="2001:db8::7").status_code == 200
    assert AccessAttempt.objects.filter(ip_address="2001:db8::").exists()


def test_nothing_of_a_refusal_is_kept_or_logged_but_what_the_lockout_needs(client, caplog):
    caplog.set_level(logging.DEBUG)
    extra = {"HTTP_USER_AGENT": "Recognizable/1", "next": "/admin/secret/", "carried": "v1:sealed"}
    for _try in range(6):
        sign_in(client, "rosa-typed-this", "the-wrong-word", **extra)
    attempt = AccessAttempt.objects.get()
    kept = " ".join((attempt.get_data, attempt.post_data, attempt.user_agent, attempt.http_accept))
    for words in ("the-wrong-word", "Recognizable", "secret", "sealed"):
        assert words not in kept
    for words in ("the-wrong-word", "rosa-typed-this", "Recognizable", "127.0.0.1"):
        assert words not in caplog.text


@pytest.mark.parametrize("username", ["x" * 300, "", " "])
def test_a_name_that_cannot_be_is_refused_plainly(client, username):
    assert sign_in(client, username).status_code == 200


def test_a_sign_in_has_a_new_session_id_also_for_the_same_user(client):
    user = staff_user()
    client.get(LOGIN)
    client.cookies["sessionid"] = "presetpresetpresetpresetpresetpr"
    sign_in(client, user.username)
    first = client.session.session_key
    sign_in(client, user.username)
    assert len({first, client.session.session_key, "presetpresetpresetpresetpresetpr"}) == 3
    assert user.sessions.count() == 1


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/ask/", "javascript:alert(1)", "/admin/logout/", "/\\evil"]
)
def test_the_way_on_leads_only_to_a_page_of_the_desk(client, address):
    user = staff_user()
    phone_of(user)
    sign_in(client, user.username, next=address)
    assert "next" not in client.session


def test_signing_out_clears_the_browser_and_the_old_cookie_opens_nothing(client):
    user = staff_user()
    sign_in(client, user.username)
    cookie = client.cookies["sessionid"].value
    answer = client.post("/admin/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'  # not cookies, among which is the mark of a known browser
    gone = {name for name, kept in answer.cookies.items() if not kept.value and kept["max-age"] == 0}
    assert gone == set(answer.cookies) == {"sessionid", "csrftoken", "desk_owner"}
    client.cookies["sessionid"] = cookie
    assert client.get("/admin/second-step/").url.startswith("/admin/login/")
    assert not user.sessions.exists()


def test_signing_out_by_a_link_does_nothing(client):
    sign_in(client, staff_user().username)
    assert client.get("/admin/logout/").status_code == 405 and client.session


@pytest.mark.parametrize("word", ["eleven char", "password1234", "123456789012"])
def test_short_and_common_passwords_are_refused(word):
    with pytest.raises(ValidationError):
        validate_password(word)


@pytest.mark.parametrize(
    "word",
    ["Dedicato-Duarte-2026!", "duarte iop guide", "WelcomePassword99", "Contraseña91010!", "intensivo programa 1"],
)
def test_words_that_anybody_knows_from_the_site_are_no_password(word):
    with pytest.raises(ValidationError, match="words that anybody knows from this site"):
        validate_password(word)


@pytest.mark.parametrize("word", ["my careful duarte otters", "purple lantern orchard", "42 miles uphill, no guide"])
def test_such_a_word_among_others_is_no_hindrance(word):
    validate_password(word)


def test_a_long_password_is_taken_whole(client):
    user = staff_user()
    long = "correct horse battery staple " * 5
    validate_password(long)
    user.set_password(long)
    user.save()
    assert sign_in(client, user.username, long[:72]).status_code == 200
    assert sign_in(client, user.username, long).status_code == 302


def test_nobody_is_there_on_a_fresh_install():
    assert not get_user_model().objects.exists()


def test_who_is_switched_off_is_out_at_the_next_request(client):
    user = staff_user()
    sign_in(client, user.username)
    type(user).objects.update(is_active=False)
    assert client.get(reverse("admin:second_step")).url.startswith("/admin/login/")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_texts_name_the_limits_that_are_in_force(language):
    minutes = str(lockout.COOL_OFF.seconds // 60)
    with translation.override(language):
        refused, locked = str(forms.REFUSED), str(forms.LOCKED)
    assert re.findall(r"\d+", refused) == [str(lockout.FAILURE_LIMIT), minutes]
    assert re.findall(r"\d+", locked) == [minutes]

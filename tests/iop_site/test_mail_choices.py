"""Each member of staff chooses under My account which mails about inquiries they get."""

import pytest
from django.utils import timezone

from inquiries.models import Event, MailChoices
from tests.factories import staff_user

pytestmark = pytest.mark.django_db
MAILS = "/admin/account/mails/"


@pytest.fixture
def ana(client):
    user = staff_user("inquiries.view_inquiry")
    client.force_login(user)
    return user


def test_each_chooses_which_mails_they_get_and_the_audit_names_what_changed(client, ana):
    page = client.get("/admin/account/").content.decode()
    assert "Emails to you" in page and page.count("checked") == 5
    client.post(MAILS, {"overdue": "on", "digest": "on"})
    ana.refresh_from_db()
    mine = MailChoices.objects.get(user=ana)
    assert (ana.wants_inquiry_notices, mine.handed_over, mine.new_words) == (False, False, False)
    assert mine.overdue and mine.digest
    changed = Event.objects.filter(verb="account-changed", actor=ana, account=ana).values_list("fields", flat=True)
    assert set(changed) == {"mails", "wants_inquiry_notices"}
    assert client.get("/admin/account/").content.decode().count("checked") == 2
    client.post(MAILS, {"new_inquiries": "on"})
    ana.refresh_from_db()
    assert ana.wants_inquiry_notices and not MailChoices.objects.get(user=ana).digest


def test_choosing_again_sends_no_second_digest(client, ana):
    MailChoices.objects.claim_digest(ana, timezone.localdate())
    client.post(MAILS, {"digest": "on"})
    assert not MailChoices.objects.claim_digest(ana, timezone.localdate())


def test_the_audit_says_in_words_what_changed(client, ana):
    client.post(MAILS, {})
    client.force_login(staff_user(is_superuser=True))
    assert "which emails they get" in client.get("/admin/inquiries/event/").content.decode()


def test_who_sees_no_inquiries_has_nothing_to_choose(client):
    client.force_login(staff_user("programs.view_therapy"))
    assert "Emails to you" not in client.get("/admin/account/").content.decode()
    assert client.post(MAILS).status_code == 403


def test_without_an_address_it_says_that_nothing_comes(client):
    client.force_login(staff_user("inquiries.view_inquiry", email=""))
    assert "Your account has no email address" in client.get("/admin/account/").content.decode()

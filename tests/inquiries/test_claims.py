"""Who has an inquiry in hand is seen by the others: nobody is called twice, and nobody is locked out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries.desk import stats
from inquiries.models import Claimed, Inquiry
from tests.factories import staff_user, stored_inquiry
from tests.inquiries.test_case import NEXT, RIGHTS, case, post, url

pytestmark = pytest.mark.django_db
LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def ana(client):
    user = staff_user(*RIGHTS, first_name="Ana")
    client.force_login(user)
    return user


@pytest.fixture
def ben():
    return staff_user(*RIGHTS, first_name="Ben")


def main_links(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.partition('id="content-main"')[2].split('href="')[1:]]


def next_of(client, inquiry) -> str:
    """The inquiry that "Next person" leads to from this one."""
    walk = client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])).context["case"].walk
    return Inquiry.objects.filter(pk=walk["next"]).values_list("reference", flat=True).first()


def test_calling_claims_and_leads_to_a_page_whose_first_link_is_the_number(client, ana):
    inquiry = stored_inquiry()
    assert "I am calling now" in case(client, inquiry) and "I am texting now" not in case(client, inquiry)
    answer = post(client, "calling", inquiry)
    assert answer.url == url("try", inquiry)
    links = [link for link in main_links(client.get(answer.url).content.decode()) if not link.startswith("/static")]
    assert links[0] == "tel:+16265550142"
    assert Inquiry.objects.get().claimed_by == ana
    assert [event.detail for event in inquiry.events.filter(verb="claimed")] == ["call"]


def test_who_chose_text_is_texted_and_who_chose_email_is_written_to(client, ana):
    text, email = stored_inquiry(contact_way="text"), stored_inquiry(contact_way="email", phone="", email="r@x.com")
    assert "I am texting now" in case(client, text) and "I am calling now" not in case(client, text)
    assert "I am writing an email now" in case(client, email)
    page = stored_inquiry(contact_way="status-page", phone="", email="")
    assert "data-claim" not in case(client, page)


@pytest.mark.parametrize(
    ("verb", "plan"),
    [
        ("calling", {"contact_way": "email", "phone": "", "email": "rosa@example.com"}),
        ("texting", {}),
        ("writing", {}),
        ("calling", {"contact_way": "status-page", "phone": ""}),
    ],
)
def test_a_way_that_the_plan_does_not_allow_is_not_taken_in_hand(client, ana, verb, plan):
    inquiry = stored_inquiry(**plan)
    answer = post(client, verb, inquiry)
    assert answer.status_code == 409 and "does not want to be contacted in this way" in answer.content.decode()
    assert Inquiry.objects.get().claimed_by is None


def test_the_second_caller_is_told_and_may_go_on(client, ana, ben):
    inquiry = stored_inquiry()
    inquiry.claim("call", ben)
    told = post(client, "calling", inquiry)
    page = told.content.decode()
    assert told.status_code == 409 and "Ben has this person in hand since" in page and "Go on anyway" in page
    assert Inquiry.objects.get().claimed_by == ben
    assert post(client, "calling", inquiry, anyway="on").status_code == 302
    assert Inquiry.objects.get().claimed_by == ana


def test_the_page_of_a_try_claims_what_is_free_and_only_tells_of_what_is_not(client, ana, ben):
    free, taken = stored_inquiry(), stored_inquiry(question="Other")
    taken.claim("call", ben)
    assert "In your hand until" in client.get(url("try", free)).content.decode()
    page = client.get(url("try", taken)).content.decode()
    assert "Ben has this person in hand since" in page and 'name="result"' in page
    assert Inquiry.objects.get(pk=taken.pk).claimed_by == ben


def test_a_claim_ends_with_ones_own_try_by_hand_and_by_time(client, ana, ben):
    inquiry = stored_inquiry()
    for end in ("try", "let-go"):
        inquiry.claim("call", ana)
        data = {"result": "no-answer", **NEXT, "day": "", "time": ""} if end == "try" else {}
        assert post(client, end, inquiry, **data).status_code == 302
        assert Inquiry.objects.get().claimed_by is None
    now = timezone.now()
    inquiry.claim("call", ben, now=now)
    with pytest.raises(Claimed):
        inquiry.claim("call", ana, now=now + timedelta(minutes=14))
    inquiry.claim("call", ana, now=now + timedelta(minutes=15))
    assert inquiry.claimed_by == ana


def test_a_colleagues_try_does_not_end_the_call_of_another(ana, ben):
    inquiry = stored_inquiry()
    inquiry.claim("call", ben)
    inquiry.log_try("no-answer", ana, next_action=None, due_at=None)
    assert Inquiry.objects.get().claimed_by == ben


def test_a_claim_makes_no_page_stale(client, ana, ben):
    inquiry = stored_inquiry()
    version = inquiry.version
    inquiry.claim("call", ben)
    assert post(client, "take", inquiry, version=version).status_code == 302


def test_who_opened_it_just_now_is_told_to_others_alone(client, ana, ben):
    inquiry = stored_inquiry()
    inquiry.opened(ben, now=timezone.now() - timedelta(minutes=3))
    assert "Ben opened it" in case(client, inquiry) and "Ana opened it" not in case(client, inquiry)
    later = stored_inquiry(question="Other")
    later.opened(ben, now=timezone.now() - timedelta(hours=1))
    assert "opened it" not in case(client, later)


def test_the_list_and_the_first_page_say_who_has_it(client, ana, ben):
    stored_inquiry().claim("call", ben)
    for path in (LIST, "/admin/"):
        assert "Ben has it in hand" in client.get(path).content.decode()


def test_next_is_what_no_colleague_has_or_owns_while_there_is_other_work(client, ana, ben):
    first, second, third, fourth = (stored_inquiry(question=str(number)) for number in range(4))
    second.claim("call", ben)
    third.take(ben)
    assert next_of(client, first) == fourth.reference
    first.claim("call", ben)
    assert stats.next_person(ana, timezone.now()).inquiry == fourth
    fourth.take(ben)
    assert stats.next_person(ana, timezone.now()).inquiry == third  # rather than what Ben has in hand
    assert next_of(client, second) == third.reference
    third.claim("call", ben), fourth.claim("call", ben)
    assert stats.next_person(ana, timezone.now()).inquiry == first  # nothing else is left


def test_what_was_passed_over_comes_again_at_the_end(client, ana, ben):
    first, last = stored_inquiry(), stored_inquiry(question="Other")
    assert next_of(client, last) == first.reference


def test_next_stays_in_the_list_one_came_from(client, ana):
    inquiries = [
        stored_inquiry(question=str(number), preferred_language=code) for number, code in enumerate(["es", "en"] * 2)
    ]
    client.get(LIST, {"language": "en"})
    assert next_of(client, inquiries[1]) == inquiries[3].reference
    client.get("/admin/")
    assert next_of(client, inquiries[1]) == inquiries[2].reference
    inquiries[3].take(ana)
    client.get(LIST, {"tab": "mine"})
    assert next_of(client, inquiries[3]) is None
    assert "To all that needs work" in case(client, inquiries[3])


def test_next_of_what_was_set_aside_is_set_aside_too(client, ana):
    first, _other, second = (stored_inquiry(question=str(number)) for number in range(3))
    for inquiry in (first, second):
        inquiry.set_aside(ana)
    client.get(LIST, {"tab": "aside"})
    assert next_of(client, first) == second.reference


def test_next_of_a_list_by_what_is_sealed_fits_it_too(client, ana):
    inquiries = [
        stored_inquiry(question=str(number), topics=topic) for number, topic in enumerate(["cost", "", "cost"])
    ]
    client.get(LIST, {"topic": "cost"})
    assert next_of(client, inquiries[0]) == inquiries[2].reference


def test_erasing_leaves_no_claim(ana):
    inquiry = stored_inquiry()
    inquiry.claim("call", ana)
    inquiry.withdraw()
    assert Inquiry.objects.get().claimed_by is None

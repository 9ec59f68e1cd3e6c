"""Two staff take the same inquiry at the same instant: one wins, and the other is told."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from inquiries.models import Inquiry, InvalidTransition, StaleVersion
from tests.factories import staff_user, stored_inquiry

RIGHTS = ("inquiries.view_inquiry", "inquiries.change_inquiry")
ROUNDS = 10


def take_at_once(inquiry, people) -> list:
    """Let all take the inquiry at one instant, each from a page shown before; return what became of each."""
    outcomes, barrier = {}, Barrier(len(people))

    def take(person):
        mine = Inquiry.objects.get(pk=inquiry.pk)
        barrier.wait(30)
        try:
            mine.take(person, version=inquiry.version)
            outcomes[person] = "won"
        except (StaleVersion, InvalidTransition) as refused:
            outcomes[person] = type(refused).__name__
        finally:
            connection.close()

    threads = [Thread(target=take, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [outcomes.get(person) for person in people]


def check_rounds(rounds: int):
    people = [staff_user(*RIGHTS), staff_user(*RIGHTS)]
    for number in range(rounds):
        inquiry = stored_inquiry(question=f"round {number}")
        outcomes = take_at_once(inquiry, people)
        assert sorted(outcomes) == ["StaleVersion", "won"], outcomes
        stored = Inquiry.objects.get(pk=inquiry.pk)
        assert stored.owner == people[outcomes.index("won")]
        assert [event.actor for event in stored.events.filter(verb="taken")] == [stored.owner]


@pytest.mark.django_db(transaction=True)
def test_one_wins_and_the_other_is_told():
    check_rounds(ROUNDS)

"""The long form of tests/inquiries/test_taking_at_once.py."""

import pytest

from tests.inquiries.test_taking_at_once import check_rounds


@pytest.mark.django_db(transaction=True)
def test_200_times_one_wins_and_the_other_is_told():
    check_rounds(200)

"""Every change that a public page can show moves the content version."""

import pytest
from django.db import transaction

from programs.models import Benefit, ContentVersion, GuidePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def benefit(guide):
    return Benefit.objects.first()


def moved(change) -> bool:
    before = ContentVersion.objects.current()
    change()
    return ContentVersion.objects.current() > before


def test_a_save_moves_it(benefit):
    assert moved(benefit.save)


def test_deleting_a_row_moves_it(benefit):
    assert moved(benefit.delete)


def test_deleting_rows_at_once_moves_it(benefit):
    assert moved(Benefit.objects.filter(pk=benefit.pk).delete)


def test_changing_rows_at_once_moves_it(guide):
    assert moved(lambda: GuidePage.objects.filter(key="home").update(is_in_menu=True))


def test_reading_does_not_move_it(benefit):
    assert not moved(benefit.refresh_from_db)


def test_a_change_that_is_rolled_back_does_not_move_it(benefit):
    def change():
        with transaction.atomic():
            benefit.save()
            transaction.set_rollback(True)

    assert not moved(change)

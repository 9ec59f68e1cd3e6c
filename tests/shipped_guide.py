"""The guide as it ships, put back after a test that emptied the tables: its rows are copied, not made once more."""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from programs import bundled_guide
from programs.models import GuidePage

loaded: list[tuple[type[models.Model], list[models.Model]]] = []  # by the first who asked, with all columns


def load():
    """Leave the database with the guide in it."""
    if GuidePage.objects.exists():
        return
    if not loaded:
        bundled_guide.load()
        kinds = apps.get_app_config("programs").get_models()
        loaded.extend((kind, list(models.QuerySet(kind))) for kind in kinds)
        return
    with transaction.atomic():
        for kind, rows in loaded:
            models.QuerySet(kind).bulk_create(rows)
        with connection.cursor() as cursor:
            for reset in connection.ops.sequence_reset_sql(no_style(), [kind for kind, _rows in loaded]):
                cursor.execute(reset)

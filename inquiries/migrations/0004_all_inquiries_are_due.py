from datetime import timedelta

from django.db import migrations
from django.db.models import F

from inquiries.db import triggers


def give_due_times(apps, schema_editor):
    apps.get_model("inquiries", "Inquiry").objects.filter(due_at=None, closed_at=None).update(
        due_at=F("received_at") + timedelta(days=1)
    )


def install_triggers(apps, schema_editor):
    """SQLite dropped them when the last migration rebuilt the table of events."""
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0003_triage_and_erasure")]

    operations = [
        migrations.RunPython(give_due_times, migrations.RunPython.noop),
        migrations.RunPython(install_triggers, migrations.RunPython.noop),
    ]

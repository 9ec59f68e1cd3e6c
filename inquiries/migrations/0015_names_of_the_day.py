import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inquiries.models.events
from inquiries.db import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    """New columns that may be empty: neither database rewrites the table, and older code goes on adding rows."""

    dependencies = [
        ("inquiries", "0014_requests_of_their_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="event", name="actor_name", field=inquiries.models.events.NameOfDay(of="actor")),
        migrations.AddField(
            model_name="event",
            name="account",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.AddField(
            model_name="event", name="account_name", field=inquiries.models.events.NameOfDay(of="account")
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("account__isnull", False)),
                fields=["account", "-id"],
                name="inquiries_event_account",
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import inquiries.models.events
import inquiries.models.outbox


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0011_purge_index"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AlterModelOptions(
            name="event",
            options={"ordering": ["-id"], "verbose_name": "event", "verbose_name_plural": "events of the audit trail"},
        ),
        migrations.AlterField(
            model_name="event",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                help_text="Nobody: the sender, or the system.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
        ),
        migrations.AlterField(
            model_name="event",
            name="detail",
            field=models.CharField(
                blank=True,
                help_text="Codes, such as a stage; never a person's words.",
                max_length=80,
                verbose_name="details",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="fields",
            field=models.CharField(
                blank=True,
                help_text="Names of what changed, with blanks between.",
                max_length=255,
                verbose_name="changed",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="inquiry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="inquiries.inquiry",
                verbose_name="inquiry",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="verb",
            field=models.CharField(choices=inquiries.models.events.verb_choices, max_length=24, verbose_name="action"),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="tries"),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="claimed_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="being sent until"),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="inquiry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="inquiries.inquiry",
                verbose_name="inquiry",
            ),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="kind",
            field=models.CharField(choices=inquiries.models.outbox.kind_choices, max_length=24, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="last_error",
            field=models.CharField(
                blank=True,
                help_text="Class of the error, never the server's words.",
                max_length=80,
                verbose_name="last error",
            ),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="next_try_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="Empty once it was given up.",
                null=True,
                verbose_name="next try",
            ),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="sent"),
        ),
        migrations.AlterField(
            model_name="outboxnotice",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="member of staff",
            ),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0031_mail_choices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LastChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=24)),
                (
                    "events",
                    models.CharField(
                        help_text="Which events an undo takes back, like tried:12,next-set:13.", max_length=80
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("version", models.PositiveIntegerField(help_text="Of the inquiry, once this was done.")),
                ("before", models.TextField(default="{}", help_text="Columns, as JSON.")),
                ("pair", models.TextField(default="{}", help_text="Of two that were linked or told apart, as JSON.")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="last_change", to="inquiries.inquiry"
                    ),
                ),
            ],
        ),
    ]

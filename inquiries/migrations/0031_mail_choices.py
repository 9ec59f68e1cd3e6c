import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_silent(apps, schema_editor):
    """Whoever had said that no mail about inquiries is wanted gets none of the new ones either."""
    choices = apps.get_model("inquiries", "MailChoices")
    none = {"handed_over": False, "new_words": False, "overdue": False, "digest": False}
    refusing = apps.get_model("staff", "User").objects.filter(wants_inquiry_notices=False)
    choices.objects.bulk_create(choices(user=user, **none) for user in refusing)


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0029_stage_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MailChoices",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handed_over",
                    models.BooleanField(
                        db_default=True, default=True, verbose_name="A colleague hands an inquiry over to me"
                    ),
                ),
                (
                    "new_words",
                    models.BooleanField(
                        db_default=True, default=True, verbose_name="New words of the sender of one of mine"
                    ),
                ),
                ("overdue", models.BooleanField(db_default=True, default=True, verbose_name="One of mine is overdue")),
                (
                    "digest",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        verbose_name="Each working morning: how much is new, due, overdue and mine",
                    ),
                ),
                (
                    "digest_on",
                    models.DateField(editable=False, help_text="The last day whose digest was sent.", null=True),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RunPython(keep_silent, migrations.RunPython.noop),
    ]

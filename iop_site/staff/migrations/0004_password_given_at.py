from django.db import migrations, models
from django.db.models.functions import Now


def begin_the_time_of_passwords_given_before(apps, schema_editor):
    apps.get_model("staff", "User").objects.filter(must_choose_password=True).update(password_given_at=Now())


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0003_must_choose_password"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_given_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="password given"),
        ),
        migrations.RunPython(begin_the_time_of_passwords_given_before, migrations.RunPython.noop),
    ]

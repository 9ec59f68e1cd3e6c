from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for the hash of a session key. Sessions of the release before stay as they are: it may still serve."""

    dependencies = [("staff", "0005_owner_told_of_wrong_numbers")]

    operations = [
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.AlterField(
            model_name="session",
            name="session_key",
            field=models.CharField(max_length=64, primary_key=True, serialize=False),
        ),
    ]

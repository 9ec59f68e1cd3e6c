from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0032_last_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="came_by",
            field=models.CharField(
                choices=[
                    ("form", "by the form"),
                    ("phone", "by phone"),
                    ("visit", "in a visit"),
                    ("letter", "by letter"),
                ],
                db_default="form",
                default="form",
                editable=False,
                max_length=6,
                verbose_name="came",
            ),
        ),
        migrations.AlterField(
            model_name="figure",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("phone", "Phone"),
                    ("visit", "Visit"),
                    ("letter", "Letter"),
                    ("started", "Started"),
                    ("contacted", "Contacted"),
                    ("on-time", "On Time"),
                ],
                max_length=9,
            ),
        ),
    ]

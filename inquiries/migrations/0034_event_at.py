from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0033_how_it_came"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-at", "-id"], name="inquiries_event_at"),
        ),
    ]

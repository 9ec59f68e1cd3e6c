import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("inquiries", "0021_left_aside"),
    ]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="claimed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="in hand since"),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="in hand of",
            ),
        ),
    ]

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0015_names_of_the_day"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False), ("erased_at", None)),
                fields=["outcome", "id"],
                name="inquiries_inquiry_outcome",
            ),
        )
    ]

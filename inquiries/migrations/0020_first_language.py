from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0019_words_of_danger"),
    ]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="first_language",
            field=models.CharField(
                editable=False, help_text="What was preferred first, once that was changed.", max_length=5, null=True
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0017_names_of_views_are_sealed"),
    ]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="address_refused_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Empty once the sender wrote again.",
                null=True,
                verbose_name="email address refused",
            ),
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="next_action",
            field=models.CharField(
                blank=True,
                choices=[
                    ("first-contact", "First contact"),
                    ("contact-again", "Contact again"),
                    ("assess", "Do the assessment"),
                    ("paperwork", "Settle referral and insurance"),
                    ("start", "Start the program"),
                    ("wait", "Wait for their answer"),
                    ("answer", "Answer their new words"),
                    ("new-address", "Get an email address that works"),
                ],
                default="first-contact",
                max_length=13,
                verbose_name="next action",
            ),
        ),
    ]

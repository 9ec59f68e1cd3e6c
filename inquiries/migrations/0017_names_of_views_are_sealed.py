import uuid

from django.db import migrations, models

import inquiries.crypto.fields


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0016_outcomes_of_what_is_closed")]

    operations = [
        migrations.AlterModelOptions(
            name="savedview",
            options={
                "default_permissions": (),
                "ordering": ["id"],
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
            },
        ),
        # Without a default at first, or all rows that are there would get the same one.
        migrations.AddField(
            model_name="savedview", name="uid", field=models.UUIDField(editable=False, null=True, unique=True)
        ),
        migrations.AlterField(
            model_name="savedview",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="savedview",
            name="label",
            field=inquiries.crypto.fields.EncryptedTextField(editable=False, null=True),
        ),
    ]

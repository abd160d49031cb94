from django.db import migrations, models

import luukku.privacy.fields


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_tally")]
    operations = [
        # Rows live for two days and only spare a second sending: a new shape begins empty.
        migrations.RunSQL("DELETE FROM workflow_submission", migrations.RunSQL.noop),
        migrations.AlterField("submission", "token", models.UUIDField()),
        migrations.AddField(
            "submission",
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        migrations.AddField(
            "submission", "content", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.AddConstraint(
            "submission",
            models.UniqueConstraint(
                fields=("token", "content"), name="one_submission_per_form_and_content"
            ),
        ),
        migrations.CreateModel(
            name="Typed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_mark", models.CharField(max_length=64)),
                ("token", models.UUIDField()),
                ("page", models.CharField(max_length=1000)),
                ("action", models.CharField(max_length=1000)),
                ("body", luukku.privacy.fields.EncryptedTextField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key_mark", "page", "action"), name="one_typed_per_browser_and_form"
                    )
                ]
            },
        ),
    ]

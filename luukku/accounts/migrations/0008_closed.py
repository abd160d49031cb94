"""The closed accounts, which are few, are known by an index: rights are asked without reading all accounts."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0007_waiting")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("is_active", False)), fields=["id"], name="user_closed"
            ),
        ),
    ]

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guidance", "0005_help_lines")]

    operations = [
        migrations.AddField(
            "helpline",
            "added_on",
            models.DateField(auto_now_add=True, default=datetime.date(2026, 11, 29)),
            preserve_default=False,
        ),
    ]

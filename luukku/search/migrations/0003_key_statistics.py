"""Let the planner know the frequency of more keys: with a hundred it took rare ones for common, and read the table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0002_noted")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE search_document ALTER COLUMN keys SET STATISTICS 1000",
            "ALTER TABLE search_document ALTER COLUMN keys SET STATISTICS -1",
        )
    ]
